package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.Postgres;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A copy under a writer, what a restore refuses, and where the replaced database goes. */
final class BackupsTest {
  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  @Test
  void aCopyMadeWhileOthersWriteIsWholeAndComesBack() throws Exception {
    Path copy = folder.resolve("copy.db");
    try (Database database = Database.open(data())) {
      team(database, 0);
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 1; !Files.exists(folder.resolve("copy.db.sha256")); i++) {
                      team(database, i);
                    }
                  });
      String sum = Backups.take(data(), copy);
      writer.join();
      assertTrue(Files.readString(folder.resolve("copy.db.sha256")).startsWith(sum + "  copy.db"));
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
      assertThrows(DatabaseException.class, () -> Backups.take(data(), copy));
    }
    try (Database database = Database.open(data())) {
      database.write(s -> s.update("DELETE FROM team"));
    }
    Backups.restore(data(), copy);
    try (Database database = Database.open(data())) {
      assertTrue(teams(database) > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatARestoreReplacedComesBackAsWell(Stores on) throws Exception {
    Path copy = folder.resolve("copy");
    filled(on, 1);
    take(on, copy);
    filled(on, 2);
    restore(on, copy);
    assertEquals(1, teams(on));
    Path two = kept().getFirst();
    restore(on, two);
    assertEquals(2, teams(on));
    assertTrue(Files.exists(two), "what was restored stays");
    assertEquals(2, kept().size());
    restore(on, kept().getLast());
    assertEquals(1, teams(on));
  }

  @ParameterizedTest
  @EnumSource
  void theLastThreeThatWereReplacedAreKept(Stores on) throws Exception {
    Path copy = folder.resolve("copy");
    filled(on, 1);
    take(on, copy);
    List<Path> before = List.of();
    for (int i = 0; i < 5; i++) {
      before = kept();
      restore(on, copy);
    }
    assertEquals(3, kept().size());
    assertEquals(before.subList(1, 3), kept().subList(0, 2));
    Path oldest = kept().getFirst();
    restore(on, oldest);
    assertTrue(Files.exists(oldest), "what was restored stays");
    assertEquals(8, files().size(), "each has its sum");
  }

  private void filled(Stores on, int n) {
    try (Database database = on.open(data())) {
      team(database, n);
    }
  }

  private long teams(Stores on) {
    try (Database database = on.open(data())) {
      return teams(database);
    }
  }

  private PostgresBackups server(Stores on) {
    return new PostgresBackups(on.config(data()), System.getenv());
  }

  private void take(Stores on, Path to) {
    var _ = on == Stores.SQLITE ? Backups.take(data(), to) : server(on).take(to);
  }

  private void restore(Stores on, Path from) throws SQLException {
    if (on == Stores.SQLITE) {
      Backups.restore(data(), from);
    } else {
      Postgres.awaitNobody(on.config(data()));
      server(on).restore(data(), from);
    }
  }

  /** What restores replaced, oldest first. */
  private List<Path> kept() throws IOException {
    return files().stream().filter(f -> !f.toString().endsWith(".sha256")).toList();
  }

  private List<Path> files() throws IOException {
    Path backups = data().resolve("backups");
    if (!Files.exists(backups)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(backups)) {
      return files.sorted().toList();
    }
  }

  @Test
  void aRunningServerAChangedFileAndNoDatabaseAreRefused() throws IOException {
    Path copy = folder.resolve("copy.db");
    try (Database database = Database.open(data())) {
      team(database, 0);
    }
    Backups.take(data(), copy);
    try (FolderLock _ = FolderLock.ofServer(data())) {
      assertTrue(refusal(copy).contains("in use by another Jubal server"), refusal(copy));
    }
    Files.write(copy, List.of("more"), StandardOpenOption.APPEND);
    assertTrue(refusal(copy).contains("was changed or is not whole"), refusal(copy));
    Files.delete(folder.resolve("copy.db.sha256"));
    assertTrue(refusal(copy).contains("its checksum"), refusal(copy));
    try (Database database = Database.open(data())) {
      assertEquals(1, teams(database));
    }
  }

  @Test
  void aSchemaIsCopiedBeforeItIsChanged() throws IOException {
    try (Database database = Database.open(data())) {
      team(database, 0);
      database.write(s -> s.update("DELETE FROM flyway_schema_history WHERE version = '11'"));
      database.write(s -> s.update("DROP TABLE schema_compat"));
      database.write(s -> s.update("DROP TABLE node"));
      database.write(s -> s.update("ALTER TABLE work DROP COLUMN node_id"));
      database.write(s -> s.update("ALTER TABLE ledger_admission DROP COLUMN node_id"));
    }
    try (Database database = Database.open(data())) {
      assertEquals(1, teams(database));
    }
    assertEquals(2, files().size(), "a copy and its sum: " + files());
  }

  private String refusal(Path copy) {
    return String.valueOf(
        assertThrows(DatabaseException.class, () -> Backups.restore(data(), copy)).getMessage());
  }

  private static void team(Database database, int n) {
    database.write(
        s ->
            s.update(
                "INSERT INTO team (id, name, tier, policy, created_us) VALUES (?, ?, 't', '{}', 0)",
                "t" + n,
                "t" + n));
  }

  private static long teams(Database database) {
    return database.read(
        s -> s.first("SELECT COUNT(*) AS n FROM team", r -> r.whole("n")).orElseThrow());
  }
}
