package dev.jubal.account.alert;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Credits;
import dev.jubal.account.budget.Plans;
import dev.jubal.account.budget.Spending;
import dev.jubal.account.ledger.Usd;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How the budgets of a team stand, and its credits. A threshold is crossed once in a window: the
 * window's begin and the amount are part of what is told once, so another amount is another budget.
 */
final class BudgetLook {
  private static final double ALL = 100;
  private static final int SHOWN = 128;

  private final BudgetStore budgets;
  private final Credits credits;
  private final Plans plans;
  private final Spending spending;
  private final RefusedBudgets refused;

  BudgetLook(Database database, InstantSource now, RefusedBudgets refused) {
    this.budgets = new BudgetStore(database, now);
    this.credits = new Credits(database, now);
    this.plans = new Plans(database, now);
    this.spending = new Spending(database);
    this.refused = refused;
  }

  List<Observation> look(AlertRule rule, Instant at) {
    List<Budget> all = new ArrayList<>(budgets.list(Optional.of(rule.teamId())));
    credits(rule.teamId(), at).ifPresent(all::add);
    List<Observation> found = new ArrayList<>();
    for (Budget budget : all) {
      Map<String, Double> reached = new HashMap<>();
      Map<String, Long> spent = new HashMap<>();
      for (Spending.Spender s : spenders(rule, budget, at)) {
        if (!s.subject().isEmpty()) { // such as what belongs to no project
          spent.put(s.subject(), s.ticks());
          reached.put(s.subject(), part(s.ticks(), budget.ticks()));
        }
      }
      for (RefusedBudgets.Mark mark : refused.of(budget, at)) {
        long ticks = spent.computeIfAbsent(mark.subject(), subject -> settled(budget, subject, at));
        if (mark.forSpent(ticks)) {
          reached.merge(mark.subject(), ALL, Math::max);
        }
      }
      spent.forEach(
          (subject, ticks) ->
              found.add(
                  observation(
                      rule,
                      budget,
                      new Use(subject, ticks, reached.getOrDefault(subject, 0.0)),
                      at)));
    }
    return found;
  }

  /**
   * How one subject stands.
   *
   * @param reached percent, with 100 for one that is refused
   */
  private record Use(String subject, long ticks, double reached) {}

  private Optional<Budget> credits(String team, Instant at) {
    return plans
        .of(team)
        .filter(plan -> plan.creditsNeeded())
        .map(plan -> Credits.budget(team, credits.sum(team), at));
  }

  private List<Spending.Spender> spenders(AlertRule rule, Budget b, Instant at) {
    if (b.subject().equals(Budget.EACH)) {
      double least = rule.terms().thresholds().getFirst() / ALL;
      return spending.above(
          b.teamId(), b.scope(), b.window(), at, Math.max(1, (long) (b.ticks() * least)));
    }
    return List.of(new Spending.Spender(b.subject(), settled(b, b.subject(), at)));
  }

  private long settled(Budget b, String subject, Instant at) {
    return spending.settled(b.teamId(), b.scope(), subject, b.window(), at);
  }

  private static double part(long spent, long of) {
    return of == 0 ? ALL : ALL * ((double) spent / of);
  }

  private static Observation observation(AlertRule rule, Budget b, Use use, Instant at) {
    Instant start = b.window().start(at);
    Optional<Instant> end = b.window().end(at);
    String item = String.join("/", b.id(), Long.toString(b.ticks()), start.toString(), use.subject);
    String figures =
        Usd.text(use.ticks)
            + " of "
            + Usd.text(b.ticks())
            + " USD"
            + end.map(e -> ", until " + e).orElse("");
    return new Observation(
        rule,
        item,
        OptionalDouble.of(use.reached),
        true,
        end,
        new Observation.Facts(
            b.name() + " of " + whose(b, use.subject),
            AlertRule.number(Math.round(part(use.ticks, b.ticks()) * 10) / 10.0) + " percent",
            figures,
            todo(b, use, end)));
  }

  private static String whose(Budget b, String subject) {
    String clear = subject.replaceAll("\\p{Cntrl}+", " ");
    String shown = clear.length() > SHOWN ? clear.substring(0, SHOWN) + "..." : clear;
    return switch (b.scope()) {
      case TEAM -> "the whole team";
      case PROJECT -> "project " + shown;
      case KEY -> "key " + shown;
      case END_USER -> "end user " + shown;
    };
  }

  private static String todo(Budget b, Use use, Optional<Instant> end) {
    String raise =
        Credits.is(b) ? "Add credits: jubal credit add." : "Change the amount: jubal budget set.";
    String who = " Who spends: jubal budget list, or usage of the billing API.";
    if (!b.hard()) {
      return "Nothing is refused, it only tells. " + raise + who;
    }
    String refuses =
        use.reached >= ALL
            ? "Requests are refused" + end.map(e -> " until " + e).orElse("") + ". "
            : "At 100 percent requests are refused. ";
    return refuses + raise + who;
  }
}
