package dev.jubal.api.management;

import dev.jubal.account.enduser.EndUser;
import dev.jubal.account.enduser.EndUserStore;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.Times;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a team says of the people behind its requests. Ours. */
final class EndUserRoutes {
  private static final String PATH = "/auth/teams/{team_id}/end-users/{end_user_id}";

  private final EndUserStore store;
  private final Places places;
  private final InstantSource now;

  EndUserRoutes(EndUserStore store, Places places, InstantSource now) {
    this.store = store;
    this.places = places;
    this.now = now;
  }

  void register(Routes routes) {
    routes.add(
        Route.get(PATH)
            .access(Access.MANAGEMENT, "end-users:read")
            .summary("Tells what was said of an end user.")
            .gives(EndUserWire.Person.class)
            .handle(this::get));
    routes.add(
        Route.put(PATH)
            .access(Access.MANAGEMENT, "end-users:write")
            .summary("Says all of an end user anew: age group, verified identity, consents.")
            .takes(EndUserWire.Said.class)
            .gives(EndUserWire.Person.class)
            .handle(this::put));
  }

  private void get(Call call, Exchange out) {
    String team = places.team(call).id();
    String id = call.param("end_user_id");
    EndUser found =
        store
            .get(team, id)
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.NOT_FOUND, "Nothing was said of the end user \"" + id + "\"."));
    out.json(200, EndUserWire.Person.of(found));
  }

  private void put(Call call, Exchange out) {
    String team = places.team(call).id();
    EndUserWire.Said said = Bodies.read(call, EndUserWire.Said.class);
    EndUser.AgeGroup age =
        Optional.ofNullable(said.ageGroup())
            .flatMap(EndUser.AgeGroup::of)
            .orElse(EndUser.AgeGroup.UNKNOWN);
    Optional<EndUser.Verification> verified =
        Optional.ofNullable(said.verifiedIdentity()).map(this::verification);
    EndUserStore.Attributes all =
        new EndUserStore.Attributes(age, verified, consents(said.consents()));
    out.json(200, EndUserWire.Person.of(store.put(team, call.param("end_user_id"), all)));
  }

  private EndUser.Verification verification(EndUserWire.Checked checked) {
    String method = Objects.requireNonNull(checked.method());
    if (!method.matches("[a-z0-9._-]{1,64}")) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "verifiedIdentity.method",
          "verifiedIdentity.method: \""
              + method
              + "\" (expected: 1-64 small letters, digits, dots, dashes or underscores).");
    }
    return new EndUser.Verification(
        method, time("verifiedIdentity.verifyTime", checked.verifyTime()));
  }

  private List<EndUser.Consent> consents(@Nullable List<EndUserWire.Agreed> said) {
    List<EndUser.Consent> consents = new ArrayList<>();
    for (EndUserWire.Agreed agreed : said == null ? List.<EndUserWire.Agreed>of() : said) {
      String at = "consents[" + consents.size() + "].";
      consents.add(
          new EndUser.Consent(
              Objects.requireNonNull(agreed.purpose()),
              time(at + "grantTime", agreed.grantTime()),
              Optional.ofNullable(agreed.expireTime()).map(t -> Times.read(at + "expireTime", t))));
    }
    return consents;
  }

  private Instant time(String field, @Nullable String text) {
    return text == null ? now.instant() : Times.read(field, text);
  }
}
