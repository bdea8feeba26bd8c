package dev.jubal.llama.sampling;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Sampling;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fast sampler against the plain one of {@link Reference}, on random logits. */
final class SamplerTest {
  private final Arena arena = Arena.ofConfined();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @AfterEach
  void free() {
    arena.close();
  }

  private float[] logits(int count, double spread) {
    float[] logits = new float[count];
    for (int i = 0; i < count; i++) {
      logits[i] = (float) (random.nextGaussian() * spread);
    }
    return logits;
  }

  private MemorySegment row(float[] logits) {
    return arena.allocateFrom(JAVA_FLOAT, logits);
  }

  private Sampling sampling() {
    Map<Integer, Float> bias = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      bias.put(random.nextInt(60), random.nextInt(3) == 0 ? -100f : random.nextFloat() * 6 - 3);
    }
    boolean penalties = random.nextInt(3) == 0;
    return new Sampling(
        random.nextInt(6) == 0 ? 0 : 0.1f + random.nextFloat() * 1.9f,
        random.nextBoolean() ? 1 : random.nextFloat(),
        random.nextBoolean() ? 0 : 1 + random.nextInt(70),
        random.nextBoolean() ? 0 : random.nextFloat() * 0.5f,
        penalties ? random.nextFloat() * 4 - 2 : 0,
        penalties ? random.nextFloat() * 4 - 2 : 0,
        bias,
        random.nextLong());
  }

  @Test
  void neverDrawsWhatTheReferenceForbids() {
    for (int round = 0; round < 1500; round++) {
      float[] logits = logits(61 + random.nextInt(3000), 0.5 + random.nextDouble() * 4);
      MemorySegment row = row(logits);
      Sampling sampling = sampling();
      Sampler sampler = new Sampler(sampling, random.nextInt(4), logits.length);
      Workspace space = new Workspace(arena, logits.length);
      List<Integer> drawn = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        double[] expected = Reference.probabilities(sampling, logits, drawn);
        int token = sampler.draw(row, space);
        String where = "seed " + seed + " round " + round + " draw " + i + " " + sampling;
        assertTrue(
            expected[token] > 0 || borderline(sampling, logits, drawn, token),
            where + " drew " + token);
        sampler.took(token);
        drawn.add(token);
      }
    }
  }

  /** Floats and doubles may disagree about the very last token of a cut, and about no other. */
  private static boolean borderline(
      Sampling sampling, float[] logits, List<Integer> drawn, int token) {
    Sampling wider =
        new Sampling(
            sampling.temperature(),
            Math.min(1, sampling.topP() * 1.00001f + 1e-6f),
            sampling.topK(),
            sampling.minP() * 0.99999f,
            sampling.frequencyPenalty(),
            sampling.presencePenalty(),
            sampling.logitBias(),
            0);
    if (sampling.temperature() == 0 || sampling.topP() == 0) {
      return false;
    }
    return Reference.probabilities(wider, logits, drawn)[token] > 0;
  }

  @Test
  void drawsWithTheProbabilitiesOfTheReference() {
    for (int round = 0; round < 24; round++) {
      float[] logits = logits(40 + random.nextInt(40), 1.5);
      Sampling some = sampling();
      Sampling sampling =
          new Sampling(
              Math.max(0.3f, some.temperature()),
              Math.max(0.05f, some.topP()),
              some.topK(),
              some.minP(),
              0,
              0,
              Map.of(3, 1.5f, 5, -100f),
              random.nextLong());
      double[] expected = Reference.probabilities(sampling, logits, List.of());
      Sampler sampler = new Sampler(sampling, 0, logits.length);
      Workspace space = new Workspace(arena, logits.length);
      MemorySegment row = row(logits);
      int draws = 20_000;
      int[] counts = new int[logits.length];
      for (int i = 0; i < draws; i++) {
        counts[sampler.draw(row, space)]++;
      }
      ChiSquare.assertDrawnLike(expected, counts, draws, "seed " + seed + ", " + sampling);
    }
  }

  @Test
  void cutsExactly() {
    // Probabilities 0.4, 0.3, 0.2, 0.1.
    float[] logits = new float[64];
    Arrays.fill(logits, -1e9f);
    double[] wanted = {0.4, 0.3, 0.2, 0.1};
    for (int i = 0; i < 4; i++) {
      logits[10 * (i + 1)] = (float) Math.log(wanted[i]);
    }
    assertEquals(List.of(10, 20), support(logits, new Sampling(1, 0.6f, 0, 0, 0, 0, Map.of(), 1)));
    assertEquals(List.of(10), support(logits, new Sampling(1, 0.39f, 0, 0, 0, 0, Map.of(), 1)));
    assertEquals(List.of(10, 20, 30), support(logits, new Sampling(1, 1, 3, 0, 0, 0, Map.of(), 1)));
    assertEquals(List.of(10, 20), support(logits, new Sampling(1, 1, 0, 0.6f, 0, 0, Map.of(), 1)));
    // top_p counts within what top_k leaves: 0.4 of 0.7 is 57 %.
    assertEquals(List.of(10), support(logits, new Sampling(1, 0.55f, 2, 0, 0, 0, Map.of(), 1)));
  }

  private List<Integer> support(float[] logits, Sampling sampling) {
    Sampler sampler = new Sampler(sampling, 0, logits.length);
    Workspace space = new Workspace(arena, logits.length);
    MemorySegment row = row(logits);
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int token = sampler.draw(row, space);
      if (!found.contains(token)) {
        found.add(token);
      }
    }
    return found.stream().sorted().toList();
  }

  @Test
  void equalLogitsGiveTheFirst() {
    float[] logits = new float[1000];
    logits[333] = 2;
    logits[777] = 2;
    Sampler sampler = new Sampler(Sampling.greedy(), 0, logits.length);
    assertEquals(333, sampler.draw(row(logits), new Workspace(arena, logits.length)));
  }

  @Test
  void aRaisedTokenIsDrawnOnceItLeadsUnlessABiasForbidsIt() {
    float[] logits = new float[70];
    logits[3] = 5;
    int[] raised = {8, 9};
    Workspace space = new Workspace(arena, logits.length);
    Sampler plain = new Sampler(Sampling.greedy(), 0, logits.length);
    assertEquals(3, plain.drawRaised(row(logits), raised, 4.9f, space));
    assertEquals(8, plain.drawRaised(row(logits), raised, 5.1f, space));
    assertEquals(3, plain.draw(row(logits), space));
    Sampling never = new Sampling(0, 1, 0, 0, 0, 0, Map.of(8, -100f), 0);
    assertEquals(9, new Sampler(never, 0, logits.length).drawRaised(row(logits), raised, 9, space));
  }

  @Test
  void choicesOfOneSeedDiffer() {
    float[] logits = logits(500, 1);
    Sampling sampling = new Sampling(1, 1, 0, 0, 0, 0, Map.of(), 42);
    assertEquals(series(sampling, 0, logits), series(sampling, 0, logits));
    assertNotEquals(series(sampling, 0, logits), series(sampling, 1, logits));
  }

  private List<Integer> series(Sampling sampling, int choice, float[] logits) {
    Sampler sampler = new Sampler(sampling, choice, logits.length);
    Workspace space = new Workspace(arena, logits.length);
    MemorySegment row = row(logits);
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      drawn.add(sampler.draw(row, space));
    }
    return drawn;
  }

  @Test
  void onlyReadsTheRow() {
    float[] logits = logits(300, 1);
    MemorySegment row = row(logits);
    Sampling sampling = new Sampling(1, 0.9f, 5, 0.01f, 1, 1, Map.of(3, 9f), 1);
    new Sampler(sampling, 0, 300).draw(row, new Workspace(arena, 300));
    for (int i = 0; i < 300; i++) {
      assertEquals(logits[i], row.getAtIndex(JAVA_FLOAT, i));
    }
  }

  @Test
  void refusesWhatCannotBeDrawn() {
    float[] logits = new float[64];
    logits[7] = Float.NaN;
    Sampler sampler = new Sampler(Sampling.greedy(), 0, 64);
    Workspace space = new Workspace(arena, 64);
    assertThrows(IllegalStateException.class, () -> sampler.draw(row(logits), space));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Sampler(new Sampling(3, 1, 0, 0, 0, 0, Map.of(), 0), 0, 64));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Sampler(new Sampling(1, 1, 0, 0, 0, 0, Map.of(64, 1f), 0), 0, 64));
  }

  @Test
  void logprobsAreThoseOfTheReference() {
    for (int round = 0; round < 50; round++) {
      float[] logits = logits(30 + random.nextInt(5000), 3);
      double[] expected =
          Reference.probabilities(new Sampling(1, 1, 0, 0, 0, 0, Map.of(), 0), logits, List.of());
      Distribution distribution = new Distribution(logits.length, 20);
      distribution.read(row(logits), 20);
      assertEquals(20, distribution.count());
      int best = distribution.token(0);
      for (int i = 0; i < logits.length; i++) {
        assertEquals(Math.log(expected[i]), distribution.logprob(i), 1e-3, "seed " + seed);
        assertTrue(expected[i] <= expected[best]);
      }
      for (int rank = 1; rank < 20; rank++) {
        int above = distribution.token(rank - 1);
        assertTrue(logits[above] >= logits[distribution.token(rank)], "seed " + seed);
      }
    }
  }

  @Test
  void ranksByValueThenId() {
    for (int round = 0; round < 1000; round++) {
      float a = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
      float b = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
      int id = random.nextInt(1 << 20);
      assertEquals(a, Ranked.value(Ranked.key(a, id)));
      assertEquals(id, Ranked.id(Ranked.key(a, id)));
      assertEquals(Float.compare(a, b), Long.compare(Ranked.key(a, 1), Ranked.key(b, 1)));
      assertTrue(Ranked.key(a, id) > Ranked.key(a, id + 1));
    }
  }
}
