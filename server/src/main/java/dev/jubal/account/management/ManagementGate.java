package dev.jubal.account.management;

import dev.jubal.account.keys.Refusals;
import dev.jubal.account.keys.SecretText;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.DatabaseException;
import java.time.InstantSource;

/** Who calls with a management key, and whether it may. Nothing is cached. Thread-safe. */
public final class ManagementGate {
  private static final String WHERE =
      "Management keys are made on the server with: jubal management-key create NAME";

  private final ManagementStore store;
  private final InstantSource now;
  private final Refusals refusals;

  public ManagementGate(ManagementStore store, InstantSource now, Refusals refusals) {
    this.store = store;
    this.now = now;
    this.refusals = refusals;
  }

  /**
   * The caller of a secret.
   *
   * @throws ApiException 401 for an unknown, revoked or expired key, 503 when the database cannot
   *     be read
   */
  public Manager authenticate(String secret) {
    ManagementKey key = find(secret);
    if (key.disabled()) {
      throw refused(Refusals.Reason.DISABLED, key, "is revoked");
    }
    if (key.expired(now.instant())) {
      throw refused(Refusals.Reason.EXPIRED, key, "has expired");
    }
    return new Manager(key);
  }

  private ManagementKey find(String secret) {
    try {
      return store
          .find(secret)
          .orElseThrow(
              () ->
                  refusals.count(
                      Refusals.Reason.UNKNOWN,
                      new ApiException(
                          ErrorCode.INVALID_API_KEY,
                          "Incorrect management key provided: "
                              + SecretText.masked(secret)
                              + " (expected: one of this server). "
                              + WHERE)));
    } catch (DatabaseException e) {
      throw ApiException.unavailable("Management keys cannot be checked now.", e);
    }
  }

  private ApiException refused(Refusals.Reason reason, ManagementKey key, String why) {
    return refusals.count(
        reason,
        new ApiException(
            ErrorCode.INVALID_API_KEY,
            "The management key " + key.redacted() + " " + why + ". " + WHERE));
  }

  /**
   * Passes when the key's rows name a right.
   *
   * @throws ApiException 403 that names the missing row
   */
  public void allow(Manager caller, String right) {
    if (!Rights.hold(caller.key().acls(), right)) {
      throw refusals.count(
          Refusals.Reason.ACL,
          new ApiException(
              ErrorCode.PERMISSION_DENIED,
              "The management key "
                  + caller.key().name()
                  + " lacks the right "
                  + right
                  + " (expected: an ACL row "
                  + right
                  + ")."));
    }
  }

  /** The error for a management key where an API key is needed. */
  public ApiException notAnApiKey(Manager caller, String what) {
    return refusals.count(
        Refusals.Reason.OTHER_KIND,
        new ApiException(
            ErrorCode.PERMISSION_DENIED,
            caller.key().redacted()
                + " is a management key, and "
                + what
                + " takes API keys (expected: a key of jubal key create or of POST"
                + " /auth/teams/{team_id}/api-keys)."));
  }

  /** The error for an API key where a management key is needed. */
  public ApiException notAManagementKey(String redacted, String what) {
    return refusals.count(
        Refusals.Reason.OTHER_KIND,
        new ApiException(
            ErrorCode.PERMISSION_DENIED,
            redacted
                + " is an API key, and "
                + what
                + " takes management keys (expected: xai-token-...). "
                + WHERE));
  }
}
