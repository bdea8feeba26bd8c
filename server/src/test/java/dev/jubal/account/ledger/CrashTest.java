package dev.jubal.account.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.sql.Database;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes the ledger a hundred times, at random moments under load: what it had
 * acknowledged is there exactly once, and the rest is recovered.
 */
final class CrashTest {
  private static final int KILLS = 100;
  private static final int LANES = 2;
  private static final int MOST_LINES = 1500;

  @TempDir Path folder;

  @Test
  void aHundredKillsLoseNothingThatWasAcknowledged() throws Exception {
    long seed = System.nanoTime();
    System.out.println("CrashTest seed " + seed);
    long start = System.nanoTime();
    long acknowledged = 0;
    long recovered = 0;
    try (var lanes = Executors.newFixedThreadPool(LANES)) {
      List<Callable<Lane>> work = new ArrayList<>();
      for (int i = 0; i < LANES; i++) {
        Lane lane = new Lane(folder.resolve("lane" + i), new Random(seed + i));
        work.add(() -> lane.run(KILLS / LANES));
      }
      for (Future<Lane> lane : lanes.invokeAll(work)) {
        acknowledged += lane.get().acknowledged;
        recovered += lane.get().recovered;
      }
    }
    System.out.printf(
        "CrashTest: %d kills, %d acknowledged rows, %d recovered, %.1f s%n",
        KILLS, acknowledged, recovered, (System.nanoTime() - start) / 1e9);
    assertTrue(recovered > 0, "no kill hit a running request");
  }

  @Test
  void aServerInAnotherProcessIsRefused() throws Exception {
    try (Database database = Database.open(folder);
        SqlLedger ledger =
            SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system())) {
      Process child = child(folder, 1, 1, ProcessBuilder.Redirect.PIPE);
      String said = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(1, child.waitFor());
      assertTrue(said.contains("is in use by another Jubal server"), said);
      ledger.admit(LedgerRequests.admission("still works"));
    }
  }

  private static Process child(Path folder, int round, long seed, ProcessBuilder.Redirect errors)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            CrashChild.class.getName(),
            folder.toString(),
            String.valueOf(round),
            String.valueOf(seed))
        .redirectError(errors)
        .start();
  }

  /** Only what the child needs: looking through every jar for each class takes half its start. */
  private static String classPath() {
    return Stream.of(
            CrashChild.class,
            SqlLedger.class,
            org.sqlite.JDBC.class,
            org.slf4j.Logger.class,
            org.slf4j.jul.JULServiceProvider.class)
        .map(c -> Path.of(URI.create(location(c))).toString())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(Class<?> c) {
    return c.getProtectionDomain().getCodeSource().getLocation().toString();
  }

  /** One folder and one child at a time. */
  private static final class Lane {
    private final Path folder;
    private final Random random;
    private long acknowledged;
    private long recovered;

    Lane(Path folder, Random random) {
      this.folder = folder;
      this.random = random;
    }

    Lane run(int kills) throws IOException, InterruptedException {
      Database.open(folder).close(); // so that no child migrates, which takes longer than its work
      for (int round = 1; round <= kills; round++) {
        List<String> lines = killed(round);
        acknowledged += lines.size();
        recovered += checked(round, lines);
      }
      return this;
    }

    /** Runs a child, kills it after a random count of lines, and returns all it had said. */
    private List<String> killed(int round) throws IOException, InterruptedException {
      Process child = child(folder, round, random.nextLong(), ProcessBuilder.Redirect.INHERIT);
      List<String> lines = new ArrayList<>();
      try (BufferedReader out = child.inputReader()) {
        int until = 1 + random.nextInt(MOST_LINES);
        for (int i = 0; i < until; i++) {
          String line = out.readLine();
          assertNotNull(line, "the child ended by itself in round " + round);
          lines.add(line);
        }
        child.toHandle().destroyForcibly(); // Process's own would close the stream
        String line = out.readLine();
        while (line != null) {
          lines.add(line);
          line = out.readLine();
        }
      }
      assertEquals(128 + 9, child.waitFor());
      return lines;
    }

    /** Reopens the folder and compares; says how many requests were recovered. */
    private long checked(int round, List<String> lines) {
      try (Database database = Database.open(folder);
          SqlLedger ledger =
              SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system())) {
        Map<String, LedgerRow> rows = rows(database, round);
        lines.forEach(line -> check(line, rows));
        long recovered = 0;
        for (LedgerRow row : rows.values()) {
          recovered += row.settled().orElseThrow().recovered() ? 1 : 0;
        }
        assertEquals(recovered, ledger.counters().recovered());
        return recovered;
      }
    }

    private static Map<String, LedgerRow> rows(Database database, int round) {
      Instant time = Instant.ofEpochSecond(round);
      Map<String, LedgerRow> rows = new HashMap<>();
      for (LedgerRow row :
          new LedgerReader(database).between(time, time.plusSeconds(1), Integer.MAX_VALUE)) {
        assertEquals(null, rows.put(row.requestId(), row), "two rows of one request");
      }
      return rows;
    }

    private static void check(String line, Map<String, LedgerRow> rows) {
      String[] words = line.split(" ");
      LedgerRow row = rows.get(words[1]);
      assertNotNull(row, line + ": acknowledged, but not there");
      if (words[0].equals("S")) {
        LedgerRow.Settled settled = row.settled().orElseThrow();
        assertFalse(settled.recovered(), line);
        assertEquals(
            Usage.of(Long.parseLong(words[2]), 0, Long.parseLong(words[3])),
            settled.settlement().usage(),
            line);
      }
    }
  }
}
