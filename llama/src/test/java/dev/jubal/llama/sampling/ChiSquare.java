package dev.jubal.llama.sampling;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whether counts are what probabilities would give. */
final class ChiSquare {
  private ChiSquare() {}

  /** Fails if the counts of so many draws differ from what was expected by more than chance. */
  static void assertDrawnLike(double[] expected, int[] counts, int draws, String what) {
    double chi = 0;
    int freedom = -1;
    for (int i = 0; i < counts.length; i++) {
      double mean = expected[i] * draws;
      if (mean >= 5) {
        chi += (counts[i] - mean) * (counts[i] - mean) / mean;
        freedom++;
      }
    }
    // Six standard deviations above the mean of the chi-square distribution, and a little.
    double limit = freedom + 6 * Math.sqrt(2.0 * Math.max(1, freedom)) + 10;
    assertTrue(chi < limit, what + ": chi² " + chi + " of " + freedom);
  }
}
