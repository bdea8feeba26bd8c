package dev.jubal.platform.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;

/**
 * A lock of a data folder that ends with its holder, even one that was killed.
 *
 * <p>It is SQLite's lock on an empty file of its own, because a lock of {@code FileChannel} is lost
 * as soon as anything in the same process closes that file.
 */
public final class FolderLock implements Migrations.Held {
  private final Connection holder;

  private FolderLock(Connection holder) {
    this.holder = holder;
  }

  /**
   * Takes the lock that only one server of a folder holds.
   *
   * @throws DatabaseException when another one runs on the folder
   */
  public static FolderLock ofServer(Path folder) {
    return take(
        folder.resolve("server.lock"),
        Duration.ZERO,
        "The data folder "
            + folder
            + " is in use by another Jubal server (expected: a folder of its own for each, "
            + "see --data-dir).");
  }

  static FolderLock ofMigration(Path folder) {
    return take(
        folder.resolve("migration.lock"),
        Duration.ofMinutes(1),
        "Another process has been migrating the data folder " + folder + " for a minute.");
  }

  private static FolderLock take(Path file, Duration wait, String refusal) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) wait.toMillis());
    config.setTransactionMode(SQLiteConfig.TransactionMode.EXCLUSIVE);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      try {
        connection.setAutoCommit(false);
        return new FolderLock(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqlFailure.of(e) == SqlFailure.BUSY
          ? new DatabaseException(refusal)
          : new DatabaseException("The lock " + file + " cannot be taken: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      holder.close();
    } catch (SQLException e) {
      throw Session.failed(e);
    }
  }
}
