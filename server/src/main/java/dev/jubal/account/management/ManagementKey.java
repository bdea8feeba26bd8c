package dev.jubal.account.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A management key as it is stored: everything but the secret.
 *
 * @param redacted the secret's recognisable ends, such as {@code xai-token-...b14o}
 * @param teamId the one team it manages; empty for all of them
 * @param acls see {@link Rights}
 */
public record ManagementKey(
    String id,
    String name,
    String redacted,
    Optional<String> teamId,
    List<String> acls,
    Instant created,
    Instant modified,
    Optional<Instant> expires,
    boolean disabled) {
  public ManagementKey {
    acls = List.copyOf(acls);
  }

  /** Whether it has ended by then. */
  public boolean expired(Instant at) {
    return expires.filter(e -> !e.isAfter(at)).isPresent();
  }
}
