package dev.jubal.account.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.alert.AlertRule.Kind;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Credits;
import dev.jubal.account.budget.Plans;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.limits.LimitBook;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.MachineSize;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

/** What rules see in sums, on both databases. */
@ParameterizedClass
@EnumSource(Stores.class)
class LooksTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:30:30Z");

  @Parameter private Stores on = Stores.SQLITE;
  @TempDir private Path folder = Path.of("");
  private final SettableClock clock = new SettableClock(NOW);
  private Database database;
  private Team team;
  private UsageMinutes minutes;

  @BeforeEach
  void open() {
    database = on.open(folder);
    new KeyStore(database, clock).firstStart();
    team = new TeamStore(database).named("default");
    minutes = new UsageMinutes(database, clock);
    minutes.watch(Set.of(team.id()));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private AlertRule rule(Kind kind, double threshold, int window) {
    return new AlertRule(
        "rule",
        team.id(),
        new AlertRule.Terms(kind, List.of(threshold), window, 10, "*"),
        new AlertRule.Destinations(Optional.of("https://example.com/"), List.of()),
        NOW);
  }

  private void settle(String model, int times, long tokens, long cost, Duration took, int status) {
    for (int i = 0; i < times; i++) {
      minutes.settled(
          team.id(),
          model,
          new Settlement(
              Usage.of(tokens, 0, 0),
              cost,
              0,
              true,
              took,
              Optional.of(took.dividedBy(10)),
              Optional.empty(),
              status,
              Optional.empty()));
    }
  }

  private List<UsageMinutes.Sum> sums(int reach) {
    minutes.flush();
    return minutes.minutes(team.id(), NOW.minus(reach, ChronoUnit.MINUTES), NOW);
  }

  /** A sum of the ledger by hour and day. */
  private void rollup(String model, Instant hour, long requests, long tokens, long cost) {
    for (String table : List.of("rollup_hour", "rollup_day")) {
      Instant start = table.equals("rollup_day") ? hour.truncatedTo(ChronoUnit.DAYS) : hour;
      database.write(
          s ->
              s.update(
                  "INSERT INTO "
                      + table
                      + " (team_id, start_us, key_id, project_id, model, endpoint, requests,"
                      + " failures, prompt_tokens, cached_tokens, image_tokens, completion_tokens,"
                      + " reasoning_tokens, cost_ticks, backend_cost_ticks)"
                      + " VALUES (?, ?, ?, '', ?, 'chat', ?, 0, ?, 0, 0, 0, 0, ?, 0)",
                  team.id(),
                  start,
                  "key-" + hour,
                  model,
                  requests,
                  tokens,
                  cost));
    }
  }

  private Observation look(AlertRule rule) {
    return new WindowLook(database)
        .look(rule, sums(rule.terms().windowMinutes()), NOW)
        .orElseThrow();
  }

  @Test
  void teamsWithoutRulesAreNotCounted() {
    minutes.watch(Set.of());
    settle("grok-4", 5, 1, 1, Duration.ofMillis(5), 200);
    assertEquals(List.of(), sums(5));
  }

  @Test
  void minutesAreWrittenAnewAndNotTwice() {
    settle("grok-4", 3, 10, 7, Duration.ofMillis(5), 200);
    assertEquals(3, sums(5).getFirst().requests());
    settle("grok-4", 2, 10, 7, Duration.ofMillis(5), 200);
    assertEquals(5, sums(5).getFirst().requests());
    assertEquals(35, sums(5).getFirst().costTicks());
    UsageMinutes other = new UsageMinutes(database, clock); // another node, or this one again
    other.watch(Set.of(team.id()));
    other.settled(
        team.id(),
        "grok-4",
        new Settlement(
            Usage.NONE,
            0,
            0,
            true,
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            499,
            Optional.empty()));
    other.flush();
    assertEquals(6, sums(5).stream().mapToLong(UsageMinutes.Sum::requests).sum());
    assertEquals(0, sums(5).stream().mapToLong(UsageMinutes.Sum::failures).sum());
  }

  @Test
  void errorsOfTheServerCountAndClientsThatLeftDoNot() {
    settle("grok-4", 14, 1, 1, Duration.ofMillis(5), 200);
    settle("grok-4", 4, 1, 1, Duration.ofMillis(5), 499);
    settle("grok-3", 1, 1, 1, Duration.ofMillis(5), 502);
    settle("grok-3", 1, 1, 1, Duration.ofMillis(5), 498);
    AlertRule rule = rule(Kind.ERROR_RATE, 10, 5);
    assertEquals(10, look(rule).reached().orElseThrow());
    assertTrue(look(rule).crossed(10));
    assertFalse(look(rule).over(10));
    assertTrue(look(rule).over(12));
  }

  @Test
  void tooFewRequestsSayNothingAndNoneThatItIsOver() {
    AlertRule rule = rule(Kind.ERROR_RATE, 10, 5);
    assertTrue(look(rule).over(10));
    settle("grok-4", 9, 1, 1, Duration.ofMillis(5), 502);
    assertEquals(Optional.empty(), new WindowLook(database).look(rule, sums(5), NOW));
  }

  @Test
  void timesAreTheNinetyFifthOfAHundred() {
    settle("grok-4", 94, 1, 1, Duration.ofMillis(100), 200);
    settle("grok-4", 6, 1, 1, Duration.ofSeconds(10), 200);
    double latency = look(rule(Kind.LATENCY, 5000, 5)).reached().orElseThrow();
    assertEquals(10_000, latency, 300);
    double first = look(rule(Kind.FIRST_TOKEN, 5000, 5)).reached().orElseThrow();
    assertEquals(1000, first, 30);
  }

  @Test
  void aRequestThatCostsThreeTimesAsMuchAsUsual() {
    AlertRule rule = rule(Kind.COST_PER_REQUEST, 3, 60);
    settle("grok-4", 10, 1, 300, Duration.ofMillis(5), 200);
    assertEquals(
        Optional.empty(), new WindowLook(database).look(rule, sums(60), NOW), "no past to compare");
    rollup("grok-4", Instant.parse("2026-11-20T10:00:00Z"), 100, 0, 10_000);
    rollup("grok-4", Instant.parse("2026-11-10T10:00:00Z"), 100, 0, 900_000); // too long ago
    rollup("grok-4", Instant.parse("2026-11-24T12:00:00Z"), 10, 0, 90_000); // the window itself
    Observation seen = look(rule);
    assertEquals(3, seen.reached().orElseThrow());
    assertTrue(seen.crossed(3));
    assertTrue(seen.facts().detail().contains("0.00000003 USD on average"), seen.facts().detail());
  }

  private List<Observation> forecast(AlertRule rule) {
    LimitBook book = new LimitBook(new LimitStore(database), new MachineSize(1, 1));
    return new ForecastLook(database, book, new Plans(database, clock))
        .look(rule, team, sums(2 * rule.terms().windowMinutes()), NOW);
  }

  @Test
  void aDaysTokensAtTheRateOfTheBusiestMinute() {
    new LimitStore(database)
        .set(
            LimitStore.Owner.team(team.id()),
            new Rule(Scope.MODEL, "grok-4", Quota.TOKENS_PER_DAY, 100_000));
    rollup("grok-4", Instant.parse("2026-11-24T09:00:00Z"), 100, 70_000, 0);
    rollup("grok-4", Instant.parse("2026-11-23T09:00:00Z"), 100, 90_000, 0); // another day
    clock.move(Duration.ofMinutes(-20));
    settle("grok-4", 10, 100, 0, Duration.ofMillis(5), 200); // the busiest: 1,000
    clock.move(Duration.ofMinutes(20));
    settle("grok-4", 10, 10, 0, Duration.ofMillis(5), 200);
    Observation day =
        forecast(rule(Kind.TOKEN_FORECAST, 60, 60)).stream()
            .filter(o -> o.item().equals("tokens_per_day/grok-4"))
            .findFirst()
            .orElseThrow();
    assertEquals(30, day.reached().orElseThrow()); // 30,000 are left
    assertTrue(day.crossed(60));
    assertFalse(day.crossed(20));
    assertTrue(day.over(20));
  }

  @Test
  void aMinutesTokensThatGrow() {
    new LimitStore(database)
        .set(
            LimitStore.Owner.team(team.id()),
            new Rule(Scope.TEAM, "*", Quota.TOKENS_PER_MINUTE, 4000));
    rollup("grok-4", Instant.parse("2026-11-24T09:00:00Z"), 1, 1, 0);
    clock.move(Duration.ofMinutes(-90));
    settle("grok-4", 10, 100, 0, Duration.ofMillis(5), 200); // 1,000 in the hour before
    clock.move(Duration.ofMinutes(90));
    settle("grok-4", 10, 200, 0, Duration.ofMillis(5), 200); // 2,000 now
    Observation minute =
        forecast(rule(Kind.TOKEN_FORECAST, 120, 60)).stream()
            .filter(o -> o.item().equals("tokens_per_minute/*"))
            .findFirst()
            .orElseThrow();
    assertEquals(120, minute.reached().orElseThrow(), 1e-9); // 2,000 more at 1,000 an hour
    settle("grok-4", 10, 200, 0, Duration.ofMillis(5), 200);
    assertTrue(
        forecast(rule(Kind.TOKEN_FORECAST, 120, 60)).stream()
            .filter(o -> o.item().equals("tokens_per_minute/*"))
            .allMatch(o -> o.reached().orElseThrow() == 0));
  }

  @Test
  void budgetsOfEachAndCredits() {
    BudgetLook look = new BudgetLook(database, clock, new RefusedBudgets(clock));
    new BudgetStore(database, clock)
        .set(
            new BudgetStore.Wanted(
                team.id(), Budget.Scope.KEY, Budget.EACH, Window.MONTHLY, false, 1000));
    rollup("grok-4", Instant.parse("2026-11-20T10:00:00Z"), 1, 0, 500);
    rollup("grok-4", Instant.parse("2026-11-20T11:00:00Z"), 1, 0, 100);
    AlertRule rule = rule(Kind.BUDGET, 50, 0);
    List<Observation> seen = look.look(rule, NOW);
    assertEquals(1, seen.size(), "of whom nothing is to be told is not looked at");
    assertEquals(50, seen.getFirst().reached().orElseThrow());
    assertEquals("budget_monthly of key key-2026-11-20T10:00:00Z", seen.getFirst().facts().what());
    new Plans(database, clock).set(team.id(), "standard");
    new Credits(database, clock).add(team.id(), Credits.Origin.PURCHASE, 400, "paid");
    Observation credits = look.look(rule, NOW).getLast();
    assertEquals("credits of the whole team", credits.facts().what());
    assertEquals(60, credits.reached().orElseThrow()); // 600 spent before are owed no more
  }
}
