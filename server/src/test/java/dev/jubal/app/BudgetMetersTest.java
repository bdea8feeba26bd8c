package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.alert.RefusedBudgets;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetConfig;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Budgets;
import dev.jubal.account.budget.Told;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shares that are shown are those of budgets that there are, in the windows that are now. */
final class BudgetMetersTest {
  private static final Price A_TICK_A_TOKEN =
      new Price(Instant.EPOCH, new Price.Rate(1, 1, 1), 0, Price.Rate.FREE, "test");

  @TempDir private Path folder;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T12:00:00Z"));
  private final ServerMetrics metrics = new ServerMetrics();
  private final BudgetMeters meters = new BudgetMeters(metrics, new RefusedBudgets(clock), clock);
  private Database database;
  private BudgetStore store;
  private Budgets budgets;

  @BeforeEach
  void open() {
    database = Database.open(folder);
    store = new BudgetStore(database, clock);
    budgets = guard();
  }

  @AfterEach
  void close() {
    database.close();
    metrics.close();
  }

  /** One without figures, as they are after a time in which nobody asked. */
  private Budgets guard() {
    return new Budgets(
        new Budgets.Parts(
            database, BudgetConfig.STANDARD, clock, (_, _) -> {}, Told.NOBODY, Optional.empty()));
  }

  private String team(String name) {
    return new TeamStore(database).create(name, Optional.empty(), clock.instant()).id();
  }

  private Budget budget(String team, Window window, long ticks) {
    Budget made =
        store.set(new BudgetStore.Wanted(team, Budget.Scope.TEAM, team, window, true, ticks));
    budgets.refresh();
    return made;
  }

  private void remove(Budget budget) {
    store.remove(budget.id());
    budgets.refresh();
  }

  private void spend(String team, long ticks) {
    Principal who = new Principal("key", "key", "xai-...test", "user", team, List.of());
    budgets
        .take(
            new Demand(
                UUID.randomUUID().toString(),
                who,
                Optional.empty(),
                "chat",
                "m",
                A_TICK_A_TOKEN,
                new Demand.Tokens(ticks, 0),
                true,
                clock.instant()))
        .settle(Usage.NONE, ticks);
  }

  /** The shares that a scrape sees now. */
  private List<Double> shown() {
    meters.show(budgets);
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith("jubal_budget_used{"))
        .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }

  @Test
  void eachWindowBeginsAtNothing() {
    String team = team("one");
    budget(team, Window.DAILY, 100);
    assertEquals(List.of(), shown(), "nobody asked so far");
    for (int day = 1; day <= 9; day++) {
      spend(team, 10L * day);
      assertEquals(List.of(day / 10.0), shown(), "those of the days before are in memory too");
      clock.move(Duration.ofDays(1));
      assertEquals(List.of(0.0), shown());
    }
  }

  @Test
  void aFigureThatIsGivenUpStandsUntilItsWindowEnds() {
    String team = team("one");
    budget(team, Window.DAILY, 100);
    spend(team, 90);
    assertEquals(List.of(0.9), shown());
    budgets = guard();
    assertEquals(List.of(0.9), shown());
    budget(team, Window.DAILY, 200);
    assertEquals(List.of(0.45), shown(), "of another amount");
    clock.move(Duration.ofDays(1));
    assertEquals(List.of(0.0), shown());
  }

  @Test
  void aRemovedBudgetIsShownNoLongerAndItsSuccessorIs() {
    String team = team("one");
    Budget first = budget(team, Window.TOTAL, 100);
    spend(team, 90);
    assertEquals(List.of(0.9), shown());
    remove(first);
    assertEquals(List.of(), shown());
    budget(team, Window.TOTAL, 100);
    spend(team, 30);
    assertEquals(List.of(0.3), shown());
    spend(team, 10);
    assertEquals(List.of(0.4), shown());
  }

  @Test
  void fiftyAreShownAndWhoGoesMakesRoom() {
    List<Budget> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String team = team("team-" + i);
      all.add(budget(team, Window.TOTAL, 100));
      spend(team, 50);
    }
    assertEquals(50, shown().size());
    all.subList(0, 20).forEach(this::remove);
    assertEquals(40, shown().size());
  }
}
