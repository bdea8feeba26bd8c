package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    Path kept = data().resolve("backups").resolve("before-restore.db");
    Files.move(kept, folder.resolve("kept.db"));
    assertTrue(Files.size(folder.resolve("kept.db")) > 0);
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
  void aSchemaIsCopiedBeforeItIsChanged() {
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
    assertEquals(
        1, data().resolve("backups").toFile().list((_, name) -> name.startsWith("before-")).length);
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
