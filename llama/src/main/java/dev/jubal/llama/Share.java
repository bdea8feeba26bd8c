package dev.jubal.llama;

/**
 * Whose turn a request takes when requests wait: slots go round by team, then key, then end user.
 *
 * @param weight how many turns a team gets for each one of a team of weight 1, 1 to 1000
 * @param background whether it gives way to every request that is not
 */
public record Share(String team, String key, String user, int weight, boolean background) {
  /** Nobody in particular. */
  public static final Share NONE = new Share("", "", "", 1, false);

  public Share {
    if (weight < 1 || weight > 1000) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: 1..1000)");
    }
  }
}
