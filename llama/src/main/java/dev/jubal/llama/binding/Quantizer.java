package dev.jubal.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jubal.llama.EngineFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Writes a model's weights anew in another number format. */
public final class Quantizer {
  /** 4 bits with a scale: the form with the fastest kernels on CPUs. */
  public static final int Q4_0 = 2;

  /** 4 bits that are not spread evenly: nearly as fast on CPUs as {@link #Q4_0}, and truer. */
  public static final int IQ4_NL = 25;

  /** 8 bits with a scale. */
  public static final int Q8_0 = 7;

  private final Library library;

  public Quantizer(Library library) {
    this.library = library;
  }

  /**
   * Reads {@code source} and writes {@code target}, which takes about a second for 100 MB. The
   * target is not written atomically: give a temporary name and rename it.
   *
   * @param format a number of the library's file types, such as {@link #Q4_0}
   * @throws EngineFailure LOAD_FAILED if the source is damaged, INTERNAL if writing failed
   */
  public void requantize(Path source, Path target, int format) {
    requantize(source, target, format, OptionalInt.empty());
  }

  /**
   * The same, with the token embeddings in a format of their own. In a model that uses them as its
   * last layer too, the library would keep them in 8 bits: a third of a small model's bytes.
   *
   * @param embedding a number of the library's tensor types; the library chooses where it is empty
   */
  public void requantize(Path source, Path target, int format, OptionalInt embedding) {
    GgufFile.read(source);
    library.log().clear();
    FunctionDescriptor defaults = FunctionDescriptor.of(Layouts.QUANTIZE_PARAMS);
    MethodHandle quantize =
        library.llama(
            "llama_model_quantize", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params =
          (MemorySegment)
              library
                  .llama("llama_model_quantize_default_params", defaults)
                  .invoke((SegmentAllocator) arena);
      Layouts.set(params, Layouts.QUANTIZE_PARAMS, "nthread", 0);
      Layouts.set(params, Layouts.QUANTIZE_PARAMS, "ftype", format);
      Layouts.set(params, Layouts.QUANTIZE_PARAMS, "allow_requantize", true);
      if (embedding.isPresent()) {
        int type = embedding.getAsInt();
        Layouts.set(params, Layouts.QUANTIZE_PARAMS, "token_embedding_type", type);
      }
      MemorySegment from = arena.allocateFrom(source.toString());
      MemorySegment to = arena.allocateFrom(target.toString());
      int code = (int) quantize.invokeExact(from, to, params);
      if (code != 0) {
        String said = library.log().reason();
        throw new EngineFailure(
            EngineFailure.Kind.INTERNAL,
            "re-quantising " + source + " to " + target + " ended with " + code + ": " + said);
      }
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }
}
