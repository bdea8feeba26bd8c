package dev.jubal.llama.sampling;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.jubal.llama.Sampling;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Draws tokens nobody wants, so that the compiler has seen the vector loops before the first
 * request: interpreted, a draw takes 8 ms instead of 10 µs, which the first answer would wait for.
 */
public final class Rehearsal {
  private static final int DRAWS = 120;
  private static final float SPREAD = 3;

  private Rehearsal() {}

  /** Takes about half a second of one core the first time in a process, then some milliseconds. */
  public static void run(int vocabulary) {
    List<Sampling> kinds =
        List.of(
            Sampling.greedy(),
            new Sampling(0.5f, 0.9f, 0, 0, 0, 0, Map.of(), 1),
            new Sampling(1, 1, 0, 0, 0, 0, Map.of(), 1),
            new Sampling(1, 1, 40, 0.05f, 0, 0, Map.of(), 1));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment row = arena.allocate(JAVA_FLOAT, vocabulary);
      Random random = new Random(1);
      for (int i = 0; i < vocabulary; i++) {
        row.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian() * SPREAD);
      }
      // A row of a model has a few tokens that stand out.
      row.setAtIndex(JAVA_FLOAT, vocabulary / 2, 6 * SPREAD);
      Workspace space = new Workspace(arena, vocabulary);
      Distribution distribution = new Distribution(vocabulary, 20);
      long[] mask = new long[(vocabulary + 63) >> 6];
      for (int word = 0; word < mask.length; word += 3) {
        mask[word] = random.nextLong();
      }
      for (Sampling kind : kinds) {
        Sampler sampler = new Sampler(kind, 0, vocabulary);
        for (int i = 0; i < DRAWS; i++) {
          sampler.draw(row, space);
          sampler.drawLegal(row, mask, space);
        }
      }
      distribution.read(row, 20);
    }
  }
}
