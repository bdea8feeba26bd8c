package dev.jubal.account.alert;

import dev.jubal.account.budget.Plans;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.limits.LimitBook;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every rule now and then. What it reads are sums, what it writes is one unique row for
 * each crossing, in one transaction with who is to be told: so each crossing is told once, by
 * whichever node saw it first, and not lost with a process. Thread-safe.
 *
 * <p>However often it is asked to look, it works a twentieth of the time at most.
 */
public final class AlertWatch {
  private static final Logger log = LoggerFactory.getLogger(AlertWatch.class);
  private static final int SHARE = 20;
  private static final Duration FORGET = Duration.ofHours(1);

  private final Parts parts;
  private final AlertBook book;
  private final TeamStore teams;
  private final BudgetLook budgets;
  private final WindowLook windows;
  private final ForecastLook forecasts;
  private final AtomicBoolean looking = new AtomicBoolean();
  private long rest = System.nanoTime();
  private long forget = System.nanoTime();

  /** What it works with. */
  public record Parts(
      Database database,
      InstantSource now,
      AlertStore store,
      UsageMinutes minutes,
      RefusedBudgets refused,
      AlertDelivery delivery,
      ServerMetrics metrics) {}

  /** A watch over all teams of a database. */
  public AlertWatch(Parts parts, LimitBook limits) {
    this.parts = parts;
    this.book = new AlertBook(parts.database(), parts.delivery());
    this.teams = new TeamStore(parts.database());
    this.budgets = new BudgetLook(parts.database(), parts.now(), parts.refused());
    this.windows = new WindowLook(parts.database());
    this.forecasts =
        new ForecastLook(parts.database(), limits, new Plans(parts.database(), parts.now()));
  }

  /** Looks once, unless somebody does; a failure leaves all as it was. */
  public void look() {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    long begun = System.nanoTime();
    try {
      if (begun - rest >= 0) {
        lookNow();
        long took = System.nanoTime() - begun;
        rest = System.nanoTime() + SHARE * took;
        parts
            .metrics()
            .time("jubal.alerts.look", "One look at all alert rules.", Duration.ofNanos(took));
      }
    } catch (DatabaseException e) {
      log.warn("alert rules could not be looked at, and will be again: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.error("alert rules could not be looked at by a defect", e);
    } finally {
      looking.set(false);
    }
  }

  private void lookNow() {
    List<AlertRule> rules = parts.store().all();
    parts
        .minutes()
        .watch(
            rules.stream()
                .filter(r -> r.terms().kind().windowed())
                .map(AlertRule::teamId)
                .collect(Collectors.toSet()));
    parts.minutes().flush();
    parts.refused().forget(parts.now().instant());
    Map<String, List<AlertRule>> byTeam = new LinkedHashMap<>();
    rules.forEach(r -> byTeam.computeIfAbsent(r.teamId(), t -> new ArrayList<>()).add(r));
    boolean told = false;
    for (Map.Entry<String, List<AlertRule>> e : byTeam.entrySet()) {
      Optional<Team> team = teams.get(e.getKey());
      if (team.isPresent()) {
        told |= look(team.get(), e.getValue(), parts.now().instant());
      }
    }
    if (told) {
      parts.delivery().wake();
    }
    if (System.nanoTime() - forget >= 0) {
      forget = System.nanoTime() + FORGET.toNanos();
      parts.minutes().forget();
      book.forget(parts.now().instant());
    }
  }

  private boolean look(Team team, List<AlertRule> rules, Instant at) {
    long reach =
        rules.stream().mapToLong(r -> r.terms().windowMinutes() * (long) reach(r)).max().orElse(0);
    List<UsageMinutes.Sum> minutes =
        reach == 0
            ? List.of()
            : parts.minutes().minutes(team.id(), at.minus(reach, ChronoUnit.MINUTES), at);
    Collection<AlertStore.Crossed> crossed = parts.store().crossed(team.id());
    boolean told = false;
    for (AlertRule rule : rules) {
      List<Observation> seen = seen(rule, team, minutes, at);
      Set<String> known =
          crossed.stream()
              .filter(c -> c.ruleId().equals(rule.id()))
              .map(c -> key(c.item(), c.level()))
              .collect(Collectors.toSet());
      for (Observation o : seen) {
        told |= judge(team, o, known, at);
      }
      if (rule.terms().kind() == AlertRule.Kind.TOKEN_FORECAST) {
        gone(rule, seen, crossed);
      }
    }
    return told;
  }

  /** How many windows back a rule looks. */
  private static int reach(AlertRule rule) {
    return rule.terms().kind() == AlertRule.Kind.TOKEN_FORECAST ? 2 : 1;
  }

  private List<Observation> seen(
      AlertRule rule, Team team, List<UsageMinutes.Sum> minutes, Instant at) {
    return switch (rule.terms().kind()) {
      case BUDGET -> budgets.look(rule, at);
      case TOKEN_FORECAST -> forecasts.look(rule, team, minutes, at);
      case COST_PER_REQUEST, ERROR_RATE, LATENCY, FIRST_TOKEN ->
          windows.look(rule, minutes, at).map(List::of).orElse(List.of());
    };
  }

  /** Tells of the farthest threshold that is newly crossed; the others count as told. */
  private boolean judge(Team team, Observation o, Set<String> known, Instant at) {
    List<Double> levels = o.rule().terms().thresholds();
    List<Double> fresh =
        levels.stream()
            .filter(l -> o.crossed(l) && !known.contains(key(o.item(), AlertRule.number(l))))
            .toList();
    levels.stream()
        .filter(l -> o.over(l) && known.contains(key(o.item(), AlertRule.number(l))))
        .forEach(l -> book.over(o.rule().id(), o.item(), AlertRule.number(l)));
    if (fresh.isEmpty()) {
      return false;
    }
    double farthest = o.rule().terms().kind().falling() ? fresh.getFirst() : fresh.getLast();
    boolean told = book.crossed(team, o, fresh, farthest, at);
    if (told) {
      String kind = o.rule().terms().kind().text();
      parts.metrics().add("jubal.alerts.fired", "Thresholds crossed.", 1, "kind", kind);
      log.warn(
          "alert of team {}: {} {} at {} (threshold {})",
          team.id(),
          kind,
          o.rule().id(),
          o.facts().value(),
          AlertRule.number(farthest));
    }
    return told;
  }

  /** What is not seen any more is over. */
  private void gone(
      AlertRule rule, List<Observation> seen, Collection<AlertStore.Crossed> crossed) {
    Set<String> items = seen.stream().map(Observation::item).collect(Collectors.toSet());
    crossed.stream()
        .filter(c -> c.ruleId().equals(rule.id()) && !items.contains(c.item()))
        .forEach(c -> book.over(rule.id(), c.item(), c.level()));
  }

  private static String key(String item, String level) {
    return level + " " + item;
  }
}
