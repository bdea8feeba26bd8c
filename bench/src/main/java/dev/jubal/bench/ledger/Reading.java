package dev.jubal.bench.ledger;

import dev.jubal.account.billing.Billing;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.Spending;
import dev.jubal.account.budget.Window;
import dev.jubal.account.ledger.LedgerCheck;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.ledger.UsageReader;
import dev.jubal.account.ledger.UsageReader.By;
import dev.jubal.account.ledger.UsageReader.Unit;
import dev.jubal.account.price.Repricing;
import dev.jubal.bench.load.Samples;
import dev.jubal.bench.load.Spread;
import dev.jubal.bench.report.Report;
import dev.jubal.platform.sql.Database;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** The product's own queries over a full ledger, each of many teams, drawn by how much they ask. */
final class Reading {
  private static final double WANTED_MILLIS = 50;

  private final Site site;
  private final Report report;
  private final Database database;
  private final Population population;
  private final Billing billing;
  private final Random random = new Random(11);
  private final int times;
  private final Instant now = Instant.now();

  Reading(Site site, Report report, Database database, boolean quick) {
    this.site = site;
    this.report = report;
    this.database = database;
    this.population = Population.in(database, 1);
    this.billing = new Billing(database, InstantSource.system());
    this.times = quick ? 60 : 300;
  }

  /** All but the proof. */
  void run() {
    usage();
    bills();
    rows();
  }

  // --- sums

  private void usage() {
    wanted("usage.day_by_hour", () -> usage(team(), 1, Unit.HOUR, By.KEY));
    wanted("usage.week_by_hour", () -> usage(team(), 7, Unit.HOUR, By.MODEL));
    wanted("usage.month_by_hour", () -> usage(team(), 30, Unit.HOUR));
    wanted("usage.month_by_day", () -> usage(team(), 30, Unit.DAY, By.KEY, By.MODEL));
    wanted("usage.quarter_by_day", () -> usage(team(), 90, Unit.DAY));
    wanted("usage.quarter", () -> usage(team(), 90, Unit.NONE, By.PROJECT));
    String most = population.largest();
    wanted("usage.largest_month_by_hour", () -> usage(most, 30, Unit.HOUR, By.KEY));
    wanted("usage.largest_month_by_model", () -> usage(most, 30, Unit.HOUR, By.MODEL));
    wanted("usage.largest_month_by_endpoint", () -> usage(most, 30, Unit.HOUR, By.ENDPOINT));
    wanted("usage.largest_month_by_project", () -> usage(most, 30, Unit.HOUR, By.PROJECT));
    measure("export.first_part", () -> export(true));
    measure("export.month_by_hour", () -> export(false));
  }

  private String team() {
    return population.team(random);
  }

  private List<UsageReader.Line> usage(String team, int days, Unit unit, By... by) {
    return billing.usage(
        new UsageReader.Question(team, now.minus(Duration.ofDays(days)), now, unit, List.of(by)));
  }

  /** Lines of every key, project, model and endpoint, as an export reads them. */
  private Object export(boolean onlyFirst) {
    UsageReader.Question month =
        new UsageReader.Question(
            team(), now.minus(Duration.ofDays(30)), now, Unit.HOUR, List.of(By.values()));
    List<Integer> lines = new ArrayList<>();
    try {
      billing.eachUsage(
          month,
          part -> {
            lines.add(part.size());
            if (onlyFirst) {
              throw new Enough();
            }
          });
    } catch (Enough e) {
      // as wanted
    }
    return lines;
  }

