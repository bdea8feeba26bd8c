package dev.jubal.llama.sampling;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.jubal.llama.Sampling;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Draws under a mask, against the plain sampler of {@link Reference} and by counting. */
final class MaskTest {
  private final Arena arena = Arena.ofConfined();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @AfterEach
  void free() {
    arena.close();
  }

  private float[] logits(int count) {
    float[] logits = new float[count];
    for (int i = 0; i < count; i++) {
      logits[i] = (float) (random.nextGaussian() * 1.5);
    }
    return logits;
  }

  private long[] mask(int count, double share) {
    long[] mask = new long[(count + 63) / 64];
    for (int i = 0; i < count; i++) {
      if (random.nextDouble() < share) {
        mask[i >> 6] |= 1L << i;
      }
    }
    mask[0] |= 1;
    return mask;
  }

  private static boolean legal(long[] mask, int token) {
    return (mask[token >> 6] >>> token & 1) != 0;
  }

  private static float[] masked(float[] logits, long[] mask) {
    float[] result = logits.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = legal(mask, i) ? result[i] : Float.NEGATIVE_INFINITY;
    }
    return result;
  }

  private static Sampling sampling(float temperature, float topP, int topK, float minP, long seed) {
    return new Sampling(temperature, topP, topK, minP, 0, 0, Map.of(), seed);
  }

  private void assertDrawnLike(double[] expected, int[] counts, int draws, Object what) {
    ChiSquare.assertDrawnLike(expected, counts, draws, "seed " + seed + ", " + what);
  }

  @Test
  void masksBeforeItCuts() {
    for (int round = 0; round < 24; round++) {
      float[] logits = logits(40 + random.nextInt(60));
      long[] mask = mask(logits.length, 0.3);
      Sampling sampling =
          sampling(
              0.4f + random.nextFloat(),
              random.nextBoolean() ? 1 : 0.3f + random.nextFloat() * 0.7f,
              random.nextBoolean() ? 0 : 1 + random.nextInt(20),
              random.nextBoolean() ? 0 : 0.1f,
              random.nextLong());
      double[] expected = Reference.probabilities(sampling, masked(logits, mask), List.of());
      Sampler sampler = new Sampler(sampling, 0, logits.length);
      Workspace space = new Workspace(arena, logits.length);
      MemorySegment row = arena.allocateFrom(JAVA_FLOAT, logits);
      int[] counts = new int[logits.length];
      for (int i = 0; i < 20_000; i++) {
        counts[sampler.drawLegal(row, mask, space)]++;
      }
      for (int i = 0; i < counts.length; i++) {
        assertTrue(counts[i] == 0 || legal(mask, i), "seed " + seed + " drew " + i);
      }
      assertDrawnLike(expected, counts, 20_000, sampling);
    }
  }

  @Test
  void askingFirstAndMaskingAfterIsTheSameDraw() {
    for (int round = 0; round < 10; round++) {
      float[] logits = logits(50);
      long[] mask = mask(logits.length, 0.5);
      Sampling sampling = sampling(0.9f, 1, 0, 0, random.nextLong());
      double[] expected = Reference.probabilities(sampling, masked(logits, mask), List.of());
      Sampler sampler = new Sampler(sampling, 0, logits.length);
      Workspace space = new Workspace(arena, logits.length);
      MemorySegment row = arena.allocateFrom(JAVA_FLOAT, logits);
      int[] counts = new int[logits.length];
      for (int i = 0; i < 20_000; i++) {
        int token = sampler.draw(row, space);
        counts[legal(mask, token) ? token : sampler.drawLegal(row, mask, space)]++;
      }
      assertDrawnLike(expected, counts, 20_000, "asked first");
    }
  }

  @Test
  void greedyNeverDependsOnTheOrder() {
    for (int round = 0; round < 500; round++) {
      float[] logits = logits(100 + random.nextInt(2000));
      long[] mask = mask(logits.length, random.nextDouble());
      Sampler sampler = new Sampler(Sampling.greedy(), 0, logits.length);
      Workspace space = new Workspace(arena, logits.length);
      MemorySegment row = arena.allocateFrom(JAVA_FLOAT, logits);
      int token = sampler.draw(row, space);
      int other = sampler.drawLegal(row, mask, space);
      assertTrue(legal(mask, other), "seed " + seed);
      assertTrue(!legal(mask, token) || token == other, "seed " + seed);
    }
  }

  @Test
  void aBiasNeverBreaksTheForm() {
    float[] logits = logits(70);
    logits[66] = 9;
    long[] mask = new long[2];
    mask[0] = 1L << 5;
    mask[1] = 1L << 2;
    Map<Integer, Float> bias = new HashMap<>(Map.of(5, -100f, 66, -100f, 7, 100f));
    Workspace space = new Workspace(arena, 70);
    MemorySegment row = arena.allocateFrom(JAVA_FLOAT, logits);
    Sampler both = new Sampler(new Sampling(0, 1, 0, 0, 0, 0, bias, 1), 0, 70);
    assertEquals(66, both.drawLegal(row, mask, space));
    bias.remove(5);
    Sampler one = new Sampler(new Sampling(0, 1, 0, 0, 0, 0, bias, 1), 0, 70);
    assertEquals(5, one.drawLegal(row, mask, space));
  }

  @Test
  void whatTheModelRulesOutIsStillDrawnIfNothingElseIsLegal() {
    float[] logits = logits(70);
    logits[66] = Float.NEGATIVE_INFINITY;
    MemorySegment row = arena.allocateFrom(JAVA_FLOAT, logits);
    Workspace space = new Workspace(arena, 70);
    Sampler sampler = new Sampler(sampling(1, 0.9f, 0, 0, 1), 0, 70);
    assertEquals(66, sampler.drawLegal(row, new long[] {0, 4}, space));
    assertThrows(
        IllegalStateException.class, () -> sampler.drawLegal(row, new long[] {0, 0}, space));
  }

  @Test
  void aDrawAllocatesNothingOfARowsSize() {
    int vocabulary = 49152;
    MemorySegment row = arena.allocateFrom(JAVA_FLOAT, logits(vocabulary));
    long[] mask = mask(vocabulary, 0.2);
    Workspace space = new Workspace(arena, vocabulary);
    Map<Integer, Float> bias = Map.of(3, 1f, 5, -100f);
    List<Sampling> kinds =
        List.of(
            new Sampling(0, 1, 0, 0, 0, 0, bias, 1),
            new Sampling(0.7f, 0.9f, 0, 0, 0.5f, 0.5f, bias, 1),
            new Sampling(1, 1, 40, 0.05f, 0, 0, Map.of(), 1),
            new Sampling(1, 1, 0, 0, 0, 0, Map.of(), 1));
    Distribution distribution = new Distribution(vocabulary, 20);
    for (Sampling kind : kinds) {
      Sampler sampler = new Sampler(kind, 0, vocabulary);
      // Compiled code allocates nothing; until it is compiled a vector is an object.
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 100 && least >= 256L * 20; round++) {
        least = Math.min(least, allocated(() -> draw(sampler, row, mask, space, distribution)));
      }
      // The heap of top_k is a small object; a row has 196,608 bytes.
      assertTrue(least < 256L * 20, kind + ": " + least / 20 + " bytes a draw (expected: < 256)");
    }
  }

  private static void draw(
      Sampler sampler, MemorySegment row, long[] mask, Workspace space, Distribution read) {
    for (int i = 0; i < 20; i++) {
      sampler.draw(row, space);
      sampler.took(sampler.drawLegal(row, mask, space));
      read.read(row, 0);
    }
  }

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
