package dev.jubal.account.budget;

import dev.jubal.platform.config.Key;
import java.time.Duration;

/** How budgets are held. */
public record BudgetConfig(
    @Key(
            value = "closed",
            doc =
                "What happens to a request whose budgets cannot be read: closed = refused with 503;"
                    + " open = let pass without them. Without a ledger nothing passes either way.")
        Outage outage,
    @Key(
            value = "500ms",
            doc = "How soon a change of budgets, credits or prices by another process is seen.")
        Duration refresh) {
  /** What an outage of the database does. */
  public enum Outage {
    CLOSED,
    OPEN
  }

  public static final BudgetConfig STANDARD =
      new BudgetConfig(Outage.CLOSED, Duration.ofMillis(500));
}
