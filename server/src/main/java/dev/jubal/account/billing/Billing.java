package dev.jubal.account.billing;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Credits;
import dev.jubal.account.budget.Months;
import dev.jubal.account.budget.Plan;
import dev.jubal.account.budget.Plans;
import dev.jubal.account.budget.Spending;
import dev.jubal.account.budget.Window;
import dev.jubal.account.ledger.UsageReader;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What teams owe and paid, from the ledger itself. Thread-safe. */
public final class Billing {
  private static final Instant END_OF_TIME =
      Instant.EPOCH.plus(Long.MAX_VALUE, ChronoUnit.MICROS); // as it is stored

  private final Database database;
  private final InstantSource now;
  private final UsageReader usage;
  private final Credits credits;
  private final BudgetStore budgets;
  private final Plans plans;

  public Billing(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
    this.usage = new UsageReader(database);
    this.credits = new Credits(database, now);
    this.budgets = new BudgetStore(database, now);
    this.plans = new Plans(database, now);
  }

  /** Where bills go; nothing of it is checked. */
  public record Info(
      String name, String address, String email, String taxIdType, String taxNumber) {
    static final Info NONE = new Info("", "", "", "", "");
  }

  /** Where a team's bills go. */
  public Info info(String teamId) {
    return database
        .read(s -> s.first("SELECT * FROM billing_info WHERE team_id = ?", Billing::info, teamId))
        .orElse(Info.NONE);
  }

  private static Info info(Row row) throws SQLException {
    return new Info(
        row.text("name"),
        row.text("address"),
        row.text("email"),
        row.text("tax_id_type"),
        row.text("tax_number"));
  }

  /** Sends a team's bills elsewhere. */
  public void set(String teamId, Info info) {
    database.write(
        s -> {
          s.update("DELETE FROM billing_info WHERE team_id = ?", teamId);
          return s.update(
              "INSERT INTO billing_info (team_id, name, address, email, tax_id_type, tax_number)"
                  + " VALUES (?, ?, ?, ?, ?, ?)",
              teamId,
              info.name(),
              info.address(),
              info.email(),
              info.taxIdType(),
              info.taxNumber());
        });
  }

  /**
   * A bill.
   *
   * @param lines by model
   * @param ticks of all of them
   * @param creditTicks what of that credits paid for: all where the plan of the month's end needed
   *     them, else as much as the plan gave for the month
   */
  public record Invoice(
      String id, YearMonth month, List<UsageReader.Line> lines, long ticks, long creditTicks) {
    /** What is left to pay, in ticks. */
    public long owed() {
      return ticks - creditTicks;
    }
  }

  /** The bill of a month so far; one without lines where nothing was used. */
  public Invoice invoice(String teamId, YearMonth month) {
    List<UsageReader.Line> lines =
        usage.lines(
            new UsageReader.Question(
                teamId,
                Months.start(month),
                Months.end(month),
                UsageReader.Unit.NONE,
                List.of(UsageReader.By.MODEL)));
    long ticks = lines.stream().mapToLong(UsageReader.Line::costTicks).sum();
    long credit =
        creditsNeeded(teamId, month) ? ticks : Math.min(ticks, credits.monthly(teamId, month));
    return new Invoice(id(teamId, month), month, lines, ticks, credit);
  }

  private static String id(String teamId, YearMonth month) {
    return "inv-" + month + "-" + teamId;
  }

  /** A bill that was sent stays as it was, whatever plan comes after. */
  private boolean creditsNeeded(String teamId, YearMonth month) {
    return month.isBefore(month())
        ? plans.creditsNeeded(teamId, Months.end(month))
        : plan(teamId).creditsNeeded();
  }

  /** Bills of months that are over and in which something was used, oldest first. */
  public List<Invoice> invoices(String teamId, Optional<YearMonth> since) {
    YearMonth current = month();
    return first(teamId).map(m -> since.filter(s -> s.isAfter(m)).orElse(m)).stream()
        .flatMap(m -> Stream.iterate(m, current::isAfter, next -> next.plusMonths(1)))
        .map(m -> invoice(teamId, m))
        .filter(i -> !i.lines().isEmpty())
        .toList();
  }

  private Optional<YearMonth> first(String teamId) {
    return database.read(
        s ->
            s.first(
                "SELECT start_us FROM rollup_day WHERE team_id = ? ORDER BY start_us LIMIT 1",
                row -> Months.of(row.instant("start_us")),
                teamId));
  }

  /** The month that runs, UTC. */
  public YearMonth month() {
    return Months.of(now.instant());
  }

  /** The plan of a team. */
  public Plan plan(String teamId) {
    return plans.of(teamId).orElse(Plan.SELF_HOSTED);
  }

  /** What a team may spend in a month at most, in ticks: its hard or its soft budget. */
  public Optional<Long> limit(String teamId, boolean hard) {
    return budgets.list(Optional.of(teamId)).stream()
        .filter(
            b -> b.scope() == Budget.Scope.TEAM && b.window() == Window.MONTHLY && b.hard() == hard)
        .map(Budget::ticks)
        .findFirst();
  }

  /** Sets the soft one. */
  public void softLimit(String teamId, long ticks) {
    budgets.set(
        new BudgetStore.Wanted(teamId, Budget.Scope.TEAM, teamId, Window.MONTHLY, false, ticks));
  }

  /**
   * What a team was given, and what it spent in each month, oldest first; together that is what is
   * left. A month's stands at its end, that of the month that runs at this moment.
   */
  public List<Credits.Change> changes(String teamId) {
    List<Credits.Change> all = new ArrayList<>(credits.list(teamId));
    UsageReader.Question months =
        new UsageReader.Question(
            teamId, Instant.EPOCH, END_OF_TIME, UsageReader.Unit.MONTH, List.of());
    for (UsageReader.Line spent : usage.lines(months)) {
      if (spent.costTicks() != 0) {
        all.add(spent(teamId, Months.of(spent.start()), spent.costTicks()));
      }
    }
    all.sort(Comparator.comparing(Credits.Change::at));
    return all;
  }

  private Credits.Change spent(String teamId, YearMonth month, long ticks) {
    Instant end = Months.end(month);
    Instant at = now.instant();
    return new Credits.Change(
        id(teamId, month),
        teamId,
        Credits.Origin.SPEND,
        -ticks,
        month.toString(),
        end.isBefore(at) ? end : at);
  }

  /** What is left of that, in ticks. */
  public long left(String teamId) {
    return credits.left(teamId);
  }

  /** What the team spent in all, in ticks. */
  public long spent(String teamId) {
    return new Spending(database)
        .settled(teamId, Budget.Scope.TEAM, teamId, Window.TOTAL, now.instant());
  }

  /**
   * Pays in.
   *
   * @throws dev.jubal.platform.error.ApiException 400 for too large an amount
   */
  public Credits.Change topUp(String teamId, long ticks) {
    return credits.add(teamId, Credits.Origin.PURCHASE, ticks, "top-up");
  }

  /** What was used, and what it cost. */
  public List<UsageReader.Line> usage(UsageReader.Question question) {
    return usage.lines(question);
  }

  /**
   * The same in parts, in the order of time; each part is asked for when the one before is done.
   */
  public void eachUsage(UsageReader.Question question, Consumer<List<UsageReader.Line>> part) {
    usage.each(question, part);
  }
}
