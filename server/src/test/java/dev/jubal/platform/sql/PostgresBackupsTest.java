package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a database that Jubal shares with others: what is theirs stays as it is. */
final class PostgresBackupsTest {
  @TempDir Path folder;

  private DatabaseConfig config = DatabaseConfig.FILE;
  private Path copy = Path.of("");

  @BeforeEach
  void make() {
    config = Postgres.shared().migrated();
    copy = folder.resolve("copy");
  }

  private static PostgresBackups backups(DatabaseConfig config) {
    return new PostgresBackups(config, System.getenv());
  }

  /** The same database, of which another schema is used. */
  private DatabaseConfig schema(String name) {
    return new DatabaseConfig(
        config.url().map(url -> url + "?currentSchema=" + name),
        config.user(),
        config.password(),
        config.connections(),
        config.nodeTimeout());
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = Postgres.connect(config);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private List<String> names(String table) throws SQLException {
    try (Connection connection = Postgres.connect(config)) {
      return Session.on(connection)
          .list("SELECT name FROM " + table + " ORDER BY name", row -> row.text("name"));
    }
  }

  private void restore(DatabaseConfig to) throws SQLException {
    Postgres.awaitNobody(to);
    backups(to).restore(folder, copy);
  }

  private static void team(DatabaseConfig config, Path folder, String name) {
    try (Database database = Database.open(folder, config)) {
      database.write(
          s ->
              s.update(
                  "INSERT INTO team (id, name, tier, policy, created_us)"
                      + " VALUES (?, ?, 't', '{}', 0)",
                  name,
                  name));
    }
  }

  @Test
  void tablesOfOthersAreNotPutBack() throws Exception {
    execute(
        "CREATE TABLE invoice (name TEXT)",
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.team (name TEXT)",
        "INSERT INTO invoice VALUES ('old')",
        "INSERT INTO shop.team VALUES ('old')");
    team(config, folder, "kept");
    var _ = backups(config).take(copy);
    team(config, folder, "later");
    execute("UPDATE invoice SET name = 'new'", "UPDATE shop.team SET name = 'new'");
    restore(config);
    assertEquals(List.of("kept"), names("team"));
    assertEquals(List.of("new"), names("invoice"));
    assertEquals(List.of("new"), names("shop.team"));
    team(config, folder, "works");
  }

  @Test
  void allOfATableComesBack() throws Exception {
    String made =
        "SELECT indexdef AS name FROM pg_indexes WHERE schemaname = 'public'"
            + " UNION ALL SELECT conrelid::regclass || ' ' || conname"
            + " FROM pg_constraint WHERE connamespace = 'public'::regnamespace";
    List<String> before = names("(" + made + ") x");
    var _ = backups(config).take(copy);
    DatabaseConfig other = Postgres.shared().empty();
    restore(other);
    config = other;
    assertTrue(before.size() > 100, () -> before.size() + " indexes and constraints");
    assertEquals(before, names("(" + made + ") x"));
  }

  @Test
  void oneOfTwoSchemasIsRestored() throws Exception {
    execute("CREATE SCHEMA \"Second\"");
    DatabaseConfig second = schema("\"Second\"");
    team(config, folder, "first");
    team(second, folder.resolve("second"), "kept");
    var _ = backups(second).take(copy);
    team(config, folder, "of the first alone");
    team(second, folder.resolve("second"), "later");
    restore(second);
    assertEquals(List.of("kept"), names("\"Second\".team"));
    assertEquals(List.of("first", "of the first alone"), names("public.team"));
    String refused = refusal(config);
    assertTrue(refused.contains("schema \"Second\", and connections use \"public\""), refused);
  }

  @Test
  void whatWouldTakeMoreOrLessThanItIsIsRefused() throws Exception {
    DatabaseConfig empty = Postgres.shared().empty();
    String none =
        String.valueOf(
            assertThrows(DatabaseException.class, () -> backups(empty).take(copy)).getMessage());
    assertTrue(none.contains("no database of Jubal"), none);
    assertFalse(Files.exists(copy));
    var _ = backups(config).take(copy);
    execute(
        "INSERT INTO flyway_schema_history SELECT 99, '99', 'later', type, 'V99__later.sql', 1,"
            + " installed_by, installed_on, 0, TRUE FROM flyway_schema_history"
            + " WHERE installed_rank = 1");
    String newer =
        String.valueOf(
            assertThrows(
                    DatabaseException.class, () -> backups(config).take(folder.resolve("newer")))
                .getMessage());
    assertTrue(newer.contains("tables of a newer Jubal"), newer);
    assertTrue(refusal(config).contains("tables of a newer Jubal"));
  }

  private String refusal(DatabaseConfig to) throws SQLException {
    Postgres.awaitNobody(to);
    return String.valueOf(
        assertThrows(DatabaseException.class, () -> backups(to).restore(folder, copy))
            .getMessage());
  }
}
