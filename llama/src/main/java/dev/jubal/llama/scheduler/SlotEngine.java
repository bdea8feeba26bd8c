package dev.jubal.llama.scheduler;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Segment;
import dev.jubal.llama.binding.Context;
import dev.jubal.llama.binding.Library;
import dev.jubal.llama.binding.Model;
import dev.jubal.llama.binding.Vocabulary;
import dev.jubal.llama.prefix.PrefixFiles;
import dev.jubal.llama.sampling.Rehearsal;
import dev.jubal.llama.sampling.Workspace;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine inside this process. Thread-safe.
 *
 * <p>A mistake of the library ends the process, which is why the server runs this in a worker
 * unless told otherwise.
 */
public final class SlotEngine implements Engine {
  private static final Logger log = LoggerFactory.getLogger(SlotEngine.class);
  private static final int DEFAULT_CONTEXT = 8192;
  private static final int MOST_SLOTS = 256;

  /** Any size will do to have the loops compiled; that of the default model is at hand. */
  private static final int REHEARSED_VOCABULARY = 49152;

  private final EngineOptions options;
  private final Arena arena = Arena.ofShared();
  private final Model model;
  private final Context context;
  private final ModelInfo info;
  private final Tally tally = new Tally();
  private final FairQueue queue;
  private final Forms forms;
  private final DecodeLoop loop;
  private final Thread thread;

  /** Held for reading by whoever uses the model outside the loop, for writing to free it. */
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  private boolean closed;

  private SlotEngine(EngineOptions options, Model model, Forms forms) {
    this.options = options;
    this.model = model;
    this.forms = forms;
    int capacity = capacity(options, model);
    this.context = model.context(options.slots(), capacity, threads(options));
    this.info =
        new ModelInfo(
            model.description(),
            capacity,
            model.trainedContext(),
            model.vocabulary().size(),
            model.parameters(),
            model.bytes(),
            options.slots(),
            model.template());
    Slots slots = new Slots(context, options.slots(), capacity, !model.recurrent());
    if (!model.recurrent()) {
      PrefixFiles.open(options, capacity, options.slots()).ifPresent(files -> keep(slots, files));
    }
    Workspace space = new Workspace(arena, model.vocabulary().size());
    this.queue =
        new FairQueue(
            options.queueSize(),
            options.slots(),
            options.backgroundTurn(),
            tally,
            System::nanoTime);
    this.loop = new DecodeLoop(context, model.vocabulary(), slots, capacity, space, queue, tally);
    this.thread = Thread.ofPlatform().name("jubal-decode").daemon(true).unstarted(loop);
  }

  private void keep(Slots slots, PrefixFiles files) {
    KeptPrefixes kept = new KeptPrefixes(context, files);
    kept.restore(slots);
    slots.onPrefix(kept::found);
  }

  /**
   * Loads a model, which takes some seconds for large ones.
   *
   * @throws EngineFailure LOAD_FAILED with the reason
   */
  public static SlotEngine open(EngineOptions options) {
    return open(options, CompiledForms::new);
  }