  /** Ends a reading before its end. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super("enough", null, false, false);
    }
  }

  private void bills() {
    wanted("invoice.preview", () -> billing.invoice(team(), billing.month()));
    wanted("invoices", () -> billing.invoices(team(), Optional.empty()));
    wanted("balance", () -> billing.left(team()));
    Spending spending = new Spending(database);
    wanted(
        "budget.month",
        () -> {
          String team = team();
          return spending.settled(team, Budget.Scope.TEAM, team, Window.MONTHLY, now);
        });
    wanted(
        "budget.end_user",
        () -> spending.settled(team(), Budget.Scope.END_USER, "customer-1", Window.TOTAL, now));
  }

  // --- rows

  private void rows() {
    LedgerReader reader = new LedgerReader(database);
    List<String> known = new ArrayList<>();
    wanted(
        "rows.page_of_100",
        () -> {
          List<LedgerRow> page = reader.between(moment(), now, 100);
          page.stream().findFirst().ifPresent(row -> known.add(row.requestId()));
          return page;
        });
    wanted("rows.one", () -> reader.find(known.get(random.nextInt(known.size()))));
    wanted("rows.going_on", () -> reader.goingOn(Optional.empty()));
  }

  private Instant moment() {
    long seconds = Duration.ofDays(Filling.DAYS - 1L).toSeconds();
    return now.minusSeconds((long) (seconds * random.nextDouble()));
  }

  private void wanted(String name, Supplier<Object> question) {
    Spread spread = spread(name, question);
    report.lower(name(name) + ".p50", spread.p50() / 1000, "ms");
    report.below(name(name) + ".p99", spread.p99() / 1000, "ms", WANTED_MILLIS);
  }

  private void measure(String name, Supplier<Object> question) {
    Spread spread = spread(name, question);
    report.lower(name(name) + ".p50", spread.p50() / 1000, "ms");
    report.lower(name(name) + ".p99", spread.p99() / 1000, "ms");
  }

  private String name(String name) {
    return site.name() + "." + name;
  }

  /** Times of a question; of a file its processor time as well, which a busy machine leaves. */
  private Spread spread(String name, Supplier<Object> question) {
    for (int i = 0; i < times / 10; i++) {
      var _ = question.get();
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Samples samples = new Samples();
    Samples cpu = new Samples();
    for (int i = 0; i < times; i++) {
      long used = threads.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      var _ = question.get();
      samples.add(System.nanoTime() - start);
      cpu.add(threads.getCurrentThreadCpuTime() - used);
    }
    if (!database.shared()) {
      report.lower(name(name) + ".cpu_p99", cpu.spread().p99() / 1000, "ms");
    }
    return samples.spread();
  }

  /** Opens the ledger as a start of a server does, with recovery. */
  static void start(Site site, Report report) {
    long start = System.nanoTime();
    try (Database database = site.open();
        SqlLedger ledger =
            SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system())) {
      report.lower(site.name() + ".open", (System.nanoTime() - start) / 1e6, "ms");
      report.fact(site.name() + ".open.recovered", ledger.counters().recovered(), "rows");
    }
  }

  /** What the bill of a name that is seldom asked for was by other prices, and writes nothing. */
  void reprice() {
    long start = System.nanoTime();
    Repricing.Outcome found =
        new Repricing(database, InstantSource.system())
            .run(
                new Repricing.Order(
                    population.rarest().id(),
                    Instant.EPOCH,
                    now,
                    population.rarest().prices(),
                    List.of(),
                    "bench",
                    true));
    report.lower(name("reprice"), (System.nanoTime() - start) / 1e9, "s");
    report.fact(name("reprice.rows"), (double) found.rows(), "rows");
  }

  /** Proves the ledger, as jubal ledger verify does. */
  void verify() {
    long start = System.nanoTime();
    List<LedgerCheck.Finding> found = new LedgerCheck(database).run();
    report.lower(name("verify"), (System.nanoTime() - start) / 1e9, "s");
    long wrong = found.stream().mapToLong(LedgerCheck.Finding::wrong).sum();
    report.atMost(name("verify.wrong"), (double) wrong, "rows", 0);
    found.forEach(f -> System.err.println("    " + f.what() + ": " + f.rows() + " rows"));
  }
}
