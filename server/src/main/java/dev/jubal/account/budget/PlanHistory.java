package dev.jubal.account.budget;

import dev.jubal.platform.sql.Session;
import java.time.Instant;
import java.util.Optional;

/** The rows that say which plan a team had from when on: a month is billed by that of its end. */
final class PlanHistory {
  private PlanHistory() {}

  /** A team pays by another plan, or its plan says something else. */
  static void changed(Session s, String teamId, Plan old, Plan next, Instant at) {
    if (old.name().equals(next.name()) && old.creditsNeeded() == next.creditsNeeded()) {
      return;
    }
    if (creditsNeeded(s, teamId, at).isEmpty()) {
      write(s, teamId, old, Instant.EPOCH);
    }
    // those of the same moment, and of a clock that was ahead
    s.update("DELETE FROM team_plan WHERE team_id = ? AND from_us >= ?", teamId, at);
    write(s, teamId, next, at);
  }

  private static void write(Session s, String teamId, Plan plan, Instant from) {
    s.update(
        "INSERT INTO team_plan (team_id, from_us, plan, credits_needed) VALUES (?, ?, ?, ?)",
        teamId,
        from,
        plan.name(),
        plan.creditsNeeded());
  }

  /** Whether a team needed credits just before a moment; empty where no change is known. */
  static Optional<Boolean> creditsNeeded(Session s, String teamId, Instant before) {
    return s.first(
        "SELECT credits_needed FROM team_plan WHERE team_id = ? AND from_us < ?"
            + " ORDER BY from_us DESC LIMIT 1",
        row -> row.flag("credits_needed"),
        teamId,
        before);
  }
}
