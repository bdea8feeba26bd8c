package dev.jubal.account.alert;

import dev.jubal.account.budget.Plan;
import dev.jubal.account.budget.Plans;
import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.Team;
import dev.jubal.account.ledger.UsageReader;
import dev.jubal.account.limits.LimitBook;
import dev.jubal.account.limits.Limits;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Scope;
import dev.jubal.platform.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * When limits of tokens will be used up: that of a day if every minute were like the busiest of the
 * window, that of a minute if the busiest one goes on to grow as it grew since the window before.
 */
final class ForecastLook {
  private static final Duration DAY = Duration.ofDays(1);

  private final LimitBook limits;
  private final Plans plans;
  private final UsageReader usage;

  ForecastLook(Database database, LimitBook limits, Plans plans) {
    this.limits = limits;
    this.plans = plans;
    this.usage = new UsageReader(database);
  }

  /**
   * What a team used of one name, or of all.
   *
   * @param peak tokens of the busiest minute of the window
   * @param before those of the window before
   */
  private record Load(long requests, long peak, long before, long day) {}

  List<Observation> look(AlertRule rule, Team team, List<UsageMinutes.Sum> minutes, Instant at) {
    Map<String, Long> day = day(rule.teamId(), at);
    Account account =
        new Account(
            team.tier(),
            plans.of(team.id()).map(Plan::name).orElse(Account.USUAL.plan()),
            Optional.empty(),
            Account.Limits.NONE);
    List<Observation> found = new ArrayList<>();
    for (String model : day.keySet().stream().sorted().toList()) {
      if (WindowLook.counts(rule, model)) {
        Limits most = limits.of(team.id(), account, model);
        Load load = load(rule, minutes, at, model, day.getOrDefault(model, 0L));
        found.addAll(of(rule, most.most().getOrDefault(Scope.MODEL, Map.of()), load, model));
      }
    }
    if (rule.terms().model().equals(AlertRule.EVERY_MODEL)) {
      Limits most = limits.of(team.id(), account, AlertRule.EVERY_MODEL);
      long all = day.values().stream().mapToLong(Long::longValue).sum();
      Load load = load(rule, minutes, at, AlertRule.EVERY_MODEL, all);
      found.addAll(
          of(rule, most.most().getOrDefault(Scope.TEAM, Map.of()), load, AlertRule.EVERY_MODEL));
    }
    return found;
  }

  /** Tokens of the last day by name; the hour in which it began counts whole. */
  private Map<String, Long> day(String team, Instant at) {
    Map<String, Long> day = new HashMap<>();
    for (UsageReader.Line line :
        usage.lines(
            new UsageReader.Question(
                team,
                at.minus(DAY),
                at.plusNanos(1000),
                UsageReader.Unit.HOUR,
                List.of(UsageReader.By.MODEL)))) {
      day.merge(line.group().getFirst(), line.usage().total(), Long::sum);
    }
    return day;
  }

  private static Load load(
      AlertRule rule, List<UsageMinutes.Sum> minutes, Instant at, String model, long day) {
    Instant after = at.minus(rule.terms().windowMinutes(), ChronoUnit.MINUTES);
    Map<Instant, Long> tokens = new HashMap<>();
    long requests = 0;
    for (UsageMinutes.Sum m : minutes) {
      if (model.equals(AlertRule.EVERY_MODEL) || model.equals(m.model())) {
        tokens.merge(m.start(), m.tokens(), Long::sum);
        requests += m.start().isAfter(after) ? m.requests() : 0;
      }
    }
    long peak = 0;
    long before = 0;
    for (Map.Entry<Instant, Long> e : tokens.entrySet()) {
      if (e.getKey().isAfter(after)) {
        peak = Math.max(peak, e.getValue());
      } else {
        before = Math.max(before, e.getValue());
      }
    }
    return new Load(requests, peak, before, day);
  }

  private static List<Observation> of(
      AlertRule rule, Map<Quota, Long> most, Load load, String model) {
    List<Observation> found = new ArrayList<>();
    if (load.requests < rule.terms().minRequests()) {
      return found; // it is over: nobody uses it
    }
    Long minute = most.get(Quota.TOKENS_PER_MINUTE);
    if (minute != null) {
      double left = minuteLeft(minute, load, rule.terms().windowMinutes());
      found.add(observation(rule, Quota.TOKENS_PER_MINUTE, left, minute, load, model));
    }
    Long day = most.get(Quota.TOKENS_PER_DAY);
    if (day != null && load.peak > 0) {
      double left = Math.max(0, (double) (day - load.day) / load.peak);
      found.add(observation(rule, Quota.TOKENS_PER_DAY, left, day, load, model));
    }
    return found;
  }

  private static double minuteLeft(long most, Load load, int window) {
    if (load.peak >= most) {
      return 0;
    }
    double growth = load.before == 0 ? 0 : (double) (load.peak - load.before) / window;
    return growth <= 0 ? Double.POSITIVE_INFINITY : (most - load.peak) / growth;
  }

  private static Observation observation(
      AlertRule rule, Quota quota, double left, long most, Load load, String model) {
    String of = model.equals(AlertRule.EVERY_MODEL) ? "the whole team" : model;
    String used =
        quota == Quota.TOKENS_PER_DAY
            ? load.day + " of " + most + " tokens used in a day, "
            : "limit " + most + " tokens, ";
    return new Observation(
        rule,
        quota.id() + "/" + model,
        OptionalDouble.of(left),
        false,
        Optional.empty(),
        new Observation.Facts(
            quota.id() + " of " + of + " will be used up",
            Math.round(left) + " minutes",
            used
                + load.peak
                + " in the busiest minute of the last "
                + rule.terms().windowMinutes()
                + ", "
                + load.before
                + " of those before",
            "Raise it (jubal limit set "
                + quota.id()
                + " N --team TEAM) or the tier (jubal team set TEAM --tier NAME), or spread the"
                + " load."));
  }
}
