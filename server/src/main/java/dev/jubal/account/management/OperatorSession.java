package dev.jubal.account.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who signed in by an identity provider.
 *
 * @param name for people to read
 * @param groups what somebody was a member of, as far as it means something here
 * @param ended when somebody signed out, or was signed out
 */
public record OperatorSession(
    String id,
    String issuer,
    String subject,
    String name,
    List<String> groups,
    Instant created,
    Instant expires,
    Optional<Instant> ended) {
  public OperatorSession {
    groups = List.copyOf(groups);
  }

  /** Whether it holds at that time. */
  public boolean holds(Instant at) {
    return ended.isEmpty() && expires.isAfter(at);
  }
}
