package dev.jubal.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The running state of a model: the key-value memory of every sequence and the thread pool.
 *
 * <p>Used by one thread at a time.
 */
public final class Context implements AutoCloseable {
  private static final FunctionDescriptor TRANSFER =
      FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);

  private final Arena arena;
  private final MemorySegment pointer;
  private final MemorySegment memory;
  private final ThreadPool threads;
  private final int vocabulary;
  private final MethodHandle free;
  private final MethodHandle decode;
  private final MethodHandle logits;
  private final MethodHandle remove;
  private final MethodHandle copy;
  private final MethodHandle stateSize;
  private final MethodHandle getState;
  private final MethodHandle setState;

  Context(Library library, Arena arena, MemorySegment pointer, ThreadPool threads, int vocabulary) {
    this.arena = arena;
    this.pointer = pointer;
    this.threads = threads;
    this.vocabulary = vocabulary;
    free = library.llama("llama_free", FunctionDescriptor.ofVoid(ADDRESS));
    decode = library.llama("llama_decode", FunctionDescriptor.of(JAVA_INT, ADDRESS, Layouts.BATCH));
    logits =
        library.llama("llama_get_logits_ith", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    remove =
        library.llama(
            "llama_memory_seq_rm",
            FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
    copy =
        library.llama(
            "llama_memory_seq_cp",
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    stateSize =
        library.llama(
            "llama_state_seq_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
    getState = library.llama("llama_state_seq_get_data", TRANSFER);
    setState = library.llama("llama_state_seq_set_data", TRANSFER);
    try {
      memory =
          (MemorySegment)
              library
                  .llama("llama_get_memory", FunctionDescriptor.of(ADDRESS, ADDRESS))
                  .invokeExact(pointer);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /** A batch for this context; it lives as long. */
  public Batch batch(int capacity, int sequences) {
    return new Batch(arena, capacity, sequences);
  }

  /** Computes a batch; 0 is success, anything else the library's code. */
  public int decode(Batch batch) {
    try {
      return (int) decode.invokeExact(pointer, batch.struct());
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /**
   * The logits after the token at {@code index} of the last batch: one float a token of the
   * vocabulary, valid until the next step.
   */
  // Restricted: the row's length is the library's contract, which only this method knows.
  @SuppressWarnings("restricted")
  public MemorySegment logits(int index) {
    try {
      MemorySegment row = (MemorySegment) logits.invokeExact(pointer, index);
      if (row.address() == 0) {
        throw new IllegalStateException("no logits at index " + index + " of the batch");
      }
      return row.reinterpret(4L * vocabulary);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /** Forgets a sequence from a position on; false if this kind of memory cannot forget a part. */
  public boolean removeFrom(int sequence, int position) {
    try {
      return (boolean) remove.invokeExact(memory, sequence, position, -1);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /**
   * Makes {@code to} a copy of {@code from}, whole: each sequence has memory of its own, and the
   * library aborts the process when asked for a part. What {@code to} held must be removed before.
   */
  public void copy(int from, int to) {
    try {
      copy.invokeExact(memory, from, to, -1, -1);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /** Bytes that {@link #state} needs for a sequence. */
  public long stateBytes(int sequence) {
    try {
      return (long) stateSize.invokeExact(pointer, sequence);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /** Copies the memory of a sequence out; returns the bytes written, 0 if it cannot be done. */
  public long state(int sequence, MemorySegment into) {
    try {
      return (long) getState.invokeExact(pointer, into, into.byteSize(), sequence);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  /**
   * Copies the memory of a sequence in; false if the library refuses it. The bytes must be such as
   * {@link #state} gave for the same model, library and size of context: others may end the
   * process.
   */
  public boolean restore(int sequence, MemorySegment from) {
    try {
      return (long) setState.invokeExact(pointer, from, from.byteSize(), sequence) != 0;
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  @Override
  public void close() {
    try {
      free.invokeExact(pointer);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
    threads.close();
    arena.close();
  }
}
