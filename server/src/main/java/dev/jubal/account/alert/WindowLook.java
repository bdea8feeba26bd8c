package dev.jubal.account.alert;

import dev.jubal.account.ledger.UsageReader;
import dev.jubal.account.ledger.Usd;
import dev.jubal.platform.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How the requests of the last minutes stand: their errors, times and cost. */
final class WindowLook {
  private static final double ALL = 100;
  private static final double PART = 0.95;
  private static final Duration BASE = Duration.ofDays(7);

  private final UsageReader usage;
  private final Map<String, Base> bases = new ConcurrentHashMap<>();

  WindowLook(Database database) {
    this.usage = new UsageReader(database);
  }

  /** What requests cost before the window; of a model it changes with the hour alone. */
  private record Base(String model, Instant until, long requests, long costTicks) {
    boolean of(String otherModel, Instant otherUntil) {
      return model.equals(otherModel) && until.equals(otherUntil);
    }
  }

  /** All of a window together. */
  private record Sums(
      long requests, long failures, long costTicks, Times latencies, Times firstTokens) {
    static Sums of(AlertRule rule, List<UsageMinutes.Sum> minutes, Instant after) {
      long requests = 0;
      long failures = 0;
      long cost = 0;
      Times latencies = new Times();
      Times firstTokens = new Times();
      for (UsageMinutes.Sum m : minutes) {
        if (m.start().isAfter(after) && counts(rule, m.model())) {
          requests += m.requests();
          failures += m.failures();
          cost += m.costTicks();
          latencies.add(m.latencies());
          firstTokens.add(m.firstTokens());
        }
      }
      return new Sums(requests, failures, cost, latencies, firstTokens);
    }
  }

  static boolean counts(AlertRule rule, String model) {
    return rule.terms().model().equals(AlertRule.EVERY_MODEL) || rule.terms().model().equals(model);
  }

  /**
   * How a rule stands; empty where there are too few requests to say, so that nothing changes.
   *
   * @param minutes of the team, of the rule's window at least
   */
  Optional<Observation> look(AlertRule rule, List<UsageMinutes.Sum> minutes, Instant at) {
    Instant after = at.minus(rule.terms().windowMinutes(), ChronoUnit.MINUTES);
    Sums sums = Sums.of(rule, minutes, after);
    if (sums.requests == 0) {
      return Optional.of(Observation.quiet(rule));
    }
    if (sums.requests < rule.terms().minRequests()) {
      return Optional.empty();
    }
    return switch (rule.terms().kind()) {
      case ERROR_RATE -> Optional.of(errors(rule, sums));
      case LATENCY -> Optional.of(time(rule, sums.latencies, "Time to the end"));
      case FIRST_TOKEN ->
          sums.firstTokens.count() < rule.terms().minRequests()
              ? Optional.empty()
              : Optional.of(time(rule, sums.firstTokens, "Time to the first token"));
      case COST_PER_REQUEST -> cost(rule, sums, after);
      case BUDGET, TOKEN_FORECAST -> Optional.empty();
    };
  }

  private static Observation errors(AlertRule rule, Sums sums) {
    double part = ALL * ((double) sums.failures / sums.requests);
    return Observation.of(
        rule,
        part,
        new Observation.Facts(
            "Failed requests" + of(rule),
            value(rule, part),
            sums.failures + " of " + sums.requests + " requests" + within(rule),
            "See jubal_http_requests_seconds by status, the log by request id, and jubal doctor: an"
                + " engine that crashes, weights that do not load, or a full queue."));
  }

  private static Observation time(AlertRule rule, Times times, String what) {
    double millis = times.percentile(PART);
    return Observation.of(
        rule,
        millis,
        new Observation.Facts(
            what + ", 95th percentile" + of(rule),
            Math.round(millis) + " ms",
            times.count() + " requests" + within(rule),
            "See jubal_queue_waiting and jubal_engine_busy_slots: give the engine more slots or"
                + " another machine, limit who floods it (jubal limit set), or use smaller"
                + " weights."));
  }

  private Optional<Observation> cost(AlertRule rule, Sums sums, Instant after) {
    Base base = base(rule, after);
    if (base.requests < rule.terms().minRequests() || base.costTicks == 0) {
      return Optional.empty();
    }
    double mean = (double) sums.costTicks / sums.requests;
    double before = (double) base.costTicks / base.requests;
    double times = mean / before;
    return Optional.of(
        Observation.of(
            rule,
            times,
            new Observation.Facts(
                "Cost of a request" + of(rule),
                value(rule, times),
                Usd.text(Math.round(mean))
                    + " USD on average"
                    + within(rule)
                    + ", "
                    + Usd.text(Math.round(before))
                    + " USD in the seven days before",
                "See which key and model cost it (usage of the billing API, grouped by api_key_id),"
                    + " and set a budget for it: jubal budget set TEAM USD --key ID.")));
  }

  private Base base(AlertRule rule, Instant after) {
    Instant until = after.truncatedTo(ChronoUnit.HOURS);
    return bases.compute(
        rule.id(),
        (id, last) ->
            last != null && last.of(rule.terms().model(), until) ? last : read(rule, until));
  }

  private Base read(AlertRule rule, Instant until) {
    long requests = 0;
    long cost = 0;
    for (UsageReader.Line line :
        usage.lines(
            new UsageReader.Question(
                rule.teamId(),
                until.minus(BASE),
                until,
                UsageReader.Unit.HOUR,
                List.of(UsageReader.By.MODEL)))) {
      if (counts(rule, line.group().getFirst())) {
        requests += line.requests();
        cost += line.costTicks();
      }
    }
    return new Base(rule.terms().model(), until, requests, cost);
  }

  private static String value(AlertRule rule, double value) {
    return String.format(Locale.ROOT, "%.1f %s", value, rule.terms().kind().unit());
  }

  private static String of(AlertRule rule) {
    return rule.terms().model().equals(AlertRule.EVERY_MODEL) ? "" : " of " + rule.terms().model();
  }

  private static String within(AlertRule rule) {
    return " in " + rule.terms().windowMinutes() + " minutes";
  }
}
