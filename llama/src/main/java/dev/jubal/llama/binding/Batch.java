package dev.jubal.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The tokens of one decode step, in native memory that is used again and again. */
public final class Batch {
  private final int capacity;
  private final MemorySegment struct;
  private final MemorySegment tokens;
  private final MemorySegment positions;
  private final MemorySegment outputs;
  private final MemorySegment sequencePointers;
  private final MemorySegment sequences;
  private int size;

  Batch(Arena arena, int capacity, int sequenceCount) {
    this.capacity = capacity;
    struct = arena.allocate(Layouts.BATCH);
    tokens = arena.allocate(JAVA_INT, capacity);
    positions = arena.allocate(JAVA_INT, capacity);
    outputs = arena.allocate(JAVA_BYTE, capacity);
    sequencePointers = arena.allocate(ADDRESS, capacity);
    sequences = arena.allocate(JAVA_INT, sequenceCount);
    for (int i = 0; i < sequenceCount; i++) {
      sequences.setAtIndex(JAVA_INT, i, i);
    }
    MemorySegment ones = arena.allocate(JAVA_INT, capacity);
    for (int i = 0; i < capacity; i++) {
      ones.setAtIndex(JAVA_INT, i, 1);
    }
    Layouts.set(struct, Layouts.BATCH, "token", tokens);
    Layouts.set(struct, Layouts.BATCH, "embd", MemorySegment.NULL);
    Layouts.set(struct, Layouts.BATCH, "pos", positions);
    Layouts.set(struct, Layouts.BATCH, "n_seq_id", ones);
    Layouts.set(struct, Layouts.BATCH, "seq_id", sequencePointers);
    Layouts.set(struct, Layouts.BATCH, "logits", outputs);
  }

  /** Empties the batch. */
  public void clear() {
    size = 0;
  }

  /** Number of tokens in it. */
  public int size() {
    return size;
  }

  /** How many more fit. */
  public int room() {
    return capacity - size;
  }

  /**
   * Adds a token and returns its index, by which its logits are found after the step.
   *
   * @param output whether its logits are wanted
   */
  public int add(int token, int position, int sequence, boolean output) {
    tokens.setAtIndex(JAVA_INT, size, token);
    positions.setAtIndex(JAVA_INT, size, position);
    sequencePointers.setAtIndex(ADDRESS, size, sequences.asSlice(4L * sequence, 4));
    outputs.set(JAVA_BYTE, size, (byte) (output ? 1 : 0));
    return size++;
  }

  MemorySegment struct() {
    Layouts.set(struct, Layouts.BATCH, "n_tokens", size);
    return struct;
  }
}
