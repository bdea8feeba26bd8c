package dev.jubal.llama.sampling;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that the samplers of one decode loop use in turn, so that drawing a token allocates
 * nothing. Not thread-safe.
 */
public final class Workspace {
  final MemorySegment row;
  final long[] keys;
  final double[] blocks;

  /**
   * @param arena owns the native part
   * @param vocabulary number of tokens
   */
  public Workspace(Arena arena, int vocabulary) {
    row = arena.allocate(JAVA_FLOAT, vocabulary);
    keys = new long[vocabulary];
    blocks = new double[vocabulary / Row.BLOCK + 1];
  }
}
