package dev.jubal.llama.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Share;
import dev.jubal.llama.scheduler.QueueSimulation.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class FairQueueTest {
  private static final Share FLOOD = new Share("team", "flood", "", 1, false);
  private static final Share SINGLE = new Share("team", "single", "", 1, false);

  /** Keeps {@code count} requests of a key in the engine. */
  private static void flood(QueueSimulation sim, int count, LongSupplier millis) {
    for (int i = 0; i < count; i++) {
      floodOnce(sim, millis);
    }
  }

  private static void floodOnce(QueueSimulation sim, LongSupplier millis) {
    sim.submit(FLOOD, 1, 128, millis.getAsLong(), job -> floodOnce(sim, millis));
  }

  /** Sends one request after the other. */
  private static void single(QueueSimulation sim, List<Job> into, long millis, long think) {
    Job job =
        sim.submit(
            SINGLE, 1, 128, millis, j -> sim.after(think, () -> single(sim, into, millis, think)));
    into.add(job);
  }

  /**
   * Answers of one length on slots in step are the worst there is for who comes a moment later: all
   * slots come free together, and are gone.
   */
  @ParameterizedTest
  @CsvSource({
    "4, 1000, 0, 0",
    "4, 1000, 0, 5",
    "4, 1000, 300, 5",
    "1, 1000, 0, 5",
    "2, 1000, 100, 20",
    "8, 2000, 800, 30",
    "16, 3000, 0, 10",
    "16, 1000, 500, 3"
  })
  void aSecondKeyGetsTheNextSlot(int slots, long millis, int spread, long think) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    QueueSimulation sim = new QueueSimulation(256, slots);
    LongSupplier length = () -> millis - spread + (spread == 0 ? 0 : random.nextInt(2 * spread));
    List<Job> alone = new ArrayList<>();
    sim.at(0, () -> flood(sim, 64 + slots, length));
    sim.at(3 * millis + millis / 2, () -> single(sim, alone, millis, think));
    sim.run(150 * millis);
    double between = sim.nowMillis() / (double) sim.releases().size();
    // The first two are how the queue learns that this key comes back at once.
    List<Long> waits =
        alone.stream().skip(2).filter(j -> j.started >= 0).map(Job::waitedMillis).sorted().toList();
    assertTrue(waits.size() > 40, "answers: " + waits.size());
    long p95 = waits.get((int) (waits.size() * 0.95));
    assertTrue(
        p95 <= 1.5 * between,
        "p95 %d ms, a slot each %.0f ms, seed %d: %s".formatted(p95, between, seed, waits));
  }

  @Test
  void slotsAreKeptOnlyForAMomentAndOnlyForWhoComesBack() {
    QueueSimulation sim = new QueueSimulation(256, 2);
    sim.at(0, () -> flood(sim, 20, () -> 1000));
    List<Job> alone = new ArrayList<>();
    sim.at(1500, () -> single(sim, alone, 1000, 5000)); // thinks longer than anyone waits
    sim.run(200_000);
    assertTrue(alone.size() > 20, "answers: " + alone.size());
    assertEquals(0, sim.keptNanos());
  }

  @Test
  void theEstimateIsHonestOnASteadyLoad() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    QueueSimulation sim = new QueueSimulation(256, 4);
    List<Job> probes = new ArrayList<>();
    sim.at(0, () -> flood(sim, 30, () -> 500 + random.nextInt(1000)));
    for (int i = 0; i < 200; i++) {
      Share share = i % 2 == 0 ? FLOOD : new Share("team", "k" + i % 5, "", 1, false);
      sim.at(
          5000 + i * 1300L,
          () -> probes.add(sim.submit(share, 1, 128, 500 + random.nextInt(1000), job -> {})));
    }
    sim.run(300_000);
    double told = 0;
    double real = 0;
    int honest = 0;
    for (Job probe : probes) {
      told += probe.etaMillis;
      real += probe.waitedMillis();
      double ratio = (probe.etaMillis + 250.0) / (probe.waitedMillis() + 250.0);
      honest += ratio > 0.5 && ratio < 2 ? 1 : 0;
    }
    String text = "told %.0f, waited %.0f, honest %d, seed %d".formatted(told, real, honest, seed);
    assertTrue(told / real > 0.75 && told / real < 1.33, text);
    assertTrue(honest >= 170, text);
  }

  @Test
  void nothingIsEstimatedWhileNothingIsKnown() {
    QueueSimulation sim = new QueueSimulation(256, 1);
    sim.at(0, () -> sim.submit(FLOOD, 1, 128, 1000, job -> {}));
    sim.at(1, () -> sim.submit(FLOOD, 1, 128, 1000, job -> {}));
    sim.at(1100, () -> sim.submit(FLOOD, 1, 128, 1000, job -> {}));
    sim.run(10_000);
    assertEquals(-2, sim.jobs().get(0).etaMillis); // a slot was free
    assertEquals(-1, sim.jobs().get(1).etaMillis);
    assertEquals(1, sim.jobs().get(1).position);
    assertTrue(Math.abs(sim.jobs().get(2).etaMillis - 900) <= 5);
  }

  @Test
  void positionsCountWhoWaitsAndNotWhoHasAFreeSlot() {
    QueueSimulation sim = new QueueSimulation(256, 2);
    sim.at(0, () -> flood(sim, 5, () -> 1000));
    sim.at(10, () -> sim.submit(SINGLE, 1, 10, 10, job -> {}));
    sim.run(10);
    assertEquals(List.of(0, 0, 1, 2, 3, 1), sim.jobs().stream().map(job -> job.position).toList());
  }

  @Test
  void aFloodCannotKeepOthersOut() {
    QueueSimulation sim = new QueueSimulation(8, 1);
    sim.at(0, () -> flood(sim, 20, () -> 1000));
    sim.at(10, () -> sim.submit(SINGLE, 1, 10, 10, job -> {}));
    sim.run(1500);
    Job single = sim.jobs().get(20);
    assertFalse(single.refused);
    assertEquals(1000, single.started / QueueSimulation.MILLI);
    assertEquals(12, sim.jobs().stream().filter(job -> job.generation.over()).count());
  }

  @Test
  void whoLeavesFreesItsPlaceAtOnce() {
    QueueSimulation sim = new QueueSimulation(2, 1);
    sim.at(0, () -> flood(sim, 3, () -> 1000));
    sim.run(0);
    Generation second = sim.jobs().get(1).generation;
    assertTrue(sim.queue().leave(second));
    assertFalse(sim.queue().leave(second));
    assertEquals(1, sim.queue().places().size());
    assertFalse(sim.submit(FLOOD, 1, 10, 10, job -> {}).refused);
    assertTrue(sim.submit(FLOOD, 1, 10, 10, job -> {}).refused);
  }

  @Test
  void aRequestOfManyChoicesHoldsUpNoOtherKey() {
    QueueSimulation sim = new QueueSimulation(256, 4);
    sim.at(0, () -> sim.submit(FLOOD, 128, 100, 1000, job -> {}));
    sim.at(500, () -> sim.submit(SINGLE, 1, 100, 1000, job -> {}));
    sim.at(501, () -> sim.submit(FLOOD, 1, 100, 1000, job -> {}));
    sim.run(100_000);
    assertEquals(1000, sim.jobs().get(1).started / QueueSimulation.MILLI);
    assertTrue(sim.jobs().get(2).started / QueueSimulation.MILLI <= 2000);
    assertEquals(130, sim.releases().size());
  }

  @Test
  void slotsNeverStandFreeWhileAnyoneWaits() {
    long seed = System.nanoTime();
    for (int round = 0; round < 20; round++) {
      Random random = new Random(seed + round);
      QueueSimulation sim = new QueueSimulation(1000, 1 + random.nextInt(6));
      for (int i = 0; i < 150; i++) {
        Share share =
            new Share(
                "t" + random.nextInt(3),
                "k" + random.nextInt(3),
                "u" + random.nextInt(3),
                1 + random.nextInt(3),
                random.nextInt(4) == 0);
        int choices = random.nextInt(5) == 0 ? 1 + random.nextInt(6) : 1;
        long millis = 1L + random.nextInt(400);
        sim.at(random.nextInt(5000), () -> sim.submit(share, choices, 64, millis, job -> {}));
      }
      sim.run(1_000_000);
      String text = "seed " + (seed + round);
      assertTrue(sim.jobs().stream().allMatch(job -> job.started >= 0), text);
      assertTrue(sim.keptNanos() <= 150L * FairQueue.MOST_KEPT, text);
      assertEquals(0, sim.queue().close().size(), text);
    }
  }
}
