package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a file has: one write lock, and other files in its place. */
final class SqliteFileTest {
  @TempDir Path folder;

  @Test
  void aWriterExcludesAnotherOnlyWhileItWrites() throws Exception {
    try (Database database = Database.open(folder);
        Connection other = database.connect(Database.Sync.FULL, Duration.ofSeconds(5))) {
      database.write(s -> insert(s) + refused(other));
      Transactions.begin(other, Duration.ZERO);
      assertEquals(1, teams(database), "readers do not wait");
      Transactions.rollback(other);
    }
  }

  private static int refused(Connection other) {
    SQLException refused =
        assertThrows(SQLException.class, () -> Transactions.begin(other, Duration.ZERO));
    assertEquals(SqlFailure.BUSY, SqlFailure.of(refused));
    return 0;
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws IOException {
    Files.writeString(folder.resolve("jubal.db"), "this is no database, ".repeat(100));
    DatabaseException refused =
        assertThrows(DatabaseException.class, () -> Database.open(folder).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("damaged or no database"));
  }

  @Test
  void aFileInTheWayOfTheFolderIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    DatabaseException refused =
        assertThrows(DatabaseException.class, () -> Database.open(file).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("cannot be made"));
  }

  private static int insert(Session s) {
    return s.update(
        "INSERT INTO team (id, name, tier, policy, created_us) VALUES ('a', 'a', 't', '{}', 0)");
  }

  private static long teams(Database database) {
    return database.read(
        s -> s.first("SELECT COUNT(*) AS n FROM team", r -> r.whole("n")).orElseThrow());
  }
}
