package dev.jubal.account.limits;

import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a caller is told of a limit. */
final class Refusals {
  private Refusals() {}

  static ApiException unreadable(DatabaseException cause) {
    return ApiException.unavailable("Limits cannot be read now.", cause);
  }

  /** Whose limit it is; without anything a client named, as it goes into headers and rows. */
  static String shown(Scope scope, Demand demand) {
    String team = "team " + demand.principal().teamId();
    return switch (scope) {
      case TEAM -> team;
      case MODEL -> team + " and model " + demand.model();
      case KEY -> "key " + demand.principal().redactedKey();
      case USER -> "this end user of " + team;
    };
  }

  static Bound bound(String whose, Meter.Shortage s, Optional<String> more) {
    return new Bound(
        s.quota().id(),
        whose,
        Bound.Figure.of(s.most()),
        Bound.Figure.of(s.used()),
        Bound.Figure.of(s.asked()),
        s.quota().unit(),
        s.never() || s.free().isEmpty()
            ? Optional.empty()
            : Optional.of(Duration.ofNanos(s.free().getAsLong())),
        more);
  }

  /** Other nodes could not be asked for more: the answer ends at what there is. */
  static Bound unasked(String whose, Meter.Poor poor) {
    return new Bound(
        poor.quota().id(),
        whose,
        Bound.Figure.of(0),
        Bound.Figure.of(0),
        Bound.Figure.of(0),
        poor.quota().unit(),
        Optional.empty(),
        Optional.of("what other nodes have of it cannot be asked now"));
  }

  /** What would have passed, and the tier that allows more. */
  static Optional<String> more(Demand demand, Limits found, Scope scope, Meter.Shortage s) {
    List<String> said = new ArrayList<>();
    if (s.quota().tokens()) {
      said.add(passes(demand.tokens(), Math.max(0, s.most() - s.used()), "now"));
      if (s.never() && s.used() > 0) {
        said.add(passes(demand.tokens(), s.most(), "ever"));
      }
    }
    if (s.quota() == Quota.CONCURRENT_REQUESTS) {
      said.add("one passes when another ends");
    }
    next(found, scope, s.quota()).ifPresent(said::add);
    return said.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", said));
  }

  private static String passes(Demand.Tokens asked, long room, String when) {
    return room > asked.prompt()
        ? "with this prompt of at most "
            + asked.prompt()
            + " tokens an answer of at most "
            + (room - asked.prompt())
            + " passes "
            + when
        : "a prompt and answer of at most " + room + " tokens together pass " + when;
  }

  /** The tier above, where it allows more. */
  static Optional<String> next(Limits found, Scope scope, Quota quota) {
    return found
        .next()
        .filter(n -> n.of(scope, quota).isPresent())
        .map(n -> n.tier() + allows(n.of(scope, quota).getAsLong()));
  }

  private static String allows(long most) {
    return most == Rule.NONE ? " has no such limit" : " allows " + most;
  }
}
