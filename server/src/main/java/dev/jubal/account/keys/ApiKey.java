package dev.jubal.account.keys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key as it is stored: everything but the secret.
 *
 * @param redacted the secret's recognisable ends, such as {@code xai-...b14o}
 * @param expires when it stops being valid
 * @param disabled whether it is refused, until it is enabled again
 * @param deleted when it was revoked for good
 * @param account what it is limited and billed by
 * @param team what holds for its team
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
    Optional<Instant> deleted,
    Account account,
    TeamPolicy team) {
  public ApiKey {
    acls = List.copyOf(acls);
  }

  /** What an operator may change about it. */
  public KeySettings settings() {
    return new KeySettings(name, acls, expires, disabled, account.own(), account.project());
  }

  /** Whether a request with it is refused, and as what a list shows it. */
  public State state(Instant at) {
    if (deleted.isPresent()) {
      return State.REVOKED;
    }
    if (disabled) {
      return State.DISABLED;
    }
    if (expires.filter(e -> !e.isAfter(at)).isPresent()) {
      return State.EXPIRED;
    }
    return team.blocked() ? State.BLOCKED : State.VALID;
  }

  /** How a key stands. */
  public enum State {
    VALID,
    EXPIRED,
    DISABLED,
    REVOKED,
    BLOCKED
  }
}
