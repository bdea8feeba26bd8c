package dev.jubal.account;

import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.Keyring;
import dev.jubal.account.keys.Refusals;
import dev.jubal.account.keys.SecretText;
import dev.jubal.account.token.ClientToken;
import dev.jubal.account.token.ClientTokens;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.DatabaseException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Station 2: who calls, and whether the key may. Thread-safe; a hot key costs no query. */
public final class Gate {
  private static final String WHERE = "Keys are made on the server with: jubal key create NAME";

  private final Keyring keyring;
  private final ClientTokens tokens;
  private final InstantSource now;

  /**
   * @param tokens knows those made from keys
   */
  public Gate(Keyring keyring, ClientTokens tokens, InstantSource now) {
    this.keyring = keyring;
    this.tokens = tokens;
    this.now = now;
  }

  /**
   * The caller of a secret, or of a token made from one.
   *
   * @throws ApiException 401 for a missing, unknown, revoked or expired key, 403 for a key of a
   *     blocked team, 503 when the database cannot be read
   */
  public Principal authenticate(Optional<String> secret) {
    return caller(secret, false);
  }

  /**
   * As {@link #authenticate}, for threads that may not wait.
   *
   * @return empty where only {@link #authenticate} can tell
   */
  public Optional<Principal> hot(Optional<String> secret) {
    return secret.flatMap(keyring::hot).map(Gate::principal);
  }

  /** As {@link #authenticate}, for calls in which a key of a blocked team is told that it is. */
  public Principal identify(Optional<String> secret) {
    return caller(secret, true);
  }

  private Principal caller(Optional<String> secret, boolean blockedToo) {
    String text = sent(secret);
    return ClientTokens.is(text)
        ? byToken(text, blockedToo)
        : principal(
            reading(() -> blockedToo ? keyring.known(text) : keyring.checked(text))
                .orElseThrow(() -> incorrect(keyring.refusals(), text)));
  }

  /** A token is worth what the key it was made from is worth now, and less. */
  private Principal byToken(String text, boolean blockedToo) {
    ClientToken token =
        tokens
            .open(text)
            .orElseThrow(() -> badToken(Refusals.Reason.UNKNOWN, "is not one of this server"));
    if (!token.expires().isAfter(now.instant())) {
      throw badToken(Refusals.Reason.EXPIRED, "expired at " + token.expires());
    }
    Keyring.Valid key =
        reading(() -> keyring.marked(token.keyId(), token.mark(), blockedToo))
            .orElseThrow(
                () ->
                    badToken(
                        Refusals.Reason.ROTATED, "was made by a secret that its key has no more"));
    return principal(key).by(token);
  }

  private ApiException badToken(Refusals.Reason reason, String why) {
    return keyring
        .refusals()
        .count(
            reason,
            new ApiException(
                ErrorCode.INVALID_API_KEY,
                "The client token "
                    + why
                    + " (expected: a fresh one, made with an API key by POST"
                    + " /v1/client-tokens)."));
  }

  /**
   * Passes unless the caller's token was made for pages of another origin.
   *
   * @param origin as the request's header says
   * @throws ApiException 403
   */
  public void checkOrigin(Principal caller, Optional<String> origin) {
    Optional<String> bound = caller.credential().token().flatMap(ClientToken::origin);
    if (bound.isPresent() && !bound.equals(origin.map(o -> o.toLowerCase(Locale.ROOT)))) {
      throw keyring
          .refusals()
          .count(
              Refusals.Reason.ORIGIN,
              new ApiException(
                  ErrorCode.PERMISSION_DENIED,
                  "The client token was made for pages of "
                      + bound.get()
                      + " and came from "
                      + origin.orElse("none")
                      + " (expected: the header Origin with that value)."));
    }
  }

  /**
   * Passes unless the caller came in by a token.
   *
   * @throws ApiException 403
   */
  public void checkOwner(Principal caller, String what) {
    if (caller.credential().token().isPresent()) {
      throw keyring
          .refusals()
          .count(
              Refusals.Reason.OTHER_KIND,
              new ApiException(
                  ErrorCode.PERMISSION_DENIED,
                  "A client token may not call " + what + " (expected: the API key itself)."));
    }
  }

  private String sent(Optional<String> secret) {
    return secret
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .orElseThrow(() -> absent(keyring.refusals()));
  }

  private static ApiException absent(Refusals refusals) {
    return refusals.count(
        Refusals.Reason.ABSENT,
        new ApiException(
            ErrorCode.INVALID_API_KEY,
            "No API key was sent (expected: the header \"Authorization: Bearer KEY\" or"
                + " \"x-api-key: KEY\"). "
                + WHERE));
  }

  /**
   * The holder of a key as it stands now, for work that goes on without its client.
   *
   * @throws ApiException 401 when the key was revoked or expired, 403 when its team was blocked
   */
  public Principal holder(String keyId) {
    return principal(keyring.holder(keyId));
  }

  private static <T> T reading(Supplier<T> work) {
    try {
      return work.get();
    } catch (DatabaseException e) {
      throw ApiException.unavailable("API keys cannot be checked now.", e);
    }
  }

  private static ApiException incorrect(Refusals refusals, String secret) {
    return refusals.count(
        Refusals.Reason.UNKNOWN,
        new ApiException(
            ErrorCode.INVALID_API_KEY,
            "Incorrect API key provided: "
                + SecretText.masked(secret)
                + " (expected: a key of this server). "
                + WHERE));
  }

  private static Principal principal(Keyring.Valid valid) {
    ApiKey key = valid.key();
    return new Principal(
        key.id(),
        key.name(),
        key.redacted(),
        key.userId(),
        key.teamId(),
        key.acls(),
        valid.team().terms(),
        key.account(),
        new Credential(valid.mark(), Optional.empty()));
  }

  /**
   * Passes when the key may call the endpoint.
   *
   * @throws ApiException 403 that names the missing row
   */
  public void allow(Principal caller, String endpoint) {
    if (!caller.mayCall(endpoint)) {
      throw keyring
          .refusals()
          .count(
              Refusals.Reason.ACL,
              new ApiException(
                  ErrorCode.PERMISSION_DENIED,
                  "The key "
                      + caller.keyName()
                      + " may not call "
                      + endpoint
                      + " (expected: an ACL row api-key:endpoint:"
                      + endpoint
                      + ")."));
    }
  }
}
