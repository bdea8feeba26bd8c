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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {
  @TempDir Path folder;

  @Test
  void aSecondOpeningFindsWhatTheFirstWrote() {
    try (Database database = Database.open(folder)) {
      team(database, "a");
    }
    try (Database database = Database.open(folder)) {
      assertEquals(List.of("a"), teams(database));
    }
  }

  @Test
  void manyOpenANewFolderAtOnce() throws Exception {
    List<Callable<Database>> openings = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      openings.add(() -> Database.open(folder));
    }
    try (var threads = Executors.newFixedThreadPool(6)) {
      int n = 0;
      for (Future<Database> opened : threads.invokeAll(openings)) {
        try (Database database = opened.get()) {
          team(database, "team " + n++);
        }
      }
    }
    try (Database database = Database.open(folder)) {
      assertEquals(6, teams(database).size());
    }
  }

  @Test
  void workThatThrowsIsUndoneWhateverItThrows() {
    try (Database database = Database.open(folder)) {
      for (Throwable thrown : List.of(new IllegalStateException(), new LinkageError())) {
        assertThrows(thrown.getClass(), () -> database.write(s -> failing(s, thrown)));
        assertEquals(List.of(), teams(database));
      }
      team(database, "b");
      assertEquals(List.of("b"), teams(database));
    }
  }

  private static int failing(Session s, Throwable thrown) {
    insert(s, "a");
    if (thrown instanceof Error e) {
      throw e;
    }
    throw (RuntimeException) thrown;
  }

  @Test
  void aWriterExcludesAnotherOnlyWhileItWrites() throws Exception {
    try (Database database = Database.open(folder);
        Connection other = database.connect(Database.Sync.FULL, Duration.ofSeconds(5))) {
      database.write(s -> insert(s, "a") + refused(other));
      Transactions.begin(other, Duration.ZERO);
      assertEquals(List.of("a"), teams(database), "readers do not wait");
      Transactions.rollback(other);
    }
  }

  private static int refused(Connection other) {
    SQLException refused =
        assertThrows(SQLException.class, () -> Transactions.begin(other, Duration.ZERO));
    assertEquals(SqlFailure.BUSY, SqlFailure.of(refused));
    return 0;
  }

  private static final String NEWER =
      "INSERT INTO flyway_schema_history SELECT 99, '99', 'later', type, 'V99__later.sql', 1,"
          + " installed_by, installed_on, 0, 1 FROM flyway_schema_history WHERE"
          + " installed_rank=1";

  @Test
  void aNewerSchemaThatNeedsANewerReleaseIsRefused() {
    changed(NEWER, "UPDATE schema_compat SET oldest = 99");
    assertTrue(refusal().contains("schema version 99, made by a newer Jubal"), this::refusal);
  }

  @Test
  void aNewerSchemaThatOnlyHasMoreIsUsedAsItIs() {
    changed(NEWER);
    try (Database database = Database.open(folder)) {
      team(database, "a");
      assertEquals(List.of("a"), teams(database));
    }
  }

  @Test
  void aNewerSchemaThatSaysNothingIsRefused() {
    changed(NEWER, "DELETE FROM schema_compat");
    assertTrue(refusal().contains("schema version 99, made by a newer Jubal"), this::refusal);
  }

  @Test
  void aHalfMigratedSchemaIsRefused() {
    changed("UPDATE flyway_schema_history SET success = 0");
    assertTrue(refusal().contains("half-migrated: version 1 failed"), this::refusal);
  }

  @Test
  void aSchemaOfAnotherScriptIsRefused() {
    changed("UPDATE flyway_schema_history SET checksum = 42");
    assertTrue(refusal().contains("checksum 42"), this::refusal);
  }

  @Test
  void aForeignDatabaseIsNotTouched() {
    changed("DROP TABLE flyway_schema_history");
    assertTrue(refusal().contains("cannot be migrated"), this::refusal);
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws IOException {
    Files.writeString(folder.resolve("jubal.db"), "this is no database, ".repeat(100));
    assertTrue(refusal().contains("damaged or no database"), this::refusal);
  }

  @Test
  void aFileInTheWayOfTheFolderIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    DatabaseException refused =
        assertThrows(DatabaseException.class, () -> Database.open(file).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("cannot be made"));
  }

  @Test
  void aClosedDatabaseSaysSo() {
    Database database = Database.open(folder);
    database.close();
    DatabaseException refused = assertThrows(DatabaseException.class, () -> teams(database));
    assertTrue(String.valueOf(refused.getMessage()).contains("is closed"));
  }

  private void changed(String... statements) {
    try (Database database = Database.open(folder)) {
      for (String sql : statements) {
        database.write(s -> s.update(sql));
      }
    }
  }

  private String refusal() {
    return String.valueOf(
        assertThrows(DatabaseException.class, () -> Database.open(folder).close()).getMessage());
  }

  private static void team(Database database, String name) {
    database.write(s -> insert(s, name));
  }

  private static int insert(Session s, String name) {
    return s.update(
        "INSERT INTO team (id, name, tier, policy, created_us) VALUES (?, ?, 't', '{}', 0)",
        name,
        name);
  }

  private static List<String> teams(Database database) {
    return database.read(s -> s.list("SELECT name FROM team ORDER BY name", r -> r.text("name")));
  }
}
