package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What opening a database finds, makes and refuses, on both kinds. */
@ParameterizedClass
@EnumSource(Stores.class)
final class DatabaseTest {
  private static final int NODES = 6;

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;

  @Test
  void aSecondOpeningFindsWhatTheFirstWrote() {
    try (Database database = on.open(folder)) {
      team(database, "a");
    }
    try (Database database = on.open(folder)) {
      assertEquals(List.of("a"), teams(database));
    }
  }

  @Test
  void manyOpenANewDatabaseAtOnce() throws Exception {
    DatabaseConfig empty = on.empty();
    List<Callable<Database>> openings = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      // what is shared is the server's database there, and the folder's here
      Path node = empty.url().isPresent() ? folder.resolve("node-" + i) : folder;
      openings.add(() -> Database.open(node, empty));
    }
    try (var threads = Executors.newFixedThreadPool(NODES)) {
      int n = 0;
      for (Future<Database> opened : threads.invokeAll(openings)) {
        try (Database database = opened.get()) {
          team(database, "team " + n++);
        }
      }
    }
    try (Database database = Database.open(folder, empty)) {
      assertEquals(NODES, teams(database).size());
    }
  }

  @Test
  void workThatThrowsIsUndoneWhateverItThrows() {
    try (Database database = on.open(folder)) {
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

  private static final String NEWER =
      "INSERT INTO flyway_schema_history SELECT 99, '99', 'later', type, 'V99__later.sql', 1,"
          + " installed_by, installed_on, 0, TRUE FROM flyway_schema_history WHERE"
          + " installed_rank=1";

  @Test
  void aNewerSchemaThatNeedsANewerReleaseIsRefused() {
    changed(NEWER, "UPDATE schema_compat SET oldest = 99");
    assertTrue(refusal().contains("schema version 99, made by a newer Jubal"), this::refusal);
  }

  @Test
  void aNewerSchemaThatOnlyHasMoreIsUsedAsItIs() {
    changed(NEWER);
    try (Database database = on.open(folder)) {
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
    changed("UPDATE flyway_schema_history SET success = FALSE");
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
    assertEquals(refusal(), refusal(), "a history that was made would change what it says");
  }

  @Test
  void aClosedDatabaseSaysSo() {
    Database database = on.open(folder);
    database.close();
    DatabaseException refused = assertThrows(DatabaseException.class, () -> teams(database));
    assertTrue(String.valueOf(refused.getMessage()).contains("is closed"));
  }

  private void changed(String... statements) {
    try (Database database = on.open(folder)) {
      for (String sql : statements) {
        database.write(s -> s.update(sql));
      }
    }
  }

  private String refusal() {
    return String.valueOf(
        assertThrows(DatabaseException.class, () -> on.open(folder).close()).getMessage());
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
