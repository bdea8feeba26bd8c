package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.Segment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * An engine in a supervised process of its own.
 *
 * <p>When the process dies or hangs, running requests fail with {@link Kind#CRASHED}; those without
 * a slot move to a new process, which is started at once. A request moves once: the second worker
 * that dies under it ends it too.
 */
public final class WorkerEngine implements Engine {
  private static final Duration FRESH_STATS = Duration.ofMillis(500);

  // Far beyond any prompt; a worker that is silent for long is replaced anyway.
  private static final int ANSWER_WATCHDOGS = 10;

  private final EngineOptions options;
  private final Duration answerLimit;
  private final WorkerSupervisor supervisor;
  private final ModelInfo info;
  private final Semaphore tokenizing = new Semaphore(WorkerSupervisor.MOST_CHARACTERS, true);
  private final AtomicInteger numbers = new AtomicInteger();

  private WorkerEngine(EngineOptions options, WorkerSettings settings, WorkerCommand command) {
    this.options = options;
    this.answerLimit = settings.watchdog().multipliedBy(ANSWER_WATCHDOGS);
    this.supervisor = new WorkerSupervisor(options, settings, command);
    this.info = supervisor.start();
  }

  /**
   * Starts a worker and loads the model.
   *
   * @throws EngineFailure of kind {@code LOAD_FAILED} with the reason
   */
  public static WorkerEngine open(EngineOptions options, WorkerSettings settings) {
    return open(options, settings, WorkerCommand.standard(WorkerMain.class, settings.jvmFlags()));
  }

  static WorkerEngine open(EngineOptions options, WorkerSettings settings, WorkerCommand command) {
    return new WorkerEngine(options, settings, command);
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public int[] tokenize(List<Segment> prompt) {
    List<Segment> copy = List.copyOf(prompt);
    long characters = copy.stream().map(Segment::text).mapToLong(String::length).sum();
    int room = Math.toIntExact(Math.min(characters, WorkerSupervisor.MOST_CHARACTERS));
    tokenizing.acquireUninterruptibly(room); // what is asked at once lies in the worker's heap
    try {
      return ((Message.Tokens) ask(call -> new Message.AskTokens(call, copy))).tokens();
    } finally {
      tokenizing.release(room);
    }
  }

  @Override
  public List<byte[]> pieces(int[] tokens) {
    return ((Message.Pieces) ask(call -> new Message.AskPieces(call, tokens))).pieces();
  }

  @Override
  public Ticket submit(EngineRequest request, EngineListener listener) {
    RemoteRequest remote =
        new RemoteRequest(numbers.incrementAndGet(), request, listener, supervisor::cancel);
    supervisor.submit(remote);
    return remote;
  }

  @Override
  public EngineStats stats() {
    RemoteCall call = new RemoteCall(new Message.AskStats(numbers.incrementAndGet()));
    if (!supervisor.askIfUp(call)) {
      return supervisor.lastStats();
    }
    try {
      Message.Reply reply = call.answer().get(FRESH_STATS.toMillis(), TimeUnit.MILLISECONDS);
      return supervisor.sinceLoaded(((Message.Stats) reply).stats());
    } catch (TimeoutException | ExecutionException late) {
      return supervisor.lastStats();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return supervisor.lastStats();
    } finally {
      supervisor.forget(call);
    }
  }

  /** The process id of the worker now; 0 while there is none. */
  public long workerPid() {
    return supervisor.pid();
  }

  @Override
  public void close() {
    supervisor.close();
  }

  @Override
  public String toString() {
    return "WorkerEngine[" + options.model() + "]";
  }

  private Message.Reply ask(IntFunction<Message.Call> question) {
    RemoteCall call = new RemoteCall(question.apply(numbers.incrementAndGet()));
    supervisor.ask(call);
    try {
      return call.answer().get(answerLimit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new EngineFailure(
          Kind.CRASHED, "the worker gave no answer within " + answerLimit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EngineFailure failure
          ? new EngineFailure(failure.kind(), String.valueOf(failure.getMessage()))
          : new EngineFailure(Kind.INTERNAL, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineFailure(Kind.INTERNAL, "interrupted while the worker was asked");
    } finally {
      supervisor.forget(call);
    }
  }
}
