package dev.jubal.account.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.sql.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes the ledger a hundred times, at random moments under load: what it had
 * acknowledged is there exactly once, and the rest is recovered.
 */
final class CrashTest {
  private static final int KILLS = 100;
  private static final int MOST_LINES = 1500;

  @TempDir Path folder;

  @Test
  void aHundredKillsLoseNothingThatWasAcknowledged() throws Exception {
    long seed = System.nanoTime();
    System.out.println("CrashTest seed " + seed);
    Random random = new Random(seed);
    long start = System.nanoTime();
    long acknowledged = 0;
    long recovered = 0;
    for (int round = 1; round <= KILLS; round++) {
      List<String> lines = killed(round, random);
      acknowledged += lines.size();
      recovered += checked(round, lines);
    }
    System.out.printf(
        "CrashTest: %d kills, %d acknowledged rows, %d recovered, %.1f s%n",
        KILLS, acknowledged, recovered, (System.nanoTime() - start) / 1e9);
    assertTrue(recovered > 0, "no kill hit a running request");
  }

  /** Runs a child, kills it after a random count of lines, and returns all it had said. */
  private List<String> killed(int round, Random random) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                folder.toString(),
                String.valueOf(round),
                String.valueOf(random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
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
