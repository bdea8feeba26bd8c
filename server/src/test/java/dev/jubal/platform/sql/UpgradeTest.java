package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Databases as earlier releases left them, and the rule that lets those releases come back. */
final class UpgradeTest {
  /** The first migration under the rule of ADR 16. */
  private static final int RULED_FROM = 8;

  @TempDir Path folder;

  @Test
  void aDatabaseOfSchemaSevenIsTakenOver() throws IOException {
    Path file = folder.resolve("jubal.db");
    try (InputStream frozen = UpgradeTest.class.getResourceAsStream("/frozen/v7.db.gz");
        InputStream in = new GZIPInputStream(Objects.requireNonNull(frozen))) {
      Files.copy(in, file);
    }
    try (Database database = Database.open(folder);
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
    }
    assertTrue(Files.exists(folder.resolve("backups").resolve("before-migration-of-v7.db")));
  }

  @ParameterizedTest
  @EnumSource
  void aNewDatabaseIsOfferedToTheReleaseOfSchemaSeven(Stores on) {
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
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (Integer.parseInt(name.substring(1, name.indexOf("__"))) >= RULED_FROM) {
          String sql = Files.readString(file, StandardCharsets.UTF_8).replaceAll("--.*", "");
          for (String statement : sql.split(";", -1)) {
            if (!adds(statement.toUpperCase(java.util.Locale.ROOT))) {
              broken.add(name + ": " + statement.strip());
            }
          }
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static boolean adds(String statement) {
    boolean takes = statement.matches("(?s).*\\b(DROP|RENAME|ALTER COLUMN|DELETE FROM)\\b.*");
    boolean required =
        statement.matches("(?s).*\\bADD COLUMN\\b.*\\bNOT NULL\\b.*")
            && !statement.contains("DEFAULT");
    return !takes && !required;
  }
}
