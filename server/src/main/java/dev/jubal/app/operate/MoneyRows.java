package dev.jubal.app.operate;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Plan;
import dev.jubal.account.budget.Plans;
import dev.jubal.account.budget.Window;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.PriceText;
import dev.jubal.account.ledger.Usd;
import dev.jubal.account.price.PriceStore;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plans, budgets and prices. */
final class MoneyRows {
  private static final Pattern STEP = Pattern.compile("(?<from>[0-9.]+)=(?<permille>[0-9]{1,6})");

  private MoneyRows() {}

  record PlanRows(Database database, InstantSource now) implements Rows {
    @Override
    public String make(Thing plan) {
      new Plans(database, now).put(plan(plan));
      return plan.get("name");
    }

    @Override
    public void change(Thing old, Thing next) {
      new Plans(database, now).put(plan(next));
    }

    @Override
    public void remove(Thing plan) {
      new Plans(database, now).remove(plan.get("name"));
    }

    private static Plan plan(Thing plan) {
      return new Plan(
          plan.get("name"),
          plan.flag("credits_needed"),
          Usd.ticks("monthly_credits", plan.get("monthly_credits")),
          plan.whole("multiplier_permille"),
          Form.items(plan.get("steps")).stream().map(PlanRows::step).toList(),
          plan.get("about"));
    }

    private static Plan.Step step(String text) {
      Matcher m = STEP.matcher(text);
      if (!m.matches()) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "steps",
            "steps: \"" + text + "\" (expected: AMOUNT=PERMILLE, as 1000=950).");
      }
      return new Plan.Step(
          Usd.ticks("steps", m.group("from")), Long.parseLong(m.group("permille")));
    }
  }

  /** Those of a team as a whole or of each of its parts, and those of one project or key. */
  record Budgets(Database database, InstantSource now) implements Rows {
    @Override
    public String make(Thing budget) {
      Thing of = budget.parent();
      BudgetStore.Wanted wanted;
      if (of.kind().equals(Kind.TEAM)) {
        Budget.Scope scope = Budget.Scope.valueOf(budget.get("scope").toUpperCase(Locale.ROOT));
        wanted = wanted(budget, of, scope, subject(budget, scope));
      } else if (of.kind().equals(Kind.KEY)) {
        wanted = wanted(budget, of.parent().parent(), Budget.Scope.KEY, of.id());
      } else {
        wanted = wanted(budget, of.parent(), Budget.Scope.PROJECT, of.id());
      }
      return new BudgetStore(database, now).set(wanted).id();
    }

    private static BudgetStore.Wanted wanted(
        Thing budget, Thing team, Budget.Scope scope, String subject) {
      return new BudgetStore.Wanted(
          team.id(),
          scope,
          subject,
          Window.valueOf(budget.get("window").toUpperCase(Locale.ROOT)),
          budget.flag("hard"),
          Usd.ticks("amount", budget.get("amount")));
    }

    /** Of a budget that stands with a team. */
    private static String subject(Thing budget, Budget.Scope scope) {
      String subject = budget.get("subject");
      boolean right =
          switch (scope) {
            case TEAM -> subject.equals(Form.NOTHING) || subject.equals(Budget.EACH);
            case PROJECT, KEY -> subject.equals(Budget.EACH);
            case END_USER -> !subject.equals(Form.NOTHING);
          };
      if (!right) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "subject",
            "subject: \""
                + subject
                + "\" for the scope "
                + scope.text()
                + " (expected: null for team, \"*\" for project and key, whose own budgets stand"
                + " below them, \"*\" or a name for end_user).");
      }
      return subject.equals(Form.NOTHING) ? budget.parent().id() : subject;
    }

    @Override
    public void change(Thing old, Thing next) {
      make(next);
    }

    @Override
    public void remove(Thing budget) {
      new BudgetStore(database, now).remove(budget.id());
    }
  }

  record Prices(Database database, InstantSource now) implements Rows {
    @Override
    public String make(Thing price) {
      Price.Rate rate =
          new Price.Rate(rate(price, "input"), rate(price, "cached"), rate(price, "output"));
      Price.Rate longRate =
          new Price.Rate(
              rate(price, "long_input"), rate(price, "long_cached"), rate(price, "long_output"));
      if (price.get("source").equals(Price.UNKNOWN)) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "source",
            "source: \"" + Price.UNKNOWN + "\" (expected: where the figure comes from).");
      }
      new PriceStore(database, now)
          .set(
              price.get("model"),
              PriceText.merged(
                  new Price(
                      Instant.parse(price.get("from")),
                      rate,
                      price.whole("long_from"),
                      longRate,
                      price.get("source")),
                  price.maybe("more")));
      return "";
    }

    private static long rate(Thing price, String field) {
      return Form.perToken(price.get(field));
    }

    @Override
    public void change(Thing old, Thing next) {
      make(next);
    }

    @Override
    public void remove(Thing price) {
      new PriceStore(database, now).remove(price.get("model"), Instant.parse(price.get("from")));
    }
  }
}
