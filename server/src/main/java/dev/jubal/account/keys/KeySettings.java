package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What may be changed about a key.
 *
 * @param name 1 to 128 printable characters
 * @param acls see {@link Acls}; none of them: it can do nothing
 * @param limits its own, within those of its team
 * @param project the id of a project of its team
 */
public record KeySettings(
    String name,
    List<String> acls,
    Optional<Instant> expires,
    boolean disabled,
    Account.Limits limits,
    Optional<String> project) {
  private static final long MOST = 1_000_000_000_000L;

  public KeySettings {
    acls = List.copyOf(acls);
  }

  /** Those of a new key of that name, without limits of its own. */
  public static KeySettings of(String name, List<String> acls, Optional<Instant> expires) {
    return new KeySettings(name, acls, expires, false, Account.Limits.NONE, Optional.empty());
  }

  public KeySettings withLimits(Account.Limits other) {
    return new KeySettings(name, acls, expires, disabled, other, project);
  }

  public KeySettings withProject(Optional<String> other) {
    return new KeySettings(name, acls, expires, disabled, limits, other);
  }

  /**
   * Passes when all of it is well-formed.
   *
   * @throws ApiException 400 that names the field
   */
  void check() {
    TeamStore.named("key name", name);
    Acls.check(acls);
    check("qps", limits.qps());
    check("qpm", limits.qpm());
    check("tpm", limits.tpm());
  }

  /**
   * Passes when it does not end before it begins.
   *
   * @throws ApiException 400 when it expires at or before that time
   */
  void checkExpiry(Instant at) {
    expires
        .filter(e -> !e.isAfter(at))
        .ifPresent(
            e -> {
              throw ApiException.of(
                  ErrorCode.INVALID_VALUE,
                  "expires",
                  "expires: " + e + " (expected: a time to come).");
            });
  }

  private static void check(String field, OptionalLong limit) {
    if (limit.isPresent() && (limit.getAsLong() < 1 || limit.getAsLong() > MOST)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": " + limit.getAsLong() + " (expected: 1.." + MOST + ", or none).");
    }
  }
}
