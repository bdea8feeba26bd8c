package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.price.PriceStore;
import dev.jubal.testing.Stores;
import dev.jubal.testing.WholeLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Databases as earlier releases left them, and the rule that lets those releases come back. */
final class UpgradeTest {
  /** The first migration under the rule of ADR 16. */
  private static final int RULED_FROM = 8;

  private static final Pattern UNIQUE = Pattern.compile("CREATE UNIQUE INDEX (\\w+)");
  private static final List<String> FILLED =
      List.of(
          "team",
          "app_user",
          "api_key",
          "team_limit",
          "budget",
          "credit",
          "price",
          "alert_rule",
          "ledger_admission",
          "ledger_settlement",
          "rollup_hour",
          "rollup_day",
          "rollup_end_user",
          "stored_response",
          "work");

  @TempDir Path folder;

  @Test
  void aDatabaseOfSchemaSevenIsTakenOver() throws Exception {
    DatabaseConfig config = Frozen.unpack(Stores.SQLITE, 7, folder);
    try (Database database = Database.open(folder, config);
        SqlLedger ledger =
            SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system())) {
      assertEquals(
          "first", new KeyStore(database, InstantSource.system()).list().getFirst().name());
      assertEquals(1, ledger.counters().recovered());
      LedgerReader reader = new LedgerReader(database);
      assertEquals(
          16,
          reader
              .find("settled")
              .orElseThrow()
              .settled()
              .orElseThrow()
              .settlement()
              .usage()
              .completion());
      assertTrue(reader.find("open").orElseThrow().settled().orElseThrow().recovered());
      WholeLedger.in(database);
    }
    Backups.restore(folder, folder.resolve("backups").resolve("before-migration-of-v7.db"));
    try (Connection connection =
        SqliteFile.source(folder.resolve("jubal.db"), Database.Sync.FULL, SqliteFile.BUSY)
            .getConnection()) {
      assertEquals(
          List.of("7"),
          Session.on(connection)
              .list(
                  "SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1",
                  row -> row.text("version")));
    }
  }

  /** Opened as it is until there is a next schema, and from then on taken over. */
  @ParameterizedTest
  @EnumSource
  void aDatabaseOfSchemaNineteenIsTakenOver(Stores on) throws Exception {
    DatabaseConfig config = Frozen.unpack(on, 19, folder);
    try (Database database = Database.open(folder, config)) {
      for (String table : FILLED) {
        assertTrue(
            database.read(s -> s.first("SELECT 1 FROM " + table, row -> 1)).isPresent(), table);
      }
      WholeLedger.in(database);
      KeyStore keys = new KeyStore(database, InstantSource.system());
      assertTrue(keys.list().stream().anyMatch(key -> key.name().equals("second")));
      BudgetStore budgets = new BudgetStore(database, InstantSource.system());
      assertEquals(2, budgets.list(Optional.empty()).size());
      assertTrue(new PriceStore(database, InstantSource.system()).all().containsKey("grok-4"));
    }
  }

  /**
   * Which is what {@code schema_compat} says, not that the release of schema seven looks at it: it
   * refuses what is newer, as those before V11 do.
   */
  @ParameterizedTest
  @EnumSource
  void nothingWasTakenAwaySinceSchemaSeven(Stores on) {
    try (Database database = on.open(folder)) {
      assertEquals(
          7L,
          database
              .read(s -> s.first("SELECT oldest FROM schema_compat", r -> r.whole("oldest")))
              .orElseThrow());
    }
  }

  /** Of one that takes something away, {@code schema_compat} must be raised, and this list. */
  @Test
  void migrationsOnlyAdd() throws IOException {
    List<String> broken = new ArrayList<>();
    Set<String> unique = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      for (Path file : files.sorted(Comparator.comparingInt(UpgradeTest::version)).toList()) {
        String sql = Files.readString(file, StandardCharsets.UTF_8).replaceAll("--.*", "");
        UNIQUE.matcher(sql).results().map(m -> m.group(1)).forEach(unique::add);
        if (version(file) >= RULED_FROM) {
          for (String statement : sql.split(";", -1)) {
            if (!adds(statement.strip(), unique)) {
              broken.add(file.getFileName() + ": " + statement.strip());
            }
          }
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static int version(Path file) {
    return Integer.parseInt(String.valueOf(file.getFileName()).replaceAll("V(\\d+)__.*", "$1"));
  }

  private static boolean adds(String statement, Set<String> unique) {
    if (statement.startsWith("DROP INDEX")) {
      // without an index a release is slower, and right; without a unique one it is not
      return !unique.contains(statement.replaceAll(".* ", ""));
    }
    String sql = statement.toUpperCase(Locale.ROOT);
    boolean takes = sql.matches("(?s).*\\b(DROP|RENAME|ALTER COLUMN|DELETE FROM)\\b.*");
    boolean required =
        sql.matches("(?s).*\\bADD COLUMN\\b.*\\bNOT NULL\\b.*") && !sql.contains("DEFAULT");
    return !takes && !required;
  }
}
