package dev.jubal.testing;

import dev.jubal.account.Principal;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.Generator;
import dev.jubal.inference.work.Collected;
import dev.jubal.inference.work.DurableWork;
import dev.jubal.inference.work.Order;
import dev.jubal.inference.work.Work;
import dev.jubal.inference.work.WorkConfig;
import dev.jubal.inference.work.WorkQueue;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.time.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The queue of work over a database that is made when it is first needed: most tests need none. */
final class ScriptedWork implements WorkQueue, AutoCloseable {
  private final Generator generator;
  private final MemoryLedger ledger;
  private final InstantSource now;
  private final ScheduledExecutorService clock;
  private @Nullable Made made;

  ScriptedWork(
      Generator generator, MemoryLedger ledger, InstantSource now, ScheduledExecutorService clock) {
    this.generator = generator;
    this.ledger = ledger;
    this.now = now;
    this.clock = clock;
  }

  private record Made(Path folder, Database database, DurableWork work, ServerMetrics metrics) {}

  private synchronized DurableWork work() {
    Made here = made;
    if (here == null) {
      here = make();
      made = here;
    }
    return here.work();
  }

  private Made make() {
    try {
      Path folder = Files.createTempDirectory("jubal-work");
      Database database = Database.open(folder);
      ServerMetrics metrics = new ServerMetrics();
      ledger.keepIn(database);
      DurableWork work =
          new DurableWork(
              generator,
              key -> ScriptedServer.CALLER,
              new DurableWork.Parts(database, new PlainVault(), ledger::find, now, clock, metrics),
              WorkConfig.STANDARD);
      work.start();
      return new Made(folder, database, work, metrics);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String submit(Order order) {
    return work().submit(order);
  }

  @Override
  public Optional<Work> find(String id, Principal owner) {
    return work().find(id, owner);
  }

  @Override
  public Collected collect(String id, Principal owner) {
    return work().collect(id, owner);
  }

  @Override
  public Optional<Work> cancel(String id, Principal owner) {
    return work().cancel(id, owner);
  }

  @Override
  public void follow(String id, Principal owner, int from, EventSink sink, Cancellation gone) {
    work().follow(id, owner, from, sink, gone);
  }

  @Override
  public synchronized void close() {
    Made here = made;
    if (here == null) {
      return;
    }
    here.work().close();
    here.database().close();
    here.metrics().close();
    try (Stream<Path> files = Files.walk(here.folder())) {
      files.sorted(Comparator.reverseOrder()).forEach(ScriptedWork::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
