package dev.jubal.llama.scheduler;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LandingTest {

  @Test
  void oneTokenAgainAndAgainIsACircle() {
    int[] tokens = IntStream.range(0, 40).map(i -> i < 16 ? i : 7).toArray();
    assertTrue(Landing.circles(tokens, 40));
    assertFalse(Landing.circles(tokens, 38));
  }

  @Test
  void aStretchAgainAndAgainIsACircle() {
    int[] tokens = IntStream.range(0, 100).map(i -> i < 20 ? 1000 + i : i % 20).toArray();
    assertTrue(Landing.circles(tokens, 100));
    assertFalse(Landing.circles(tokens, 90));
  }

  @Test
  void aListOfLikeObjectsIsNone() {
    int[] tokens = IntStream.range(0, 120).map(i -> i % 6 == 3 ? 5000 + i : i % 6).toArray();
    assertFalse(Landing.circles(tokens, 120));
  }
}
