package dev.jubal.llama.worker;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.ModelInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One worker process as its server sees it, from the launch to the reason of its end. */
final class WorkerProcess {
  private static final Duration TO_DIE = Duration.ofMillis(100);

  private final Path folder;
  private final ServerSocketChannel listening;
  private final Process process;
  private final OutputStream lifeline; // the child ends when this closes, so it must stay reachable
  private final ProcessLog log;
  private final String model;
  private volatile @Nullable MessageSocket socket;
  private volatile @Nullable String stopped;

  private WorkerProcess(Path folder, ServerSocketChannel listening, Process process, String model) {
    this.folder = folder;
    this.listening = listening;
    this.process = process;
    this.lifeline = process.getOutputStream();
    this.log = new ProcessLog(process, model);
    this.model = model;
  }

  static WorkerProcess launch(WorkerCommand command, Path model) {
    Path folder;
    try {
      folder = SocketFolder.create();
    } catch (IOException e) {
      throw new EngineFailure(Kind.LOAD_FAILED, "worker folder: " + e);
    }
    try {
      ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        listening.bind(UnixDomainSocketAddress.of(SocketFolder.socket(folder)));
        Process process = command.process(folder).start();
        var _ = process.onExit().thenRun(() -> closeQuietly(listening)); // ends accept()
        return new WorkerProcess(folder, listening, process, String.valueOf(model.getFileName()));
      } catch (IOException e) {
        closeQuietly(listening);
        throw e;
      }
    } catch (IOException e) {
      SocketFolder.delete(folder);
      throw new EngineFailure(Kind.LOAD_FAILED, "worker process: " + e.getMessage());
    }
  }

  long pid() {
    return process.pid();
  }

  /** Waits until the model is loaded, for as long as its size allows. */
  ModelInfo load(EngineOptions options, WorkerSettings settings) {
    Duration limit = settings.loadLimit(size(options.model()));
    CountDownLatch answered = new CountDownLatch(1);
    Thread timer = Thread.ofVirtual().start(() -> stopUnless(answered, limit));
    try {
      Message first = firstWord(options, settings);
      answered.countDown();
      return switch (first) {
        case Message.Hello hello when hello.version() == Message.VERSION -> hello.info();
        case Message.LoadFailed refused ->
            throw new EngineFailure(refused.kind(), refused.reason());
        case Message.Hello other ->
            throw new EngineFailure(
                Kind.LOAD_FAILED, Reasons.versions(other.version(), Message.VERSION));
        default -> throw new EngineFailure(Kind.LOAD_FAILED, "first word of a worker: " + first);
      };
    } catch (IOException e) {
      throw new EngineFailure(Kind.LOAD_FAILED, model + " could not be loaded: " + obituary());
    } catch (EngineFailure refused) {
      end();
      throw refused;
    } finally {
      timer.interrupt();
      closeQuietly(listening);
    }
  }

  void send(Message message) {
    MessageSocket connected = socket;
    if (connected != null) {
      connected.send(message);
    }
  }

  Message read() throws IOException {
    MessageSocket connected = socket;
    if (connected == null) {
      throw new IOException("worker is not connected");
    }
    return connected.read();
  }

  /** Processor time the process has used, in nanoseconds; 0 if the system does not tell. */
  long cpuNanos() {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  /** Ends the process at once; reading then fails and {@link #obituary} gives this reason. */
  void stop(String reason) {
    if (stopped == null && process.isAlive()) {
      stopped = reason;
    }
    end();
  }

  /** Why the process ended, in one line. Cleans up after it. */
  String obituary() {
    try {
      boolean dead = process.waitFor(TO_DIE.toMillis(), TimeUnit.MILLISECONDS);
      String reason = stopped;
      if (reason == null) {
        reason = dead ? ExitStatus.describe(process.exitValue()) : "closed its connection";
      }
      String report = CrashReport.summary(SocketFolder.crashReport(folder));
      List<String> tail = log.tail();
      String last = tail.isEmpty() ? "" : "; last line: " + tail.getLast();
      end();
      return reason + (report.isEmpty() ? last : "; " + report);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end();
      return "ended";
    }
  }

  private Message firstWord(EngineOptions options, WorkerSettings settings) throws IOException {
    SocketChannel channel = listening.accept();
    MessageSocket connected = new MessageSocket(channel, "worker-" + process.pid());
    socket = connected;
    int heartbeat = (int) settings.heartbeat().toMillis();
    connected.send(new Message.Open(Message.VERSION, options, heartbeat));
    return connected.read();
  }

  private void stopUnless(CountDownLatch answered, Duration limit) {
    try {
      if (!answered.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        stop("not loaded within " + limit.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    process.destroyForcibly();
    MessageSocket connected = socket;
    if (connected != null) {
      connected.close();
    }
    closeQuietly(listening);
    closeQuietly(lifeline);
    SocketFolder.delete(folder);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // the worker will say what is wrong with it
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      return; // it ends with the process anyway
    }
  }
}
