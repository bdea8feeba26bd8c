package dev.jubal.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jubal.llama.EngineFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Loaded weights. Thread-safe for reading; {@link #close} must come last. */
public final class Model implements AutoCloseable {
  private static final int PHYSICAL_BATCH = 512;

  /** Most tokens of a step beside one a sequence; the library splits it into physical ones. */
  private static final int LOGICAL_BATCH = 2 * PHYSICAL_BATCH;

  /** Tokens beyond one a sequence that may ask for logits: those guessed ahead. */
  private static final int GUESSES = 16;

  private static final int ALL_LAYERS = -1;

  private final Library library;
  private final MemorySegment pointer;
  private final Vocabulary vocabulary;

  private Model(Library library, MemorySegment pointer) {
    this.library = library;
    this.pointer = pointer;
    this.vocabulary = new Vocabulary(library, pointer(library, "llama_model_get_vocab", pointer));
  }

  /**
   * Loads a GGUF file.
   *
   * @param device auto, cpu, cuda, vulkan or metal
   * @throws EngineFailure LOAD_FAILED with the reason, if the file is damaged or of no known kind,
   *     or the device is not there
   */
  public static Model load(Library library, Path file, String device) {
    GgufFile.read(file);
    boolean gpu = wantsGpu(library, device);
    library.log().clear();
    try (Arena arena = Arena.ofConfined()) {
      FunctionDescriptor defaults = FunctionDescriptor.of(Layouts.MODEL_PARAMS);
      MemorySegment params =
          (MemorySegment)
              library
                  .llama("llama_model_default_params", defaults)
                  .invoke((SegmentAllocator) arena);
      Layouts.set(params, Layouts.MODEL_PARAMS, "n_gpu_layers", gpu ? ALL_LAYERS : 0);
      if (!gpu) {
        // An empty list, as a null pointer means every device there is.
        Layouts.set(params, Layouts.MODEL_PARAMS, "devices", arena.allocate(ADDRESS));
      }
      MethodHandle load =
          library.llama(
              "llama_model_load_from_file",
              FunctionDescriptor.of(ADDRESS, ADDRESS, Layouts.MODEL_PARAMS));
      MemorySegment pointer =
          (MemorySegment) load.invokeExact(arena.allocateFrom(file.toString()), params);
      if (pointer.address() == 0) {
        throw failed("model " + file + " cannot be loaded: " + library.log().reason());
      }
      return checked(new Model(library, pointer), file);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  private static boolean wantsGpu(Library library, String device) {
    String name = device.toLowerCase(Locale.ROOT);
    List<Device> devices = library.devices();
    return switch (name) {
      case "cpu" -> false;
      case "auto" -> devices.stream().anyMatch(Device::gpu);
      case "cuda", "vulkan" -> present(name, name, devices);
      case "metal" -> present(name, "mtl", devices);
      default -> throw failed("device " + device + " (expected: auto, cpu, cuda, vulkan, metal)");
    };
  }

  private static boolean present(String device, String prefix, List<Device> devices) {
    for (Device found : devices) {
      String name = found.name().toLowerCase(Locale.ROOT);
      if (name.startsWith(prefix) || name.startsWith(device)) {
        return true;
      }
    }
    throw failed("device " + device + " (expected: one the library has: " + devices + ")");
  }

  private static Model checked(Model model, Path file) {
    if (model.is("llama_model_has_encoder") || !model.is("llama_model_has_decoder")) {
      model.close();
      throw failed("model " + file + " is an encoder (expected: a model that generates text)");
    }
    return model;
  }

  /**
   * Makes the running state for {@code sequences} sequences of {@code tokens} tokens each.
   *
   * <p>Each sequence has key-value memory of its own. One memory for all would let sequences share
   * a prefix without a copy and borrow room from each other, but attention then walks over the
   * cells of all: measured on two cores with 16 streams of 511-token prompts, prefill took 2.0
   * times and decoding 1.75 times as long.
   *
   * @throws EngineFailure LOAD_FAILED with the reason, mostly too little memory
   */
  public Context context(int sequences, int tokens, int threads) {
    library.log().clear();
    Arena arena = Arena.ofShared();
    try {
      MemorySegment params = library.contextDefaults(arena);
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "n_ctx", Math.multiplyExact(sequences, tokens));
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "n_batch", LOGICAL_BATCH + sequences);
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "n_ubatch", PHYSICAL_BATCH);
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "n_seq_max", sequences);
      // Few tokens ask for logits; the default reserves rows for a whole batch.
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "n_outputs_max", sequences + GUESSES);
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "n_threads", threads);
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "n_threads_batch", threads);
      // A sliding window kept whole can be cut back, so prefixes can be used again.
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "swa_full", true);
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "kv_unified", false);
      Layouts.set(params, Layouts.CONTEXT_PARAMS, "no_perf", true);
      MethodHandle create =
          library.llama(
              "llama_init_from_model",
              FunctionDescriptor.of(ADDRESS, ADDRESS, Layouts.CONTEXT_PARAMS));
      MemorySegment context = (MemorySegment) create.invokeExact(pointer, params);
      if (context.address() == 0) {
        String size = sequences + " slots of " + tokens + " tokens";
        throw failed("no context for " + size + ": " + library.log().reason());
      }
      ThreadPool pool = new ThreadPool(library, threads);
      pool.attach(library, context);
      return new Context(library, arena, context, pool, vocabulary.size());
    } catch (Throwable t) {
      arena.close();
      throw Library.unexpected(t);
    }
  }

  /** Its tokens. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The library's own description, such as "llama 135M Q4_0". */
  public String description() {
    MethodHandle describe =
        library.llama(
            "llama_model_desc", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(256);
      int ignored = (int) describe.invokeExact(pointer, buffer, 256L);
      return ignored < 0 ? "" : buffer.getString(0);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /** The context the model was trained for, in tokens. */
  public int trainedContext() {
    try {
      return (int)
          library
              .llama("llama_model_n_ctx_train", FunctionDescriptor.of(JAVA_INT, ADDRESS))
              .invokeExact(pointer);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /** Number of weights. */
  public long parameters() {
    return number("llama_model_n_params");
  }

  /** Size of the weights in bytes. */
  public long bytes() {
    return number("llama_model_size");
  }

  /**
   * Whether a sequence's memory is a running state, which can be neither cut nor shared in part.
   */
  public boolean recurrent() {
    return is("llama_model_is_recurrent") || is("llama_model_is_hybrid");
  }

  /** The chat template the file carries, in Jinja, or null. */
  public @Nullable String template() {
    MethodHandle template =
        library.llama(
            "llama_model_chat_template", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    try {
      MemorySegment text = (MemorySegment) template.invokeExact(pointer, MemorySegment.NULL);
      return text.address() == 0 ? null : Library.text(text);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  private boolean is(String question) {
    try {
      return (boolean)
          library
              .llama(question, FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS))
              .invokeExact(pointer);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  private long number(String question) {
    try {
      return (long)
          library.llama(question, FunctionDescriptor.of(JAVA_LONG, ADDRESS)).invokeExact(pointer);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  private static MemorySegment pointer(Library library, String question, MemorySegment of) {
    try {
      return (MemorySegment)
          library.llama(question, FunctionDescriptor.of(ADDRESS, ADDRESS)).invokeExact(of);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  private static EngineFailure failed(String message) {
    return new EngineFailure(EngineFailure.Kind.LOAD_FAILED, message);
  }

  @Override
  public void close() {
    try {
      library.llama("llama_model_free", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(pointer);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }
}
