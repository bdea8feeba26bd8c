package dev.jubal.platform.jobs;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.OwnConnection;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of the queue, lent to one thread after the other: opening one costs more than
 * what is done with it. Thread-safe.
 *
 * <p>It commits when the operating system has a row, since what the queue itself writes (who works
 * on what) means nothing after a power cut; entries come with the transactions of others.
 */
final class JobConnection implements DataSource, AutoCloseable {
  private static final Duration BUSY = Duration.ofSeconds(5);

  private final OwnConnection own;
  private final Semaphore free = new Semaphore(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  JobConnection(Database database) throws SQLException {
    this.own = database.own(Database.Sync.NORMAL, BUSY);
  }

  @Override
  public Connection getConnection() throws SQLException {
    free.acquireUninterruptibly();
    Connection lent;
    try {
      lent = own.get();
    } catch (SQLException e) {
      free.release();
      throw e;
    }
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> call(lent, method, arguments));
  }

  private @Nullable Object call(
      Connection connection, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("close")) {
      free.release(); // the queue closes what it was lent exactly once
      return null;
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  /** Waits for who has it; nobody gets it any more. Closing it again does nothing. */
  @Override
  public void close() throws SQLException {
    if (closed.compareAndSet(false, true)) {
      free.acquireUninterruptibly(); // and never given back
      own.close();
    }
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    // logs nothing
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // a file needs no login
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
