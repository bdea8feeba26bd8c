package dev.jubal.platform.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.jubal.platform.nodes.Nodes;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue in the database. Thread-safe.
 *
 * <p>A folder has one server at a time (its lock says so), so whatever an earlier process of it had
 * picked is free again at the start, at once and without waiting for a heartbeat to be missed. What
 * a node had that is gone is free at {@link #free}. What is due is due from 1970 on: a clock that
 * is set back delays nothing but a repetition, and {@link #hurry} mends that.
 */
public final class Jobs implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Jobs.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final int MOST_COUNTED = 5;
  private static final Duration STOP = Duration.ofSeconds(5);

  private final Database database;
  private final InstantSource now;
  private final Nodes nodes;
  private final String table;
  private final JobConnection connection;
  private final ExecutorService threads;
  private final Scheduler scheduler;

  /**
   * A queue that does not run yet.
   *
   * @param table where its entries stand; each queue has one, so that none waits for another's
   * @param workers most entries that are worked on at once
   * @param jobs by the name of their entries
   */
  public Jobs(
      Database database, InstantSource now, String table, int workers, Map<String, Job> jobs) {
    this.database = database;
    this.now = now;
    this.nodes = new Nodes(database, now);
    this.table = table;
    this.connection = connect(database);
    this.threads = Executors.newFixedThreadPool(workers, Thread.ofVirtual().factory());
    List<Task<?>> tasks = new ArrayList<>();
    jobs.forEach((name, job) -> tasks.add(task(name, job)));
    this.scheduler =
        Scheduler.create(connection, tasks)
            .tableName(table)
            .jdbcCustomization(new JobMoments())
            .clock(now::instant)
            .schedulerName(new SchedulerName.Fixed(nodes.own()))
            .executorService(threads)
            .threads(workers)
            .pollingInterval(POLL)
            .shutdownMaxWait(STOP)
            .failureLogging(LogLevel.OFF, false)
            .build();
  }

  private static JobConnection connect(Database database) {
    try {
      return new JobConnection(database);
    } catch (SQLException e) {
      throw new DatabaseException("The queue cannot be opened: " + e.getMessage(), e);
    }
  }

  private Task<Void> task(String name, Job job) {
    // of one process none is ever dead: it ends, or the process does, and then free() sees to it
    return Tasks.custom(name, Void.class)
        .onFailure(again())
        .onDeadExecution((complete, operations) -> {})
        .execute((instance, context) -> completion(job.run(instance.getId())));
  }

  private FailureHandler<Void> again() {
    return (complete, operations) -> {
      int failures = Math.min(complete.getExecution().consecutiveFailures, MOST_COUNTED);
      Duration after = AFTER_FAILURE.multipliedBy(failures + 1L);
      log.error(
          "the job {} failed and runs again in {} s",
          complete.getExecution().taskInstance.getId(),
          after.toSeconds(),
          complete.getCause().orElse(null));
      operations.reschedule(complete, now.instant().plus(after));
    };
  }

  private CompletionHandler<Void> completion(Optional<Duration> again) {
    return again
        .<CompletionHandler<Void>>map(
            after ->
                (complete, operations) ->
                    operations.reschedule(complete, now.instant().plus(after)))
        .orElseGet(CompletionHandler.OnCompleteRemove::new);
  }

  /** Enqueues an entry; it runs once the transaction is committed and {@link #wake} was called. */
  public static void enqueue(Session session, String table, String name, String id) {
    session.update(
        "INSERT INTO "
            + table
            + " (task_name, task_instance, execution_time, picked, version)"
            + " VALUES (?, ?, ?, ?, 1) ON CONFLICT DO NOTHING",
        name,
        id,
        Instant.EPOCH,
        false);
  }

  /** Takes an entry out that no worker has; returns whether there was one. */
  public static boolean take(Session session, String table, String name, String id) {
    return session.update(
            "DELETE FROM " + table + " WHERE task_name = ? AND task_instance = ? AND picked = ?",
            name,
            id,
            false)
        > 0;
  }

  /** Looks for what is due now, rather than within a second. */
  public void wake() {
    scheduler.triggerCheckForDueExecutions();
  }

  /** Makes due what would wait longer than that, as after a clock was set back. */
  public void hurry(String name, Duration longest) {
    database.write(
        s ->
            s.update(
                "UPDATE "
                    + table
                    + " SET execution_time = ? WHERE task_name = ?"
                    + " AND execution_time > ?",
                Instant.EPOCH,
                name,
                now.instant().plus(longest)));
  }

  /** Begins to work, with what earlier processes left. */
  public void start() {
    if (nodes.shared()) {
      database.write(s -> freed(s, " WHERE picked_by = ?", nodes.own()));
      free();
    } else {
      database.write(s -> freed(s, ""));
    }
    scheduler.start();
  }

  /** Frees what nodes had picked that are gone. */
  public void free() {
    if (nodes.shared()) {
      database.write(
          s ->
              freed(
                  s,
                  " WHERE picked_by IS NOT NULL AND picked_by NOT IN (" + Nodes.LIVING + ")",
                  nodes.limit(s)));
    }
  }

  private int freed(Session s, String which, Object... arguments) {
    Object[] all = new Object[arguments.length + 2];
    all[0] = false;
    all[1] = Instant.EPOCH;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return s.update(
        "UPDATE "
            + table
            + " SET picked = ?, picked_by = NULL, last_heartbeat = NULL, execution_time = ?,"
            + " version = version + 1"
            + which,
        all);
  }

  /** Takes up nothing new and waits, for five seconds at most, until what runs has ended. */
  @Override
  public void close() {
    scheduler.stop();
    threads.shutdownNow();
    try {
      connection.close();
    } catch (SQLException e) {
      log.warn("the connection of the queue did not close", e);
    }
  }
}
