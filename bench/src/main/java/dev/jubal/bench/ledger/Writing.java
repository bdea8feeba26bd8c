package dev.jubal.bench.ledger;

import com.sun.management.OperatingSystemMXBean;
import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.LedgerCounters;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.ledger.Usage;
import dev.jubal.app.BenchIds;
import dev.jubal.bench.report.Report;
import dev.jubal.platform.sql.Database;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The ledger alone: so many callers that admit and settle one request after the other, each row on
 * the disk before its caller goes on. Processor time is that of this process, callers included, and
 * of the database's own, of which SQLite has none.
 */
final class Writing {
  private static final double WANTED = 14_000;
  private static final Price PRICE =
      new Price(
          Instant.EPOCH,
          new Price.Rate(3000, 750, 5000),
          128_000,
          new Price.Rate(6000, 1500, 10_000),
          "https://docs.x.ai/docs/models");

  private final Site site;
  private final Report report;
  private final boolean quick;

  Writing(Site site, Report report, boolean quick) {
    this.site = site;
    this.report = report;
    this.quick = quick;
  }

  /** What happened within a stretch of time. */
  private record Stretch(
      double seconds, long rows, long commits, double ownMicros, double dbMicros) {
    double rate() {
      return rows / seconds;
    }
  }

  /**
   * Measures it.
   *
   * @param when what the database holds, for the names of the figures
   */
  void run(Database database, String when) throws IOException, InterruptedException {
    try (SqlLedger ledger =
        SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system())) {
      crowd(ledger, when, 256, 1);
      if (when.equals("empty")) {
        crowd(ledger, "spread", 256, 24);
        Stretch alone = measure(ledger, 1, 1);
        report.lower(
            site.name() + ".write1.latency", alone.seconds() / alone.rows() * 1e6, "us/row");
      }
    }
  }

  private void crowd(SqlLedger ledger, String when, int waiters, int keys)
      throws IOException, InterruptedException {
    Stretch s = measure(ledger, waiters, keys);
    String name = site.name() + ".write256." + when;
    report.atLeast(name, s.rate(), "rows/s", WANTED);
    report.fact(name + ".group", (double) s.rows() / s.commits(), "rows");
    report.lower(name + ".cpu", s.ownMicros() / s.rows(), "us/row");
    if (s.dbMicros() > 0) {
      report.lower(name + ".cpu_db", s.dbMicros() / s.rows(), "us/row");
    }
  }

  private Stretch measure(SqlLedger ledger, int waiters, int keys)
      throws IOException, InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    Supplier<String> ids = BenchIds.of(InstantSource.system());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < waiters; i++) {
      Principal caller = caller(i % keys);
      String model = "grok-" + (i / keys) % (keys == 1 ? 1 : 3);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!stop.get()) {
                      request(ledger, ids.get(), caller, model);
                    }
                  }));
    }
    // warming, not measured: until then code is compiled and groups of commits find their size
    Thread.sleep(quick ? 3000 : 6000);
    Stretch found = stretch(ledger, quick ? 4000 : 15_000);
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    return found;
  }

  private Stretch stretch(SqlLedger ledger, long millis) throws IOException, InterruptedException {
    LedgerCounters before = ledger.counters();
    long db = site.cpuMillis();
    long own = ownCpu();
    long start = System.nanoTime();
    Thread.sleep(millis); // the time that is measured: the callers go on meanwhile
    LedgerCounters after = ledger.counters();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Stretch(
        seconds,
        after.rows() - before.rows(),
        after.commits() - before.commits(),
        (ownCpu() - own) / 1e3,
        (site.cpuMillis() - db) * 1e3);
  }

  private static long ownCpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static Principal caller(int i) {
    return new Principal(
        "01890000-0000-7000-8000-%012d".formatted(i),
        "key " + i,
        "xai-...",
        "01890000-0000-7000-8000-000000000001",
        "01890000-0000-7000-8000-000000000002",
        List.of());
  }

  private static void request(SqlLedger ledger, String id, Principal caller, String model) {
    Admission admission =
        new Admission(
            id,
            Optional.empty(),
            caller,
            "chat",
            model,
            model,
            "scripted/script",
            PRICE,
            false,
            Instant.now());
    ledger.admit(admission);
    Usage usage = Usage.of(20, 0, 16);
    ledger.settle(
        admission,
        new Settlement(
            usage,
            PRICE.cost(usage),
            0,
            true,
            Duration.ofMillis(20),
            Optional.of(Duration.ofMillis(2)),
            Optional.empty(),
            200,
            Optional.empty()));
  }
}
