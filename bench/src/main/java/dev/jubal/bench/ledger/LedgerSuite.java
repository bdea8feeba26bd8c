package dev.jubal.bench.ledger;

import dev.jubal.bench.process.Folders;
import dev.jubal.bench.report.Outcome;
import dev.jubal.bench.report.Report;
import dev.jubal.platform.sql.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./jubal bench ledger}: how fast the ledger takes rows, and how fast it answers when it has
 * millions of them.
 */
@Command(
    name = "jubal bench ledger",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the ledger: rows a second it commits for 256 callers, and the usage, billing and"
          + " row queries over a ledger of millions of requests made for it, on SQLite and, with"
          + " --postgres, on a PostgreSQL of its own.",
      "Takes about 0.9 GB of disk for a million requests on SQLite and 1.4 GB on PostgreSQL, and"
          + " gives it back."
    })
public final class LedgerSuite implements Callable<Integer> {
  private static final long QUICK_ROWS = 200_000;
  private static final String DEFAULT_ROWS = "10000000";

  /** What can be measured alone. */
  enum Part {
    /** Rows a second. */
    WRITE,
    /** Queries. */
    READ,
    /** What jubal ledger verify and reprice do. */
    VERIFY
  }

  @Option(
      names = "--rows",
      defaultValue = DEFAULT_ROWS,
      description = "Requests to make (default: ${DEFAULT-VALUE}; quick: 200000).")
  private long rows = Long.parseLong(DEFAULT_ROWS);

  @Option(names = "--postgres", description = "On PostgreSQL too; it has to be installed.")
  private boolean postgres;

  @Option(names = "--no-sqlite", description = "Not on SQLite.")
  private boolean noSqlite;

  @Option(names = "--quick", description = "Fewer rows and shorter rounds: under three minutes.")
  private boolean quick;

  @Option(names = "--save", description = "Make the figures the new baselines.")
  private boolean save;

  @Option(
      names = "--only",
      description = "${COMPLETION-CANDIDATES}; may be repeated. WRITE alone makes no requests.")
  private List<Part> parts = new ArrayList<>();

  @Option(
      names = "--folder",
      description = "Keep the databases here, and use those that an earlier run left here.")
  private @Nullable Path kept;

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new LedgerSuite())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Report report = new Report("ledger");
    Path folder = kept == null ? Files.createTempDirectory("jubal-bench-ledger") : made(kept);
    try {
      if (!noSqlite) {
        try (Site site = Site.sqlite(made(folder.resolve("sqlite")))) {
          measure(site, report);
        }
      }
      if (postgres) {
        // the server runs as another user, who has to get to its folder
        Folders.passable(folder);
        Path data = folder.resolve("server");
        try (Site site = Site.postgresql(made(folder.resolve("postgresql")), data)) {
          measure(site, report);
        }
      }
    } finally {
      if (kept == null) {
        Folders.delete(folder);
      }
    }
    return Outcome.ofParts(report, save);
  }

  private static Path made(Path folder) throws IOException {
    return Files.createDirectories(folder);
  }

  private void measure(Site site, Report report)
      throws IOException, SQLException, InterruptedException {
    Set<Part> wanted = parts.isEmpty() ? EnumSet.allOf(Part.class) : EnumSet.copyOf(parts);
    Path marker = site.folder().resolve("filled");
    boolean filled = Files.exists(marker);
    long requests = quick && rows == Long.parseLong(DEFAULT_ROWS) ? QUICK_ROWS : rows;
    try (Database database = site.open()) {
      Writing writing = new Writing(site, report, quick);
      if (wanted.contains(Part.WRITE) && !filled) {
        writing.run(database, "empty");
      }
      if (wanted.equals(EnumSet.of(Part.WRITE)) && !filled) {
        return;
      }
      if (!filled) {
        Filling.fill(site, database, requests);
        Files.createFile(marker);
      }
      Reading reading = new Reading(site, report, database, quick);
      if (wanted.contains(Part.READ)) {
        reading.run();
      }
      if (wanted.contains(Part.WRITE)) {
        writing.run(database, "full");
      }
      if (wanted.contains(Part.VERIFY)) {
        reading.verify();
        reading.reprice();
      }
    }
    if (wanted.contains(Part.READ)) {
      Reading.start(site, report);
      Asking.run(site, report, quick);
    }
  }
}
