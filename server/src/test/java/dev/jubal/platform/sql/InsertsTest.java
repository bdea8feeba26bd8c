package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Few rows, many rows, and rows that are refused, the same on both databases. */
@ParameterizedClass
@EnumSource(Stores.class)
final class InsertsTest {
  private static final List<String> COLUMNS =
      List.of("name", "note", "amount", "maybe", "code", "flag");

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private Database database;
  private Connection connection;
  private Inserts inserts;

  /** A row with every kind of value. */
  private record Probe(
      String name, Optional<String> note, long amount, Optional<Long> maybe, int code, boolean flag)
      implements Inserts.Values {
    @Override
    public void to(Inserts.Cells cells) throws SQLException {
      cells.text(name);
      cells.maybeText(note);
      cells.whole(amount);
      cells.maybeWhole(maybe);
      cells.number(code);
      cells.flag(flag);
    }

    static Probe of(Row row) throws SQLException {
      return new Probe(
          row.text("name"),
          row.maybeText("note"),
          row.whole("amount"),
          row.maybeWhole("maybe"),
          (int) row.whole("code"),
          row.flag("flag"));
    }
  }

  @BeforeEach
  void open() throws SQLException {
    database = on.open(folder);
    connection = database.connect(Database.Sync.FULL, Duration.ofSeconds(5));
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE probe (name VARCHAR(64) NOT NULL PRIMARY KEY, note VARCHAR(512),"
              + " amount BIGINT NOT NULL, maybe BIGINT, code INTEGER NOT NULL,"
              + " flag BOOLEAN NOT NULL)");
    }
    inserts = new Inserts(connection, "probe", COLUMNS);
  }

  @AfterEach
  void close() throws SQLException {
    inserts.close();
    connection.close();
    database.close();
  }

  private List<Probe> stored() {
    return database.read(s -> s.list("SELECT * FROM probe ORDER BY amount", Probe::of));
  }

  private static Probe probe(int i, Random random) {
    // longer than the first buffer in sum, and of letters of one to four bytes
    String text = "a\u00e4\u20ac\ud83d\ude00".repeat(random.nextInt(80));
    return new Probe(
        "row " + i,
        i % 3 == 0 ? Optional.empty() : Optional.of(text),
        i,
        i % 2 == 0 ? Optional.empty() : Optional.of(random.nextLong()),
        random.nextInt(),
        random.nextBoolean());
  }

  private void write(List<Probe> rows) throws SQLException {
    Transactions.begin(connection, Duration.ofSeconds(5));
    for (Probe row : rows) {
      inserts.later(row);
    }
    inserts.flush();
    Transactions.commit(connection);
  }

  @Test
  void fewAndManyRowsComeBackAsTheyWere() throws SQLException {
    long seed = System.nanoTime();
    System.out.println("InsertsTest seed " + seed);
    Random random = new Random(seed);
    List<Probe> all = new ArrayList<>();
    for (int size : new int[] {1, 7, 8, 1000, 1, 3}) {
      List<Probe> rows = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        rows.add(probe(all.size() + i, random));
      }
      write(rows);
      all.addAll(rows);
      assertEquals(all, stored());
    }
  }

  @Test
  void whatNoTextOfPostgresHasIsReplaced() throws SQLException {
    List<Probe> rows = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      rows.add(new Probe("\0" + i, Optional.of("x\0"), i, Optional.empty(), 0, true));
    }
    write(rows.subList(0, 1));
    write(rows.subList(1, 9));
    for (Probe row : stored()) {
      assertEquals("\ufffd" + row.amount(), row.name());
      assertEquals(Optional.of("x\ufffd"), row.note());
    }
  }

  @Test
  void oneRefusedRowOfManyIsARuleBrokenAndTheConnectionGoesOn() throws SQLException {
    Random random = new Random(1);
    List<Probe> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(probe(i == 13 ? 3 : i, random));
    }
    SQLException refused = assertThrows(SQLException.class, () -> write(rows));
    assertEquals(SqlFailure.CONSTRAINT, SqlFailure.of(refused));
    Transactions.rollback(connection);
    assertEquals(List.of(), stored());
    inserts.close();
    inserts = new Inserts(connection, "probe", COLUMNS);
    write(List.of(probe(1, random)));
    assertEquals(1, stored().size());
  }

  @Test
  void oneThatGoesAtOnceIsThereBeforeTheOthers() throws SQLException {
    Transactions.begin(connection, Duration.ofSeconds(5));
    inserts.now(probe(1, new Random(1)));
    assertEquals(
        1L,
        Session.on(connection)
            .first("SELECT COUNT(*) AS n FROM probe", row -> row.whole("n"))
            .orElseThrow());
    Transactions.commit(connection);
  }
}
