package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves one loaded engine to the one server at the other end of the socket.
 *
 * <p>The reading thread never computes and never waits: a cancel or a credit must not stand behind
 * a long prompt. An engine takes a submission at once; questions have a thread of their own.
 */
final class WorkerSession {
  private final Engine engine;
  private final MessageSocket socket;
  private final Map<Integer, RemoteListener> requests = new ConcurrentHashMap<>();
  private final ExecutorService questions =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("worker-answer").factory());

  WorkerSession(Engine engine, MessageSocket socket) {
    this.engine = engine;
    this.socket = socket;
  }

  /** Serves until the server closes the connection or dies. */
  void run() throws IOException {
    try {
      while (true) {
        handle(socket.read());
      }
    } catch (EOFException end) {
      return;
    }
  }

  private void handle(Message message) throws IOException {
    switch (message) {
      case Message.Submit submit -> submit(submit);
      case Message.Cancel cancel -> {
        RemoteListener request = requests.get(cancel.id());
        if (request != null) {
          request.cancel();
        }
      }
      case Message.Credit credit -> {
        RemoteListener request = requests.get(credit.id());
        if (request != null) {
          request.grant(credit.events());
        }
      }
      case Message.Call call -> questions.execute(() -> socket.send(answer(call)));
      case Message.Open _,
          Message.Hello _,
          Message.LoadFailed _,
          Message.Heartbeat _,
          Message.Reply _,
          Message.Event _ ->
          throw new IOException("unexpected from a server: " + message.getClass().getSimpleName());
    }
  }

  private void submit(Message.Submit submit) {
    RemoteListener listener =
        new RemoteListener(submit, socket, () -> requests.remove(submit.id()));
    requests.put(submit.id(), listener);
    try {
      listener.taken(engine.submit(submit.request(), listener));
    } catch (RuntimeException e) {
      listener.failed(new EngineFailure(Reasons.kind(e), Reasons.of(e)));
    }
  }

  private Message answer(Message.Call call) {
    return switch (call) {
      case Message.AskTokens m ->
          reply(m, () -> new Message.Tokens(m.call(), engine.tokenize(m.prompt())));
      case Message.AskPieces m ->
          reply(m, () -> new Message.Pieces(m.call(), engine.pieces(m.tokens())));
      case Message.AskStats m -> reply(m, () -> new Message.Stats(m.call(), engine.stats()));
    };
  }

  private static Message reply(Message.Call call, Supplier<Message> answer) {
    try {
      return answer.get();
    } catch (RuntimeException e) {
      return new Message.CallFailed(call.call(), Reasons.kind(e), Reasons.of(e));
    }
  }
}