  /** Loads a model whose answers are kept to their forms by what {@code forms} makes for it. */
  static SlotEngine open(EngineOptions options, Function<Vocabulary, Forms> forms) {
    if (options.slots() < 1 || options.slots() > MOST_SLOTS) {
      throw new EngineFailure(
          Kind.LOAD_FAILED, "slots: " + options.slots() + " (expected: 1.." + MOST_SLOTS + ")");
    }
    Library library = Library.open(options.library(), log::debug);
    Thread rehearsal =
        Thread.ofPlatform()
            .name("jubal-rehearsal")
            .daemon(true)
            .start(() -> Rehearsal.run(REHEARSED_VOCABULARY));
    Model model = Model.load(library, options.model(), options.device());
    try {
      SlotEngine engine = new SlotEngine(options, model, forms.apply(model.vocabulary()));
      rehearsal.join();
      engine.thread.start();
      return engine;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      model.close();
      throw new EngineFailure(Kind.LOAD_FAILED, "loading " + options.model() + " was interrupted");
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static int capacity(EngineOptions options, Model model) {
    int trained = model.trainedContext();
    int wanted = options.contextTokens();
    if (wanted < 0 || wanted > trained) {
      throw new EngineFailure(
          Kind.LOAD_FAILED,
          "context: " + wanted + " tokens (expected: at most the " + trained + " of the model)");
    }
    return wanted == 0 ? Math.min(trained, DEFAULT_CONTEXT) : wanted;
  }

  private static int threads(EngineOptions options) {
    return options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public int[] tokenize(List<Segment> prompt) {
    return using(() -> PromptTokens.of(prompt, model.vocabulary()));
  }

  @Override
  public List<byte[]> pieces(int[] tokens) {
    return using(() -> IntStream.of(tokens).mapToObj(model.vocabulary()::piece).toList());
  }

  private <T> T using(Supplier<T> work) {
    use.readLock().lock();
    try {
      if (closed) {
        throw new EngineFailure(Kind.CLOSED, "the engine is closed");
      }
      return work.get();
    } finally {
      use.readLock().unlock();
    }
  }

  @Override
  public Ticket submit(EngineRequest request, EngineListener listener) {
    Generation generation =
        new Generation(
            request, listener, options.queueWait(), System.nanoTime(), loop::wake, loop::cancelled);
    queue.enter(generation);
    Thread.ofVirtual()
        .name("jubal-request")
        .start(
            () -> {
              queue.tell(generation);
              prepare(generation);
              generation.outbox.deliver();
            });
    return generation;
  }

  private void prepare(Generation generation) {
    try {
      int[] prompt = tokenize(generation.request.prompt());
      if (prompt.length == 0) {
        refuse(generation, Kind.INTERNAL, "prompt: 0 tokens (expected: at least 1)");
      } else if (prompt.length + 1 > info.contextTokens()) {
        String context = " tokens, context: " + info.contextTokens() + " tokens";
        String expected = " (expected: a prompt that leaves room for one token)";
        refuse(generation, Kind.PROMPT_TOO_LONG, "prompt: " + prompt.length + context + expected);
      } else {
        generation.prepare(prompt, choices(generation));
        loop.wake();
      }
    } catch (EngineFailure e) {
      refuse(generation, e.kind(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      refuse(generation, Kind.INTERNAL, String.valueOf(e.getMessage()));
    } catch (LinkageError | StackOverflowError e) {
      // Its thread would end in silence and the request never.
      refuse(generation, Kind.INTERNAL, e.toString());
    }
  }

  private List<Choice> choices(Generation generation) {
    @Nullable Guide guide = guide(generation.request.output());
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < generation.request.choices(); i++) {
      @Nullable Guide own = guide == null || i == 0 ? guide : guide.copy();
      choices.add(new Choice(generation, i, loop.sampler(generation, i), own));
    }
    return choices;
  }

  private @Nullable Guide guide(EngineRequest.Output output) {
    OutputForm form = output.form();
    return form instanceof OutputForm.Text ? null : using(() -> guide(form, output.begun()));
  }

  private Guide guide(OutputForm form, List<Segment> begun) {
    Guide guide = Guide.of(form, forms.begin(form), model.vocabulary());
    for (int token : model.vocabulary().tokenize(begun)) {
      if (!guide.takes(token)) {
        throw new EngineFailure(
            Kind.FORM_REFUSED, "what is written already is not of the form that is asked for");
      }
    }
    return guide;
  }

  private void refuse(Generation generation, Kind kind, String message) {
    if (queue.leave(generation)) {
      generation.fail(kind, message);
    }
  }

  @Override
  public EngineStats stats() {
    return tally.stats();
  }

  @Override
  public void close() {
    loop.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // Freeing memory the library still computes with would end the process.
        interrupted = true;
      }
    }
    free();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void free() {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        context.close();
        model.close();
        arena.close();
      }
    } finally {
      use.writeLock().unlock();
    }
  }
}
