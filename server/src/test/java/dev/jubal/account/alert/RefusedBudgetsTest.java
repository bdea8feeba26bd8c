package dev.jubal.account.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.Window;
import dev.jubal.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Refusals that alerts look at, of budgets that many names share. */
final class RefusedBudgetsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final int NAMES = 20_000;

  private final SettableClock clock = new SettableClock(NOW);
  private final RefusedBudgets refused = new RefusedBudgets(clock);

  private static Budget daily(String team) {
    return new Budget(
        "budget-of-" + team,
        team,
        Budget.Scope.END_USER,
        Budget.EACH,
        Window.DAILY,
        true,
        1000,
        NOW);
  }

  @Test
  void manyNamesOfOneBudgetHideNoOther() {
    for (int i = 0; i < NAMES; i++) {
      refused.refused(daily("loud"), "user-" + i, 10);
    }
    refused.refused(daily("quiet"), "anna", 10);
    assertEquals(1, refused.of(daily("quiet"), NOW).size());
    int kept = refused.of(daily("loud"), NOW).size();
    assertTrue(kept > 0 && kept < NAMES / 10, kept + " of " + NAMES);
  }

  @Test
  void aDayLaterThereIsRoomAgain() {
    for (int i = 0; i < NAMES; i++) {
      refused.refused(daily("loud"), "user-" + i, 10);
    }
    clock.move(Duration.ofDays(1));
    assertEquals(0, refused.of(daily("loud"), clock.instant()).size());
    refused.forget(clock.instant());
    refused.refused(daily("loud"), "anna", 10);
    assertEquals("anna", refused.of(daily("loud"), clock.instant()).getFirst().subject());
  }
}
