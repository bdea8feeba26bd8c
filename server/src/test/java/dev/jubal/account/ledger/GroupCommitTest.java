package dev.jubal.account.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.OwnConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the writer does about a transaction that was in its way. */
final class GroupCommitTest {
  private static final String DEADLOCK = "40P01";
  private static final Duration WAIT = Duration.ofSeconds(5);

  @TempDir Path folder;

  /** Writes nothing, and is undone as a deadlock's victim so many times. */
  private record Victim(int times, AtomicInteger tries, AtomicInteger commits)
      implements GroupCommit.Entry {
    static Victim of(int times) {
      return new Victim(times, new AtomicInteger(), new AtomicInteger());
    }

    @Override
    public void write() throws SQLException {
      if (tries.incrementAndGet() <= times) {
        throw new SQLException("deadlock detected", DEADLOCK);
      }
    }

    @Override
    public void committed() {
      commits.incrementAndGet();
    }
  }

  /** Has no statements. */
  private static final class Nothing implements GroupCommit.Target {
    @Override
    public void prepare(Connection connection) {}

    @Override
    public void finish() {}
  }

  @Test
  void aVictimIsWrittenAgainAndTellsNobody() throws Exception {
    try (Database database = Database.open(folder);
        OwnConnection own = database.own(Database.Sync.FULL, WAIT);
        GroupCommit writer = new GroupCommit(own, WAIT, new Nothing())) {
      Victim victim = Victim.of(3);
      writer.commit(victim);
      assertEquals(4, victim.tries().get());
      assertEquals(1, victim.commits().get());
      assertEquals(0, writer.failures());
    }
  }

  @Test
  void butNotForEver() throws Exception {
    try (Database database = Database.open(folder);
        OwnConnection own = database.own(Database.Sync.FULL, WAIT);
        GroupCommit writer = new GroupCommit(own, WAIT, new Nothing())) {
      Victim victim = Victim.of(Integer.MAX_VALUE);
      assertEquals(
          DEADLOCK, assertThrows(SQLException.class, () -> writer.commit(victim)).getSQLState());
      writer.commit(Victim.of(0));
      assertEquals(1, writer.failures());
    }
  }
}
