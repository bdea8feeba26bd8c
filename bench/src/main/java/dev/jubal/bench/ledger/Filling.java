package dev.jubal.bench.ledger;

import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.LedgerFill;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Fills a ledger with requests of the last {@link #DAYS} days, by the ledger's own statements, but
 * without syncs and without looking for what rows refer to.
 */
final class Filling {
  static final int DAYS = 90;
  private static final int GROUP = 50_000;
  private static final int HOURS = 24 * DAYS;

  private Filling() {}

  /** Adds so many requests; the last one was admitted an hour ago. */
  static void fill(Site site, Database database, long rows) throws SQLException {
    Population population = Population.in(database, 20_260_101);
    try (Connection connection = database.connect(Database.Sync.NORMAL, Duration.ofSeconds(5))) {
      begin(connection, site);
      try (LedgerFill fill = new LedgerFill(connection, database.node(), database.shared())) {
        rows(connection, fill, population, rows);
      }
      end(connection, site);
    }
  }

  private static void rows(Connection connection, LedgerFill fill, Population population, long rows)
      throws SQLException {
    Bar bar = new Bar("filling", rows);
    Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(HOURS + 1L, ChronoUnit.HOURS);
    double[] share = shares();
    Transactions.begin(connection, Duration.ofSeconds(5));
    int hour = 0;
    for (long i = 0; i < rows; i++) {
      double x = (i + 0.5) / rows;
      while (share[hour + 1] < x) {
        hour++;
      }
      double within = (x - share[hour]) / (share[hour + 1] - share[hour]);
      Admission admission =
          population.admission(start.plusNanos((long) ((hour + within) * 3_600_000_000_000L)));
      Settlement settlement = population.settlement(admission);
      fill.add(admission, settlement, admission.admitted().plus(settlement.latency()));
      if ((i + 1) % GROUP == 0 || i + 1 == rows) {
        fill.flush();
        Transactions.commit(connection);
        bar.at(i + 1);
        Transactions.begin(connection, Duration.ofSeconds(5));
      }
    }
    Transactions.commit(connection);
  }

  /** Of all requests before each hour: days grow, nights are quiet, and so are weekends. */
  private static double[] shares() {
    double[] sums = new double[HOURS + 1];
    for (int h = 0; h < HOURS; h++) {
      double day = 1 + 2.0 * h / HOURS;
      double time = 1.1 + Math.sin(2 * Math.PI * (h % 24 - 9) / 24);
      double week = h / 24 % 7 < 5 ? 1 : 0.4;
      sums[h + 1] = sums[h] + day * time * week;
    }
    double all = sums[HOURS];
    for (int h = 0; h <= HOURS; h++) {
      sums[h] /= all;
    }
    return sums;
  }

  private static void begin(Connection connection, Site site) throws SQLException {
    if (site.name().equals("sqlite")) {
      execute(
          connection,
          List.of(
              "PRAGMA foreign_keys = OFF",
              "PRAGMA synchronous = OFF",
              "PRAGMA cache_size = -262144"));
      return;
    }
    // to look through millions of rows takes longer than any statement of a server may
    connection.setNetworkTimeout(Runnable::run, 0);
    execute(
        connection,
        List.of("SET session_replication_role = replica", "SET synchronous_commit = off"));
  }

  /** Leaves it as weeks of service would: checkpointed, and on a server with statistics. */
  private static void end(Connection connection, Site site) throws SQLException {
    execute(
        connection,
        site.name().equals("sqlite")
            ? List.of("PRAGMA wal_checkpoint(TRUNCATE)")
            : List.of("VACUUM (ANALYZE)", "CHECKPOINT"));
  }

  private static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
