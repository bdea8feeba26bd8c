package dev.jubal.inference.reasoning;

import dev.jubal.inference.GenerationRequest;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import java.util.OptionalInt;

/** Start-up configuration of how much is thought before an answer. */
public record ReasoningConfig(
    @Key(value = "64", doc = "Most tokens of thought at reasoning effort low.") int low,
    @Key(
            value = "128",
            doc = "Most tokens of thought at effort medium, and where a model takes no effort.")
        int medium,
    @Key(value = "256", doc = "Most tokens of thought at effort high.") int high,
    @Key(value = "512", doc = "Most tokens of thought at effort xhigh.") int xhigh,
    @Key(
            value = "8",
            doc =
                "How many times as many tokens weights get that think by themselves, as they were"
                    + " trained for long thoughts.")
        int ownFactor) {
  public static final ReasoningConfig STANDARD = new ReasoningConfig(64, 128, 256, 512, 8);

  public ReasoningConfig {
    if (low < 1 || medium < 1 || high < 1 || xhigh < 1 || ownFactor < 1) {
      throw new ConfigException(
          "reasoning: "
              + low
              + ", "
              + medium
              + ", "
              + high
              + ", "
              + xhigh
              + ", "
              + ownFactor
              + " (expected: each at least 1).");
    }
  }

  /**
   * Most tokens of a thought: what the client allows, but no more than its effort gets.
   *
   * @param own whether the weights think by themselves
   */
  public int budget(GenerationRequest.Thought asked, boolean own) {
    String effort = asked.effort().orElse("medium");
    int tokens =
        switch (effort) {
          case "low", "minimal" -> low;
          case "high" -> high;
          case "xhigh" -> xhigh;
          default -> medium;
        };
    OptionalInt allowed = asked.budget();
    if (allowed.isPresent() && asked.effort().isEmpty()) {
      tokens = xhigh; // who names a number and no effort gets the number, if it is not beyond all
    }
    long most = (long) tokens * (own ? ownFactor : 1);
    return (int) Math.min(most, allowed.orElse(Integer.MAX_VALUE));
  }
}
