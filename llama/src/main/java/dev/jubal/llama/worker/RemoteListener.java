package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of one request: passes events on as far as credits reach, then blocks, which
 * pauses this request's slot and no other.
 */
final class RemoteListener implements EngineListener {
  private static final int UNBOUNDED = 1 << 30;

  private final int id;
  private final MessageSocket socket;
  private final Semaphore credits;
  private final Runnable over;
  private Engine.@Nullable Ticket ticket;
  private boolean cancelled;

  RemoteListener(Message.Submit submit, MessageSocket socket, Runnable over) {
    this.id = submit.id();
    this.socket = socket;
    this.credits = new Semaphore(submit.credits());
    this.over = over;
  }

  void grant(int events) {
    credits.release(events);
  }

  /** Cancels, now or as soon as the engine has taken the request; nobody waits for credits then. */
  void cancel() {
    credits.release(UNBOUNDED);
    Engine.Ticket taken;
    synchronized (this) {
      cancelled = true;
      taken = ticket;
    }
    if (taken != null) {
      taken.cancel();
    }
  }

  void taken(Engine.Ticket taken) {
    boolean late;
    synchronized (this) {
      ticket = taken;
      late = cancelled;
    }
    if (late) {
      taken.cancel();
    }
  }

  @Override
  public void queued(int position, long etaMillis) {
    // Costs a credit as all events do. Behind a slow server the engine keeps the last place only.
    credits.acquireUninterruptibly();
    socket.send(new Message.Queued(id, position, etaMillis));
  }

  @Override
  public void started(int promptTokens, int cachedTokens) {
    credits.acquireUninterruptibly();
    socket.send(new Message.Started(id, promptTokens, cachedTokens));
  }

  @Override
  public void text(int choice, String text, List<SampledToken> tokens) {
    credits.acquireUninterruptibly();
    socket.send(new Message.Text(id, choice, text, tokens));
  }

  @Override
  public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {
    credits.acquireUninterruptibly();
    socket.send(new Message.ChoiceFinished(id, choice, reason, stop));
  }

  @Override
  public void finished(Counts counts) {
    over.run();
    socket.send(new Message.Finished(id, counts));
  }

  @Override
  public void failed(EngineFailure failure) {
    over.run();
    socket.send(new Message.Failed(id, failure.kind(), Reasons.of(failure)));
  }
}
