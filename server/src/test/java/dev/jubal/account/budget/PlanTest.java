package dev.jubal.account.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.admission.Admittance;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.price.PriceConfig;
import dev.jubal.account.price.PriceTable;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What plans make of prices, and what happens where budgets cannot be read. */
@ParameterizedClass
@EnumSource(Stores.class)
final class PlanTest {
  /** From this on in a month the plan enterprise pays 95 %, from ten times as much on 90 %. */
  private static final long STEP = 10_000_000_000_000L;

  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(START);
  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(on, folder, clock);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private Demand demand(String id, long prompt) {
    return shop.demand(id, shop.key("k"), Optional.empty(), prompt, 0);
  }

  private void spend(String id, long ticks) {
    long prompt = ticks / 2;
    shop.settle(shop.admit(demand(id, prompt)), Usage.of(prompt, 0, 0));
  }

  private long share() {
    return shop.guard.share(shop.key("k"), clock.instant());
  }

  @Test
  void whatIsSpentInAMonthMakesTheRestCheaper() {
    shop.plans.set(shop.team, "enterprise");
    shop.guard.refresh();
    assertEquals(1_000_000, share());
    spend("r1", STEP - 2);
    assertEquals(1_000_000, share(), "one tick short of it");
    Reservation running = shop.admittance.reserve(demand("r2", 1));
    assertEquals(1_000_000, share(), "what is held is not spent");
    running.release();
    spend("r3", 2);
    assertEquals(950_000, share());
    spend("r4", 9 * STEP);
    assertEquals(900_000, share());
    Budgets restarted =
        new Budgets(
            new Budgets.Parts(
                shop.database,
                BudgetConfig.STANDARD,
                clock,
                shop.ledger::extend,
                Told.NOBODY,
                Optional.empty()));
    assertEquals(900_000, restarted.share(shop.key("k"), clock.instant()), "after a restart too");
    PriceTable prices =
        new PriceTable(shop.database, PriceConfig.STANDARD, shop.guard::share, List.of(), () -> {});
    Price list = new Price(START, new Price.Rate(100, 10, 1000), 0, Price.Rate.FREE, "list");
    Price theirs = prices.price(shop.key("k"), "m", List.of(list), clock.instant());
    assertEquals(new Price.Rate(90, 9, 900), theirs.rate());
    assertTrue(theirs.source().contains("900000/1000000"), theirs.source());
    clock.move(Duration.ofDays(7));
    assertEquals(1_000_000, share(), "a month begins anew");
    assertEquals(0, shop.wrong());
  }

  @Test
  void otherPlansKnowNoSteps() {
    spend("r1", 20 * STEP);
    assertEquals(1_000_000, share());
  }

  @Test
  void noRequestAsksTheDatabaseWhatWasSpent() {
    shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 1000);
    shop.admittance.reserve(demand("r1", 1)).release();
    shop.database.close(); // whoever asked now would fail
    Reservation held = shop.admittance.reserve(demand("r2", 100));
    held.settle(Usage.of(100, 0, 0), 200);
    if (on == Stores.POSTGRESQL) {
      return; // there others may have spent: before it refuses it looks again
    }
    ApiException used =
        assertThrows(ApiException.class, () -> shop.admittance.reserve(demand("r3", 500)));
    assertTrue(used.text().contains("0.00000002 of 0.0000001 USD are taken"), used.text());
  }

  private Budgets openInOutages() {
    return new Budgets(
        new Budgets.Parts(
            shop.database,
            new BudgetConfig(BudgetConfig.Outage.OPEN, Duration.ofMillis(500)),
            clock,
            shop.ledger::extend,
            Told.NOBODY,
            Optional.empty()));
  }

  @Test
  void anOutageLetsRequestsPassWhereThatIsSaidAndElseNone() {
    shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 10);
    Admittance lenient = new Admittance(List.of(openInOutages()));
    rename("rollup_day", "gone");
    ApiException closed =
        assertThrows(ApiException.class, () -> shop.admittance.reserve(demand("r1", 1)));
    assertEquals(ErrorCode.SERVICE_UNAVAILABLE, closed.code());
    assertTrue(closed.retryAfter().isPresent());
    Reservation passed = lenient.reserve(demand("r2", 1_000_000));
    assertTrue(passed.extend(new Demand.Tokens(0, 1_000_000)), "and grows as it likes");
    passed.release();
    rename("gone", "rollup_day");
    ApiException used =
        assertThrows(ApiException.class, () -> lenient.reserve(demand("r3", 1_000_000)));
    assertEquals(ErrorCode.INSUFFICIENT_QUOTA, used.code(), "when they can be read again");
    lenient.reserve(demand("r4", 5)).release();
    shop.admittance.reserve(demand("r5", 5)).release();
  }

  @Test
  void whatPassesInAnOutageIsCountedInAllOfItsBudgets() {
    Budget busy = shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 1000);
    Budget fresh = shop.budget(Budget.Scope.KEY, "k", Window.DAILY, true, 1000);
    Budgets open = openInOutages();
    Admittance lenient = new Admittance(List.of(open));
    lenient.reserve(others(1)).release(); // the figures of the team are there now
    rename("rollup_day", "gone");
    Demand demand = demand("r2", 300);
    Reservation passed = lenient.reserve(demand);
    assertTrue(passed.extend(new Demand.Tokens(0, 10)));
    rename("gone", "rollup_day");
    assertEquals(
        ErrorCode.INSUFFICIENT_QUOTA,
        lenient.refusal(others(201)).orElseThrow().code(),
        "the team's learns of it while it runs");
    assertEquals(Optional.empty(), lenient.refusal(others(150)));
    shop.settle(shop.admitted(demand, passed), Usage.of(300, 0, 10));
    assertEquals(
        Set.of(new Budgets.Use(busy, shop.team, 700, 0), new Budgets.Use(fresh, "k", 700, 0)),
        Set.copyOf(open.uses(demand)));
    assertEquals(Optional.empty(), lenient.refusal(demand("r3", 150)));
    assertEquals(
        ErrorCode.INSUFFICIENT_QUOTA, lenient.refusal(demand("r4", 151)).orElseThrow().code());
    assertEquals(0, shop.wrong());
  }

  private Demand others(long prompt) {
    return shop.demand("q", shop.key("other"), Optional.empty(), prompt, 0);
  }

  private void rename(String from, String to) {
    shop.database.write(s -> s.update("ALTER TABLE " + from + " RENAME TO " + to));
  }
}
