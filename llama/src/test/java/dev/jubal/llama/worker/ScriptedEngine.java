package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineListener.Counts;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.Segment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * An engine without a model: one thread a slot, a token is a character. The prompt says what it
 * does; it runs inside a real worker process to test everything around the engine.
 */
final class ScriptedEngine implements Engine {
  private final EngineOptions options;
  private final ExecutorService slots;
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong steps = new AtomicLong();

  ScriptedEngine(EngineOptions options) {
    String model = String.valueOf(options.model().getFileName());
    if (model.startsWith("bad")) {
      throw new EngineFailure(Kind.LOAD_FAILED, model + ": invalid magic");
    }
    if (model.startsWith("dying")) {
      System.err.println("assertion failed: n > 0");
      Runtime.getRuntime().halt(134);
    }
    if (model.startsWith("stuck")) {
      Script.await(() -> false);
    }
    this.options = options;
    this.slots = Executors.newFixedThreadPool(options.slots(), Thread.ofPlatform().factory());
  }

  @Override
  public ModelInfo info() {
    return new ModelInfo("scripted", 8192, 8192, 256, 1, 2, options.slots(), null);
  }

  @Override
  public int[] tokenize(List<Segment> prompt) {
    return text(prompt).chars().toArray();
  }

  @Override
  public List<byte[]> pieces(int[] tokens) {
    return java.util.Arrays.stream(tokens).mapToObj(t -> bytes(Character.toString(t))).toList();
  }

  @Override
  public Ticket submit(EngineRequest request, EngineListener listener) {
    Script script = new Script(text(request.prompt()), request, listener);
    queued.incrementAndGet();
    slots.execute(script);
    return script;
  }

  @Override
  public EngineStats stats() {
    return new EngineStats(busy.get(), queued.get(), steps.get(), 0, 0, 0, 0, steps.get(), 0);
  }

  @Override
  public void close() {
    slots.shutdownNow();
  }

  private static String text(List<Segment> prompt) {
    return prompt.stream().map(Segment::text).collect(Collectors.joining());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** {@code say} counts to maxTokens; {@code hang} stops after the first token. */
  private final class Script implements Runnable, Ticket {
    private final String prompt;
    private final EngineRequest request;
    private final EngineListener listener;
    private volatile boolean cancelled;

    Script(String prompt, EngineRequest request, EngineListener listener) {
      this.prompt = prompt;
      this.request = request;
      this.listener = listener;
    }

    @Override
    public void run() {
      queued.decrementAndGet();
      busy.incrementAndGet();
      if (prompt.startsWith("crash")) {
        Runtime.getRuntime().halt(139);
      }
      listener.started(prompt.length(), 0);
      int said = 0;
      while (said < request.limits().maxTokens() && !cancelled) {
        steps.incrementAndGet();
        String text = said + " ";
        listener.text(0, text, List.of(new SampledToken(said, bytes(text), 0, List.of())));
        said++;
        if (prompt.startsWith("hang")) {
          await(() -> false);
        }
        if (prompt.startsWith("slow")) {
          java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
      }
      busy.decrementAndGet();
      listener.choiceFinished(0, cancelled ? FinishReason.CANCELLED : FinishReason.LENGTH, null);
      listener.finished(new Counts(prompt.length(), 0, said));
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    static void await(java.util.function.BooleanSupplier condition) {
      while (!condition.getAsBoolean()) {
        java.util.concurrent.locks.LockSupport.park();
      }
    }
  }
}
