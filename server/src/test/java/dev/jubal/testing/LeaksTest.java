package dev.jubal.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scanner that finds nothing is worth something only if it finds what was planted. */
final class LeaksTest {
  private static final String SECRET = "planted-only-to-be-found";

  @TempDir private Path folder;

  @Test
  void aKeyInALogIsFoundByItsForm() throws IOException {
    Path log = folder.resolve("server.log");
    String key = "xai-" + "aB3".repeat(27);
    Files.writeString(log, "INFO start\nDEBUG authorization: Bearer " + key + "\n");
    assertEquals(
        List.of(log + ": a key, xai-...3aB3"),
        Leaks.in(folder).stream().map(f -> f.replaceAll("\\.\\.\\..*", "...3aB3")).toList());
    AssertionError told = assertThrows(AssertionError.class, () -> Leaks.refuse(folder));
    assertFalse(String.valueOf(told.getMessage()).contains("aB3aB3"));
    Files.writeString(log, "a management key xai-token-" + "aB3".repeat(27));
    assertEquals(1, Leaks.in(folder).size());
    Files.writeString(log, "a secret whsec_" + "aB3+/".repeat(6));
    assertEquals(1, Leaks.in(folder).size());
    Files.writeString(log, "shown as xai-...b14o, or xai-" + "a".repeat(40) + " whsec_x");
    assertEquals(List.of(), Leaks.in(folder));
  }

  @Test
  void aSecretInARowIsFoundInTheFileOrItsLog() {
    Path data = folder.resolve("data");
    try (Database database = Database.open(data)) {
      new KeyStore(database, InstantSource.system()).firstStart();
      assertEquals(List.of(), Leaks.in(data, SECRET));
      database.write(s -> s.update("UPDATE team SET name = ?", "team " + SECRET));
      List<String> found = Leaks.in(data, SECRET);
      assertTrue(found.stream().anyMatch(f -> f.contains("jubal.db-wal")), found.toString());
    }
    assertFalse(Leaks.in(data, SECRET).isEmpty());
  }

  /** It is written there with the statement that failed, as values may be. */
  @Test
  void aSecretInTheLogOfPostgresIsFoundAmongItsFiles() throws Exception {
    try (Postgres postgres = Postgres.start()) {
      DatabaseConfig config = postgres.empty();
      try (Connection connection =
              DriverManager.getConnection(
                  config.url().orElseThrow(),
                  config.user().orElseThrow(),
                  config.password().orElseThrow().reveal());
          Statement statement = connection.createStatement()) {
        assertThrows(
            SQLException.class, () -> statement.execute("SELECT '" + SECRET + "' FROM nowhere"));
      }
      List<String> found = Leaks.in(postgres.files(), SECRET);
      assertTrue(found.stream().anyMatch(f -> f.contains("server.log")), found.toString());
    }
  }

  @Test
  void theMasterKeyElsewhereThanInItsFileAndADumpAreFound() throws IOException {
    String key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    Files.writeString(folder.resolve("master.key"), key + "\n");
    assertEquals(List.of(), Leaks.in(folder));
    Path log = Files.writeString(folder.resolve("hs_err_pid7.log"), "environment: K=" + key);
    assertEquals(List.of(log + ": a secret of the manifest, ...ZWY="), Leaks.in(folder));
    Files.delete(log);
    Files.writeString(folder.resolve("java_pid7.hprof"), "JAVA PROFILE");
    assertTrue(Leaks.in(folder).getFirst().contains("a dump of memory"));
  }

  @Test
  void aSecretOnTheBorderOfTwoReadsIsFound() throws IOException {
    for (int before = (1 << 20) - 30; before < (1 << 20) + 30; before += 7) {
      byte[] text = ("x".repeat(before) + SECRET + "y".repeat(99)).getBytes(StandardCharsets.UTF_8);
      Files.write(folder.resolve("log"), text);
      assertEquals(1, Leaks.in(folder, SECRET).size(), "after " + before + " bytes");
    }
  }

  /** As the launcher runs it. */
  @Test
  void theProgramFailsOnAPlantedSecretAndPassesWithoutIt() throws Exception {
    Path manifest = Files.writeString(folder.resolve("manifest"), SECRET + "\n");
    Path reports = Files.createDirectories(folder.resolve("reports"));
    Path output = Files.writeString(reports.resolve("a.txt"), "nothing here");
    assertEquals(0, run(manifest, reports));
    Files.writeString(output, "password=" + SECRET);
    assertEquals(1, run(manifest, reports));
    Files.writeString(output, "nothing here");
    Files.writeString(folder.resolve("manifest.found"), "base/16384: a key\n");
    assertEquals(1, run(manifest, reports));
  }

  private static int run(Path manifest, Path... places) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                Path.of("src/test/java/dev/jubal/testing/Leaks.java").toString(),
                manifest.toString()));
    List.of(places).forEach(p -> command.add(p.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), said);
    assertFalse(said.contains(SECRET), said);
    assertTrue(said.contains("secrets: 1 known"), said);
    return process.exitValue();
  }
}
