package dev.jubal.account.budget;

import dev.jubal.account.Principal;
import dev.jubal.platform.sql.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All budgets and plans as they stood at one version of their rows. Immutable.
 *
 * @param version of the rows
 * @param month they were read in, as credits of plans come and go with it
 * @param looked when what ended of those was looked at
 */
record Terms(
    long version,
    Optional<YearMonth> month,
    Instant looked,
    Map<String, List<Budget>> byTeam,
    Map<String, Budget> byId,
    Map<String, Plan> plans) {
  private static final String VOLUME = "volume:";

  private static final Duration LOOK_AGAIN = Duration.ofHours(1);

  static final Terms NONE =
      new Terms(-1, Optional.empty(), Instant.EPOCH, Map.of(), Map.of(), Map.of());

  /** Whether they are to be read again, of the rows' version of now. */
  boolean outdated(long versionNow, Instant at) {
    return versionNow != version || toLook(at);
  }

  /** When a month has turned, forth or back, and now and then. */
  private boolean toLook(Instant at) {
    return !month.equals(Optional.of(Months.of(at)))
        || Duration.between(looked, at).abs().compareTo(LOOK_AGAIN) >= 0;
  }

  /** Those after these; gives the credits of a month, and takes back those of months that ended. */
  Terms next(Session s, Instant at) {
    boolean look = toLook(at);
    if (look && MonthlyCredits.expire(s, at)) {
      BudgetStore.changed(s); // other servers have read the sum without it
    }
    long version = BudgetStore.version(s);
    Map<String, Plan> plans = Plans.byTeam(s);
    List<Budget> all = new ArrayList<>(BudgetStore.all(s));
    plans.forEach(
        (team, plan) -> {
          MonthlyCredits.give(s, team, plan, at);
          if (plan.creditsNeeded()) {
            all.add(Credits.budget(team, Credits.sum(s, team), at));
          }
          if (!plan.steps().isEmpty()) {
            all.add(volume(team, at));
          }
        });
    Map<String, List<Budget>> byTeam = new HashMap<>();
    Map<String, Budget> byId = new HashMap<>();
    for (Budget b : all) {
      byTeam.computeIfAbsent(b.teamId(), t -> new ArrayList<>()).add(b);
      byId.put(b.id(), b);
    }
    return new Terms(version, Optional.of(Months.of(at)), look ? at : looked, byTeam, byId, plans);
  }

  /** No budget: its counter knows what the team spent this month, which its price depends on. */
  private static Budget volume(String team, Instant at) {
    return new Budget(
        volumeId(team), team, Budget.Scope.TEAM, team, Window.MONTHLY, false, Long.MAX_VALUE, at);
  }

  static String volumeId(String team) {
    return VOLUME + team;
  }

  /** Those that a request falls under. */
  List<Budget> of(Principal who, Optional<String> endUser) {
    List<Budget> found = new ArrayList<>();
    for (Budget b : byTeam.getOrDefault(who.teamId(), List.of())) {
      Optional<String> subject = subject(b.scope(), who, endUser);
      if (subject.isPresent()
          && (b.subject().equals(Budget.EACH) || b.subject().equals(subject.get()))) {
        found.add(b);
      }
    }
    return found;
  }

  /** Who of a scope asks; empty when nobody does. */
  static Optional<String> subject(Budget.Scope scope, Principal who, Optional<String> endUser) {
    return switch (scope) {
      case TEAM -> Optional.of(who.teamId());
      case PROJECT -> who.account().project();
      case KEY -> Optional.of(who.keyId());
      case END_USER -> endUser;
    };
  }
}
