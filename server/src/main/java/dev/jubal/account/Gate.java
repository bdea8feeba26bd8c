package dev.jubal.account;

import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.Keyring;
import dev.jubal.account.keys.Refusals;
import dev.jubal.account.keys.SecretText;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Station 2: who calls, and whether the key may. Thread-safe; a hot key costs no query. */
public final class Gate {
  private static final String WHERE = "Keys are made on the server with: jubal key create NAME";

  private final Keyring keyring;

  public Gate(Keyring keyring) {
    this.keyring = keyring;
  }

  /**
   * The caller of a secret.
   *
   * @throws ApiException 401 for a missing, unknown, revoked or expired key, 403 for a key of a
   *     blocked team, 503 when the database cannot be read
   */
  public Principal authenticate(Optional<String> secret) {
    String text = sent(secret);
    return principal(
        reading(() -> keyring.checked(text))
            .orElseThrow(() -> incorrect(keyring.refusals(), text)));
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
    String text = sent(secret);
    return principal(
        reading(() -> keyring.known(text)).orElseThrow(() -> incorrect(keyring.refusals(), text)));
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
      throw new ApiException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "API keys cannot be checked now.",
          null,
          Duration.ofSeconds(1),
          e);
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
        key.account());
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
