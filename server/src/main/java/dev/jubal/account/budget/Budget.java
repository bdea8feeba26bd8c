package dev.jubal.account.budget;

import java.time.Instant;
import java.util.Locale;

/**
 * How much may be spent.
 *
 * @param subject the id of the project or key, the name of the end user, the id of the team; {@code
 *     *} for each one of them
 * @param hard whether it refuses; else it only tells
 * @param ticks its amount, 1e-10 USD, at least 0
 */
public record Budget(
    String id,
    String teamId,
    Scope scope,
    String subject,
    Window window,
    boolean hard,
    long ticks,
    Instant created) {
  /** Each one of a scope. */
  public static final String EACH = "*";

  /** Whose spending counts. */
  public enum Scope {
    TEAM,
    PROJECT,
    KEY,
    END_USER;

    /** As it is stored and written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Its name in refusals and in the ledger, such as budget_daily. */
  public String name() {
    return window == Window.PREPAID ? "credits" : "budget_" + window.text();
  }
}
