package dev.jubal.llama.worker;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one worker alive and decides what becomes of the work when it dies.
 *
 * <p>States: a worker is up; a worker is starting (work waits); broken after too many crashes (work
 * is refused until the cool-down has passed, then the next piece of work starts a worker); closed.
 * One lock guards the state and the open work; nothing under it blocks. Threads: a reader for each
 * worker, which is also the first to see it die; one that starts the next worker; one that watches
 * for hangs.
 */
final class WorkerSupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSupervisor.class);

  /** Characters of prompts a worker has to hold at once. */
  static final int MOST_CHARACTERS = 48 << 20;

  private final EngineOptions options;
  private final WorkerSettings settings;
  private final WorkerCommand command;
  private final Object lock = new Object();
  private final OpenWork work = new OpenWork();
  private final RestartPolicy policy;
  private final WorkerCounters counters = new WorkerCounters();
  private @Nullable WorkerProcess worker;
  private @Nullable HangDetector hangs; // not null: the worker is up
  private boolean closed;
  private String broken = ""; // not empty: why work is refused
  private long brokenUntil;

  WorkerSupervisor(EngineOptions options, WorkerSettings settings, WorkerCommand command) {
    this.options = options;
    this.settings = settings;
    this.command = command;
    this.policy = new RestartPolicy(settings);
  }

  /** Starts the first worker; its failure to load is the caller's to see. */
  ModelInfo start() {
    ModelInfo info = startWorker();
    Thread.ofPlatform().daemon().name("worker-watchdog").start(this::watch);
    return info;
  }

  void submit(RemoteRequest request) {
    synchronized (lock) {
      if (refused(request)) {
        return;
      }
      work.add(request);
      if (hangs != null && worker != null) {
        request.sendTo(worker);
      }
    }
  }

  // Called with the lock held. The worker's own limit of the queue is exact; this one also bounds
  // what waits while there is no worker, and what a worker's heap must hold.
  private boolean refused(RemoteRequest request) {
    if (closed) {
      request.fail(Kind.CLOSED, "the engine was closed");
    } else if (stillBroken()) {
      request.fail(Kind.CRASHED, refusal());
    } else if (request.characters() > MOST_CHARACTERS) {
      request.fail(Kind.PROMPT_TOO_LONG, tooLong(request.characters()));
    } else {
      return !work.makeRoom(request, options.queueSize() + options.slots(), MOST_CHARACTERS);
    }
    return true;
  }

  private static String tooLong(long characters) {
    return "prompt: " + characters + " characters (expected: at most " + MOST_CHARACTERS + ")";
  }

  void ask(RemoteCall call) {
    synchronized (lock) {
      if (closed) {
        call.fail(Kind.CLOSED, "the engine was closed");
      } else if (stillBroken()) {
        call.fail(Kind.CRASHED, refusal());
      } else {
        work.add(call);
        if (hangs != null && worker != null) {
          worker.send(call.question());
        }
      }
    }
  }

  /** Asks only a worker that is there; false if there is none. */
  boolean askIfUp(RemoteCall call) {
    synchronized (lock) {
      if (hangs == null || worker == null) {
        return false;
      }
      work.add(call);
      worker.send(call.question());
      return true;
    }
  }

  void forget(RemoteCall call) {
    synchronized (lock) {
      work.forget(call);
    }
  }

  void cancel(RemoteRequest request) {
    synchronized (lock) {
      work.cancel(request);
    }
  }

  EngineStats lastStats() {
    synchronized (lock) {
      return counters.last(work.waiting());
    }
  }

  EngineStats sinceLoaded(EngineStats stats) {
    synchronized (lock) {
      return counters.sinceLoaded(stats);
    }
  }

  long pid() {
    synchronized (lock) {
      return worker == null ? 0 : worker.pid();
    }
  }

  void close() {
    WorkerProcess last;
    synchronized (lock) {
      closed = true;
      last = worker;
      worker = null;
      hangs = null;
      work.failAll(Kind.CLOSED, "the engine was closed");
      lock.notifyAll();
    }
    if (last != null) {
      last.stop("closed");
      LOG.debug("worker of {} {}", options.model(), last.obituary());
    }
  }

  private ModelInfo startWorker() {
    WorkerProcess next = WorkerProcess.launch(command, options.model());
    synchronized (lock) {
      worker = next;
      if (closed) {
        worker = null;
      }
    }
    if (closedNow()) {
      next.stop("closed");
      next.obituary();
      throw new EngineFailure(Kind.CLOSED, "the engine was closed");
    }
    ModelInfo info = next.load(options, settings);
    synchronized (lock) {
      if (worker == next) { // else close() has stopped it; its reader would find nobody
        hangs = new HangDetector(settings.watchdog(), System.nanoTime());
        counters.started();
        work.sendAll(next);
      }
    }
    Thread.ofPlatform().daemon().name("worker-" + next.pid() + "-reader").start(() -> read(next));
    return info;
  }

  private void read(WorkerProcess from) {
    try {
      while (true) {
        dispatch(from.read());
      }
    } catch (IOException | RuntimeException end) {
      if (!(end instanceof IOException)) {
        LOG.error("reading from the worker of {}", options.model(), end);
      }
      lost(from);
    }
  }

  private void dispatch(Message message) throws IOException {
    synchronized (lock) {
      if (hangs == null) {
        return;
      }
      long now = System.nanoTime();
      switch (message) {
        // Told on arrival too, by another thread than the decode loop's: no sign that it goes on.
        case Message.Queued queued -> work.happened(queued);
        case Message.Event event -> {
          hangs.progressed(now);
          work.happened(event);
        }
        case Message.Reply reply -> {
          hangs.heard(now);
          work.answered(reply);
        }
        case Message.Heartbeat beat -> {
          hangs.steps(beat.stats().decodeSteps(), now);
          counters.beat(beat.stats());
        }
        default ->
            throw new IOException(
                "unexpected from a worker: " + message.getClass().getSimpleName());
      }
    }
  }

  private void lost(WorkerProcess dead) {
    boolean mine;
    synchronized (lock) {
      mine = worker == dead;
      if (mine) {
        worker = null;
        hangs = null;
        counters.died();
      }
    }
    if (!mine) {
      return;
    }
    String reason = "the worker of " + options.model().getFileName() + " " + dead.obituary();
    LOG.error("{}", reason);
    synchronized (lock) {
      work.crashed(reason);
    }
    crashed(reason);
  }

  private void crashed(String reason) {
    Optional<Duration> wait;
    synchronized (lock) {
      if (closed) {
        return;
      }
      wait = policy.crashed(System.nanoTime());
      if (wait.isEmpty()) {
        broken = reason;
        brokenUntil = System.nanoTime() + settings.coolDown().toNanos();
        work.failAll(Kind.CRASHED, refusal());
      }
    }
    wait.ifPresent(
        time -> Thread.ofVirtual().name("worker-restart").start(() -> restart(time, reason)));
  }

  private void restart(Duration wait, String reason) {
    try {
      pause(wait);
      if (closedNow()) {
        return;
      }
      startWorker();
      LOG.info("new worker of {} after: {}", options.model().getFileName(), reason);
    } catch (EngineFailure failure) {
      synchronized (lock) {
        worker = null;
      }
      String again = String.valueOf(failure.getMessage());
      LOG.error("no new worker of {}: {}", options.model().getFileName(), again);
      crashed(again);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    synchronized (lock) {
      for (long left = time.toMillis();
          left > 0 && !closed;
          left = (end - System.nanoTime()) / 1_000_000) {
        lock.wait(left);
      }
    }
  }

  // Called with the lock held. The first piece of work after the cool-down starts a worker.
  private boolean stillBroken() {
    if (broken.isEmpty()) {
      return false;
    }
    if (System.nanoTime() - brokenUntil < 0) {
      return true;
    }
    String reason = broken;
    broken = "";
    policy.cooled();
    Thread.ofVirtual().name("worker-restart").start(() -> restart(Duration.ZERO, reason));
    return false;
  }

  private String refusal() {
    long left = Math.max(1, (brokenUntil - System.nanoTime() + 999_999_999) / 1_000_000_000);
    return "the model's worker crashed %d times within %d s and is left alone for %d s; %s"
        .formatted(settings.crashes() + 1, settings.crashWindow().toSeconds(), left, broken);
  }

  private boolean closedNow() {
    synchronized (lock) {
      return closed;
    }
  }

  private void watch() {
    Duration pace = settings.heartbeat();
    try {
      while (!closedNow()) {
        pause(pace);
        check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void check() {
    WorkerProcess watched;
    Optional<String> hang;
    synchronized (lock) {
      long now = System.nanoTime();
      work.expire(options.queueWait(), hangs != null, now);
      if (hangs == null || worker == null) {
        return;
      }
      watched = worker;
      hang = hangs.check(now, !work.isEmpty(), work.waitsForWorker(), worker::cpuNanos);
    }
    hang.ifPresent(what -> watched.stop(what + " and was stopped"));
  }
}
