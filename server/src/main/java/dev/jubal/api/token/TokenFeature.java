package dev.jubal.api.token;

import dev.jubal.account.Principal;
import dev.jubal.account.keys.Acls;
import dev.jubal.account.token.ClientToken;
import dev.jubal.account.token.ClientTokens;
import dev.jubal.api.EndUserField;
import dev.jubal.api.Feature;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.http.browser.Origin;
import dev.jubal.platform.json.WireReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes tokens. The form of what is asked and answered follows xAI's {@code
 * /v1/realtime/client_secrets}: {@code expires_after.seconds}, {@code value}, {@code expires_at}.
 */
public final class TokenFeature implements Feature {
  private static final String ENDPOINT = "client-tokens";
  private static final int MOST_USER = 512;

  private final ClientTokens tokens;
  private final InstantSource now;
  private final Runnable made;

  /**
   * @param made is told of each
   */
  public TokenFeature(ClientTokens tokens, InstantSource now, Runnable made) {
    this.tokens = tokens;
    this.now = now;
    this.made = made;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/client-tokens")
            .access(Access.OWNER_ENDPOINT, ENDPOINT)
            .summary(
                "Makes a short-lived token for a browser, with no more than the key may do; free of"
                    + " charge.")
            .takes(TokenWire.Create.class)
            .gives(TokenWire.Token.class)
            .handle(this::create));
  }

  private void create(Call call, Exchange out) {
    Principal owner = call.caller(Principal.class);
    TokenWire.Create asked = WireReader.readKnown(call.takeBody(), TokenWire.Create.class);
    ClientToken token =
        new ClientToken(
            owner.keyId(),
            owner.credential().mark(),
            end(asked.expiresAfter()),
            rows(asked, owner),
            user(asked.user()),
            origin(asked.origin()));
    String value = tokens.sign(token);
    made.run();
    out.header("cache-control", "no-store");
    out.json(
        200,
        new TokenWire.Token(
            "client_token",
            value,
            token.expires().getEpochSecond(),
            Acls.within(token.acls(), owner.acls()),
            token.endUser().orElse(null),
            token.origin().orElse(null)));
  }

  private Instant end(TokenWire.@Nullable Lifetime lifetime) {
    Long seconds = lifetime == null ? null : lifetime.seconds();
    Duration valid = seconds == null ? ClientTokens.STANDARD : Duration.ofSeconds(seconds);
    if (valid.compareTo(ClientTokens.LONGEST) > 0) {
      throw new IllegalStateException("the reader let " + valid + " pass");
    }
    return now.instant().truncatedTo(ChronoUnit.SECONDS).plus(valid);
  }

  private static List<String> rows(TokenWire.Create asked, Principal owner) {
    List<String> rows = new ArrayList<>();
    rows.addAll(rows("models", asked.models(), Acls.MODEL, owner::mayUse));
    rows.addAll(rows("endpoints", asked.endpoints(), Acls.ENDPOINT, owner::mayCall));
    if (asked.tools() != null) {
      rows.addAll(rows("tools", asked.tools(), Acls.TOOL, owner::mayOffer));
    }
    return rows;
  }

  /** Rows for names, each of which the key may use; for all of its own where none is named. */
  private static List<String> rows(
      String field, @Nullable List<String> names, String kind, Predicate<String> may) {
    if (names == null) {
      return List.of(kind + "*");
    }
    List<String> rows = new ArrayList<>();
    for (String name : names) {
      String at = field + "[" + rows.size() + "]";
      if (!name.matches("[\\x21-\\x7e]{1,200}")) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            at,
            at + ": \"" + name + "\" (expected: 1-200 printable characters without a space).");
      }
      if (!may.test(name)) {
        throw ApiException.of(
            ErrorCode.PERMISSION_DENIED,
            at,
            at
                + ": \""
                + name
                + "\" (expected: what the key may do itself, by a row "
                + kind
                + name
                + ").");
      }
      rows.add(kind + name);
    }
    return rows.isEmpty() && kind.equals(Acls.TOOL) ? List.of(Acls.TOOL) : rows;
  }

  private static Optional<String> user(@Nullable String user) {
    if (user != null && (user.isBlank() || user.length() > MOST_USER)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "user",
          "user: " + user.length() + " characters (expected: 1-" + MOST_USER + ", not all blank).");
    }
    return EndUserField.of("user", user);
  }

  private static Optional<String> origin(@Nullable String origin) {
    return Optional.ofNullable(origin)
        .map(
            text ->
                Origin.of(text)
                    .orElseThrow(
                        () ->
                            ApiException.of(
                                ErrorCode.INVALID_VALUE,
                                "origin",
                                "origin: \""
                                    + text
                                    + "\" (expected: scheme, host and port, as"
                                    + " https://app.example.com).")));
  }
}
