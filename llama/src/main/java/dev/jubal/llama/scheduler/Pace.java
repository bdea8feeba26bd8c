package dev.jubal.llama.scheduler;

/**
 * What a further token in a decode step costs, learned from the steps themselves: a line through
 * their times, old ones fading. On two cores it is a third to a half of a step of one token, on a
 * graphics card next to nothing.
 */
final class Pace {
  /** Steps of more tokens read prompts, and tell nothing about answers. */
  private static final int MOST_TOKENS = 32;

  private static final double FADING = 0.99;
  private static final double UNKNOWN = 0.45;
  private static final double LEAST_SPREAD = 0.2;

  private double weight;
  private double tokens;
  private double nanos;
  private double squares;
  private double products;

  void step(int count, long took) {
    if (count > MOST_TOKENS) {
      return;
    }
    weight = weight * FADING + 1;
    tokens = tokens * FADING + count;
    nanos = nanos * FADING + took;
    squares = squares * FADING + (double) count * count;
    products = products * FADING + (double) count * took;
  }

  /** The cost of one more token, in steps of one token: 0.02 to 1. */
  double price() {
    double spread = weight * squares - tokens * tokens;
    if (spread < LEAST_SPREAD * weight * weight) {
      return UNKNOWN;
    }
    double slope = (weight * products - tokens * nanos) / spread;
    double one = (nanos - slope * tokens) / weight + slope;
    return one <= 0 ? 1 : Math.clamp(slope / one, 0.02, 1);
  }
}
