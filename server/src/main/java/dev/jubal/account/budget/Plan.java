package dev.jubal.account.budget;

import java.util.Comparator;
import java.util.List;

/**
 * What a team pays by.
 *
 * @param creditsNeeded whether only what was paid in can be spent
 * @param monthlyTicks credits it gets each month, which end with the month
 * @param multiplierPermille share of the list price, 1000 for all of it
 * @param steps shares of that price from a month's spend on
 */
public record Plan(
    String name,
    boolean creditsNeeded,
    long monthlyTicks,
    long multiplierPermille,
    List<Step> steps,
    String about) {
  /** The plan of the first team. */
  public static final Plan SELF_HOSTED =
      new Plan("self-hosted", false, 0, 1000, List.of(), "No credits needed, no budget.");

  /**
   * A step.
   *
   * @param fromTicks what was spent in the month before it holds
   */
  public record Step(long fromTicks, long permille) {}

  public Plan {
    steps = steps.stream().sorted(Comparator.comparingLong(Step::fromTicks)).toList();
  }

  /** The share of the list price after so much was spent in the month, in millionths. */
  public long millionths(long spentTicks) {
    long step = 1000;
    for (Step s : steps) {
      if (spentTicks >= s.fromTicks()) {
        step = s.permille();
      }
    }
    return multiplierPermille * step;
  }
}
