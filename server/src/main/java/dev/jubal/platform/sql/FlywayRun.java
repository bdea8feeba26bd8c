package dev.jubal.platform.sql;

import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The only class that knows Flyway, so that a start without migrations never loads it. */
final class FlywayRun {
  // held, or the level would be forgotten with the logger
  private static final Logger LOG = Logger.getLogger("org.flywaydb");

  private FlywayRun() {}

  static void migrate(String database, DataSource source) {
    LOG.setLevel(Level.WARNING);
    try {
      Flyway.configure(FlywayRun.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:db/migration")
          // a number given to one change may be used after a later one was, within a release
          .outOfOrder(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new DatabaseException(
          "The database " + database + " cannot be migrated: " + e.getMessage(), e);
    }
  }
}
