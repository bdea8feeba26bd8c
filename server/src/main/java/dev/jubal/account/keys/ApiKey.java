package dev.jubal.account.keys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key as it is stored: everything but the secret.
 *
 * @param redacted the secret's recognisable ends, such as {@code xai-...b14o}
 * @param expires when it stops being valid
 * @param account what it is limited and billed by
 */
public record ApiKey(
    String id,
    String name,
    String redacted,
    String userId,
    String teamId,
    List<String> acls,
    Instant created,
    Instant modified,
    Optional<Instant> expires,
    boolean disabled,
    Account account) {
  public ApiKey {
    acls = List.copyOf(acls);
  }
}
