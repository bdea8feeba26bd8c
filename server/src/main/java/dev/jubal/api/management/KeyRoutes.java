package dev.jubal.api.management;

import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.KeySettings;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.Keyring;
import dev.jubal.account.management.Manager;
import dev.jubal.platform.config.Durations;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.Times;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** API keys: made, listed, changed, rotated, deleted. */
final class KeyRoutes {
  private static final String OF_TEAM = "/auth/teams/{team_id}/api-keys";
  private static final String ONE = "/auth/api-keys/{api_key_id}";
  private static final String READ = "api-keys:read";
  private static final String WRITE = "api-keys:write";
  private static final int MOST = 100;

  private final KeyStore keys;
  private final Places places;
  private final InstantSource now;

  KeyRoutes(KeyStore keys, Places places, InstantSource now) {
    this.keys = keys;
    this.places = places;
    this.now = now;
  }

  void register(Routes routes) {
    routes.add(
        Route.post(OF_TEAM)
            .access(Access.MANAGEMENT, WRITE)
            .summary("Makes an API key; its secret is in this answer and never again.")
            .takes(KeyWire.Create.class)
            .gives(KeyWire.Key.class)
            .handle(this::create));
    routes.add(
        Route.get(OF_TEAM)
            .access(Access.MANAGEMENT, READ)
            .summary("Lists a team's API keys, oldest first, without deleted ones.")
            .query("pageSize", "at most so many, 1 to 100 (the default)")
            .query("paginationToken", "goes on where the page that gave it ended")
            .gives(KeyWire.Page.class)
            .handle(this::list));
    routes.add(
        Route.post(ONE + "/rotate")
            .access(Access.MANAGEMENT, WRITE)
            .summary("Gives a key another secret; its id, rows and limits stay.")
            .query("gracePeriod", "how long earlier secrets stay valid, such as 1h (default 0s)")
            .gives(KeyWire.Key.class)
            .handle(this::rotate));
    routes.add(
        Route.get(ONE + "/propagation")
            .access(Access.MANAGEMENT, READ)
            .summary("Says where the latest change of a key holds.")
            .gives(KeyWire.Propagation.class)
            .handle(this::propagation));
    routes.add(
        Route.put(ONE)
            .access(Access.MANAGEMENT, WRITE)
            .summary("Changes the fields of a key that the mask names.")
            .takes(KeyWire.Update.class)
            .gives(KeyWire.Key.class)
            .handle(this::update));
    routes.add(
        Route.delete(ONE)
            .access(Access.MANAGEMENT, WRITE)
            .summary("Deletes a key for good.")
            .gives(KeyWire.Empty.class)
            .handle(this::delete));
  }

  private void create(Call call, Exchange out) {
    String team = places.team(call).id();
    KeyWire.Create asked = Bodies.read(call, KeyWire.Create.class);
    KeySettings settings =
        KeySettings.of(
                Objects.requireNonNull(asked.name()),
                asked.acls() == null ? List.of() : asked.acls(),
                Optional.ofNullable(asked.expireTime()).map(t -> Times.read("expireTime", t)))
            .withLimits(
                new Account.Limits(
                    Bodies.whole("qps", asked.qps()),
                    Bodies.whole("qpm", asked.qpm()),
                    Bodies.whole("tpm", asked.tpm())))
            .withProject(Optional.ofNullable(asked.projectId()));
    KeyStore.Owner owner =
        new KeyStore.Owner(Optional.of(team), Optional.ofNullable(asked.userId()));
    out.json(200, KeyWire.Key.of(keys.create(settings, owner)));
  }

  private void list(Call call, Exchange out) {
    String team = places.team(call).id();
    int size = call.query("pageSize").map(KeyRoutes::size).orElse(MOST);
    Optional<KeyStore.After> after =
        call.query("paginationToken").filter(t -> !t.isEmpty()).map(KeyRoutes::after);
    List<ApiKey> found = keys.page(team, after, size + 1);
    List<ApiKey> shown = found.subList(0, Math.min(size, found.size()));
    String next = found.size() > size ? token(shown.getLast()) : null;
    out.json(200, new KeyWire.Page(shown.stream().map(KeyWire.Key::of).toList(), next));
  }

  private static int size(String text) {
    if (!text.matches("[0-9]{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MOST) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "pageSize",
          "pageSize: \"" + text + "\" (expected: 1 to " + MOST + ").");
    }
    return Integer.parseInt(text);
  }

  private static String token(ApiKey last) {
    String place = ChronoUnit.MICROS.between(Instant.EPOCH, last.created()) + " " + last.id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(place.getBytes(StandardCharsets.US_ASCII));
  }

  private static KeyStore.After after(String token) {
    try {
      String place = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
      int space = place.indexOf(' ');
      if (space > 0) {
        long micros = Long.parseLong(place.substring(0, space));
        return new KeyStore.After(
            Instant.EPOCH.plus(micros, ChronoUnit.MICROS), place.substring(space + 1));
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw badToken();
    }
    throw badToken();
  }

  private static ApiException badToken() {
    return ApiException.of(
        ErrorCode.INVALID_VALUE,
        "paginationToken",
        "paginationToken is none of this server (expected: that of the page before).");
  }

  private void update(Call call, Exchange out) {
    ApiKey key = key(call);
    KeyWire.Update asked = Bodies.read(call, KeyWire.Update.class);
    out.json(200, KeyWire.Key.of(keys.update(key.id(), KeyPatch.of(asked))));
  }

  private void delete(Call call, Exchange out) {
    keys.revoke(key(call).id());
    out.json(200, new KeyWire.Empty());
  }

  private void rotate(Call call, Exchange out) {
    ApiKey key = key(call);
    Duration grace = call.query("gracePeriod").map(KeyRoutes::grace).orElse(Duration.ZERO);
    out.json(200, KeyWire.Key.of(keys.rotate(key.id(), grace)));
  }

  private static Duration grace(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "gracePeriod",
          "gracePeriod: \"" + text + "\" (expected: " + e.getMessage() + ").");
    }
  }

  /** Every node reads the same rows and remembers them for {@link Keyring#FRESH} at most. */
  private void propagation(Call call, Exchange out) {
    Instant settled = key(call).modified().plus(Keyring.FRESH);
    boolean holds = !settled.isAfter(now.instant());
    Map<String, Boolean> nodes = new LinkedHashMap<>();
    nodes.put("self", holds);
    keys.otherNodes().forEach(id -> nodes.put(id, holds));
    out.json(200, new KeyWire.Propagation(nodes, Times.text(settled)));
  }

  private ApiKey key(Call call) {
    Manager caller = call.caller(Manager.class);
    String id = call.param("api_key_id");
    return keys.get(id)
        .filter(k -> k.deleted().isEmpty() && caller.manages(k.teamId()))
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND,
                    "There is no API key \""
                        + id
                        + "\" that this management key manages (expected: an apiKeyId)."));
  }
}
