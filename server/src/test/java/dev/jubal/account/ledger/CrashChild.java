package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Database;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The process that is killed: admits and settles without end and says on standard output what was
 * acknowledged, {@code A id} and {@code S id prompt completion}. Arguments: folder, round, seed.
 */
final class CrashChild {
  private static final int THREADS = 32;

  private final SqlLedger ledger;
  private final String round;
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final ReentrantLock lock = new ReentrantLock();

  private CrashChild(SqlLedger ledger, String round) {
    this.ledger = ledger;
    this.round = round;
  }

  public static void main(String[] args) throws InterruptedException {
    Database database = Database.open(Path.of(args[0]));
    SqlLedger ledger = SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system());
    CrashChild child = new CrashChild(ledger, args[1]);
    Thread[] threads = new Thread[THREADS];
    for (int t = 0; t < THREADS; t++) {
      Random random = new Random(Long.parseLong(args[2]) + t);
      String name = args[1] + "-" + t + "-";
      threads[t] = Thread.ofVirtual().start(() -> child.work(name, random));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void work(String name, Random random) {
    for (int i = 0; ; i++) {
      String id = name + i;
      Admission admission = admission(id);
      ledger.admit(admission);
      say("A " + id);
      Usage usage = Usage.of(1 + random.nextInt(1000), 0, 1 + random.nextInt(100));
      ledger.settle(admission, LedgerRequests.settlement(usage));
      say("S " + id + " " + usage.prompt() + " " + usage.completion());
    }
  }

  /** An admission whose time is the round, by which the parent finds it. */
  private Admission admission(String id) {
    Admission a = LedgerRequests.admission(id);
    return new Admission(
        id,
        Optional.empty(),
        a.principal(),
        a.endpoint(),
        a.modelAsked(),
        a.modelResolved(),
        a.backend(),
        a.price(),
        a.stream(),
        Instant.ofEpochSecond(Long.parseLong(round)));
  }

  private void say(String line) {
    lock.lock();
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }
}
