package dev.jubal.bench.micro;

import com.sun.management.OperatingSystemMXBean;
import dev.jubal.account.Principal;
import dev.jubal.account.keys.Acls;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.ledger.Usage;
import dev.jubal.app.BenchIds;
import dev.jubal.platform.config.ConfigReader;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * Admission and settlement of one request, each committed to the disk: of a file, or of the
 * PostgreSQL that the environment names (JUBAL_DATABASE_URL, _USER, _PASSWORD). Prints the
 * processor time of this process for each row, without the database server's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LedgerBenchmark {
  private final Path folder;
  private final Database database;
  private final SqlLedger ledger;
  private final Principal principal;
  private final Supplier<String> ids = BenchIds.of(InstantSource.system());
  private long rows;
  private long cpuNanos;

  public LedgerBenchmark() {
    try {
      folder = Files.createTempDirectory("jubal-ledger");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    InstantSource now = InstantSource.system();
    database =
        Database.open(
            folder, ConfigReader.part(DatabaseConfig.class, "database", System.getenv(), Map.of()));
    ledger = SqlLedger.open(database, LedgerConfig.STANDARD, now);
    String id = UUID.randomUUID().toString();
    principal = new Principal(id, "bench", "xai-...", id, id, Acls.ALL);
  }

  @Setup
  public void warm() {
    request();
    rows = ledger.counters().rows();
    cpuNanos = cpu();
  }

  private static long cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  @Benchmark
  @Threads(1)
  public void requestsOfOne() {
    request();
  }

  @Benchmark
  @Threads(64)
  public void requestsOf64() {
    request();
  }

  private void request() {
    Admission admission =
        new Admission(
            ids.get(),
            Optional.empty(),
            principal,
            "chat",
            "grok-4",
            "grok-4",
            "scripted/script",
            Price.FREE,
            false,
            Instant.now());
    ledger.admit(admission);
    ledger.settle(
        admission,
        new Settlement(
            Usage.of(20, 0, 16),
            0,
            0,
            true,
            Duration.ofMillis(20),
            Optional.of(Duration.ofMillis(2)),
            Optional.empty(),
            200,
            Optional.empty()));
  }

  @TearDown
  public void delete() throws IOException {
    long written = ledger.counters().rows() - rows;
    System.out.printf(
        "%n%s: %d rows, %.1f us of CPU each, warm-up included%n",
        database.shared() ? "postgresql" : "sqlite", written, (cpu() - cpuNanos) / 1e3 / written);
    ledger.close();
    database.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
