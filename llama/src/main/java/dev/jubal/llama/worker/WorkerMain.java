package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.scheduler.SlotEngine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * The worker process: connects to the server that started it, loads the model it is told to, and
 * serves it until the server is gone.
 *
 * <p>It lives exactly as long as its server. A signal to the whole process group (Ctrl-C, a service
 * manager's stop) must not end it while the server drains, so only the end of the connection, or of
 * standard input while loading, does.
 */
final class WorkerMain {
  private WorkerMain() {}

  public static void main(String[] args) throws Exception {
    serve(args, SlotEngine::open);
  }

  /** Runs a worker in this process; never returns. The argument is the server's socket. */
  static void serve(String[] args, Function<EngineOptions, Engine> opener) throws Exception {
    Path path = Path.of(args[0]);
    surviveSignals();
    endWithStandardInput(path);
    int status = 1;
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      MessageSocket socket = new MessageSocket(channel, "worker");
      if (socket.read() instanceof Message.Open open) {
        status = open(open, socket, opener);
      }
    } catch (IOException e) {
      System.err.println("worker: " + e);
    } finally {
      end(path, status);
    }
  }

  private static int open(
      Message.Open open, MessageSocket socket, Function<EngineOptions, Engine> opener)
      throws IOException, InterruptedException {
    if (open.version() != Message.VERSION) {
      refuse(socket, new IllegalStateException(Reasons.versions(Message.VERSION, open.version())));
      return 1;
    }
    Engine engine;
    try {
      engine = opener.apply(open.options());
    } catch (RuntimeException | LinkageError e) {
      refuse(socket, e);
      return 1;
    }
    socket.send(new Message.Hello(Message.VERSION, engine.info()));
    Thread.ofPlatform()
        .daemon()
        .name("worker-heartbeat")
        .start(() -> beat(engine, socket, open.heartbeatMillis()));
    new WorkerSession(engine, socket).run();
    return 0;
  }

  private static void refuse(MessageSocket socket, Throwable why) throws InterruptedException {
    EngineFailure.Kind kind =
        why instanceof EngineFailure known ? known.kind() : EngineFailure.Kind.LOAD_FAILED;
    socket.send(new Message.LoadFailed(Message.VERSION, kind, Reasons.of(why)));
    socket.drain();
  }

  private static void beat(Engine engine, MessageSocket socket, int millis) {
    try {
      while (true) {
        socket.send(new Message.Heartbeat(engine.stats()));
        Thread.sleep(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // All other threads go on while a shutdown hook waits; halt() ends the process past it.
  private static void surviveSignals() {
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  private static void endWithStandardInput(Path socket) {
    Thread.ofPlatform()
        .daemon()
        .name("worker-parent")
        .start(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // The server writes nothing; only the end of the stream says something.
                }
              } catch (IOException e) {
                System.err.println("worker: standard input: " + e);
              }
              end(socket, 0);
            });
  }

  // The system takes back memory and files faster than an orderly close would.
  private static void end(Path socket, int status) {
    Path folder = socket.getParent();
    if (folder != null) {
      SocketFolder.delete(folder);
    }
    Runtime.getRuntime().halt(status);
  }
}
