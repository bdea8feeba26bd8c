package dev.jubal.account.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.LedgerCorrections;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.testing.Crowd;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Budgets: nobody spends more, whatever the schedule; the figures are those of the rows. */
@ParameterizedClass
@EnumSource(Stores.class)
class BudgetsTest {
  private static final Optional<String> NOBODY = Optional.empty();

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T23:00:00Z"));
  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(on, folder, clock);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private void restart() {
    shop.close();
    shop = new Shop(on, folder, clock);
  }

  private static ApiException refused(Runnable work) {
    ApiException e = assertThrows(ApiException.class, work::run);
    assertEquals(ErrorCode.INSUFFICIENT_QUOTA, e.code());
    return e;
  }

  @Test
  void aRequestPassesWhenTheMostItCanCostFits() {
    Budget b = shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 1200);
    Principal key = shop.key("k");
    Shop.Running first = shop.admit(shop.demand("r1", key, NOBODY, 100, 50));
    assertEquals(700, shop.use(b).reserved());
    assertEquals(
        "budget_daily of team "
            + shop.team
            + ": 0.00000007 of 0.00000012 USD are taken, and the request asks for 0.00000006; as"
            + " much is free in 3600 s (its amount is changed with: jubal budget set).",
        refused(() -> shop.admit(shop.demand("r2", key, NOBODY, 50, 50))).text());
    shop.settle(first, Usage.of(100, 50, 10));
    assertEquals(new Budgets.Use(b, shop.team, 250, 0), shop.use(b));
    shop.settle(shop.admit(shop.demand("r3", key, NOBODY, 50, 50)), Usage.of(50, 0, 50));
    assertEquals(850, shop.use(b).settled());
    assertEquals(0, shop.wrong());
  }

  @Test
  void aQuestionHoldsNothing() {
    Budget hard = shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 700);
    Budget soft = shop.budget(Budget.Scope.TEAM, shop.team, Window.MONTHLY, false, 1);
    Principal key = shop.key("k");
    Demand fits = shop.demand("q1", key, NOBODY, 100, 50);
    assertEquals(Optional.empty(), shop.admittance.refusal(fits));
    assertEquals(Optional.empty(), shop.admittance.held("q1"));
    assertEquals(0, shop.use(hard).reserved());
    assertEquals(0, shop.use(soft).reserved());
    assertEquals(
        ErrorCode.INSUFFICIENT_QUOTA,
        shop.admittance.refusal(shop.demand("q2", key, NOBODY, 101, 50)).orElseThrow().code());
    assertEquals(List.of(), shop.told, "neither a refusal nor a budget that is passed");
    shop.admit(shop.demand("r1", key, NOBODY, 100, 50));
    refused(() -> shop.admit(shop.demand("r2", key, NOBODY, 1, 0)));
    assertEquals(List.of("passed budget_monthly", "refused budget_daily"), shop.told);
  }

  @Test
  void whatAnAnswerMayGrowByIsHeldBeforeItIsWritten() {
    Budget b = shop.budget(Budget.Scope.KEY, "k", Window.TOTAL, true, 1000);
    Shop.Running r = shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 50));
    assertTrue(r.reservation().extend(new Demand.Tokens(0, 30)));
    assertEquals(1000, shop.use(b).reserved());
    assertTrue(!r.reservation().extend(new Demand.Tokens(0, 1)));
    assertEquals(Optional.empty(), r.reservation().bound().map(Bound::label), "nothing is cut yet");
    r.reservation().cut();
    assertEquals("budget_total:key k", r.reservation().bound().orElseThrow().label());
    shop.settle(r, Usage.of(100, 0, 80));
    assertEquals(new Budgets.Use(b, "k", 1000, 0), shop.use(b));
  }

  @Test
  void softBudgetsOnlyTellAndFreeWorkAlwaysPasses() {
    Budget soft = shop.budget(Budget.Scope.TEAM, shop.team, Window.MONTHLY, false, 10);
    shop.settle(
        shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 50)), Usage.of(100, 0, 50));
    assertEquals(700, shop.use(soft).settled());
    shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 0);
    refused(() -> shop.admit(shop.demand("r2", shop.key("k"), NOBODY, 1, 0)));
    shop.settle(shop.admit(shop.demand("r3", shop.key("k"), NOBODY, 0, 0)), Usage.NONE);
  }

  @Test
  void aRequestCountsInTheWindowItWasAdmittedIn() {
    Budget b = shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 700);
    Shop.Running late = shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 50));
    clock.move(Duration.ofHours(2)); // midnight passed
    Shop.Running next = shop.admit(shop.demand("r2", shop.key("k"), NOBODY, 100, 50));
    shop.settle(late, Usage.of(100, 0, 50));
    refused(() -> shop.admit(shop.demand("r3", shop.key("k"), NOBODY, 1, 0)));
    shop.settle(next, Usage.of(0, 0, 0));
    clock.move(Duration.ofHours(-2)); // set back: yesterday is used up all the same
    refused(() -> shop.admit(shop.demand("r4", shop.key("k"), NOBODY, 1, 0)));
    restart();
    refused(() -> shop.admit(shop.demand("r5", shop.key("k"), NOBODY, 1, 0)));
    clock.move(Duration.ofHours(2));
    shop.admit(shop.demand("r6", shop.key("k"), NOBODY, 100, 50));
    assertEquals(0, shop.wrong());
    assertEquals(b.ticks(), shop.settledByRows("a.team_id = ?", shop.team));
  }

  @Test
  void theFirstRequestsOfAnUnknownEndUserDoNotAllPass() throws Exception {
    shop.budget(Budget.Scope.END_USER, Budget.EACH, Window.DAILY, true, 1000);
    AtomicInteger passed = new AtomicInteger();
    Crowd.of(
        250,
        i -> {
          Optional<String> user = Optional.of("new-" + i % 5);
          if (tried(shop.demand("r" + i, shop.key("k" + i), user, 100, 10)).isPresent()) {
            passed.incrementAndGet();
          }
        });
    assertEquals(5 * 3, passed.get());
  }

  private Optional<Shop.Running> tried(Demand demand) {
    try {
      return Optional.of(shop.admit(demand));
    } catch (ApiException e) {
      assertEquals(ErrorCode.INSUFFICIENT_QUOTA, e.code(), e.text());
      return Optional.empty();
    }
  }

  @Test
  void noScheduleOf250CallersSpendsMoreThanAnyBudget() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("BudgetsTest seed " + seed);
    List<Budget> all =
        List.of(
            shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 200_000),
            shop.budget(Budget.Scope.KEY, Budget.EACH, Window.MONTHLY, true, 60_000),
            shop.budget(Budget.Scope.END_USER, Budget.EACH, Window.TOTAL, true, 30_000));
    Crowd.of(250, i -> caller(i, new Random(seed + i), all));
    assertEquals(0, shop.overrun.get(), "seed " + seed);
    assertEquals(0, shop.wrong(), "seed " + seed);
    assertTrue(shop.settledByRows("a.team_id = ?", shop.team) <= 200_000, "seed " + seed);
    for (Budgets.Use u : shop.guard.uses(clock.instant())) {
      assertEquals(0, u.reserved(), "seed " + seed);
      assertEquals(byRows(u), u.settled(), "seed " + seed + " " + u);
      assertTrue(u.settled() <= u.budget().ticks(), "seed " + seed + " " + u);
    }
    List<Budgets.Use> before = shop.guard.uses(clock.instant());
    restart();
    Demand probe = shop.demand("probe", shop.key("k1"), Optional.of("u1"), 0, 0);
    for (Budgets.Use u : shop.guard.uses(probe)) {
      assertTrue(before.contains(u), "seed " + seed + ": after a restart " + u);
    }
  }

  private long byRows(Budgets.Use u) {
    return switch (u.budget().scope()) {
      case TEAM -> shop.settledByRows("a.team_id = ?", u.subject());
      case KEY -> shop.settledByRows("a.key_id = ?", u.subject());
      case END_USER -> shop.settledByRows("a.end_user = ?", u.subject());
      case PROJECT -> shop.settledByRows("a.project_id = ?", u.subject());
    };
  }

  private void caller(int i, Random random, List<Budget> all) {
    for (int n = 0; n < 8; n++) {
      String id = "r" + i + "-" + n;
      Optional<String> user = Optional.of("u" + random.nextInt(9));
      Demand d =
          shop.demand(id, shop.key("k" + i % 5), user, random.nextInt(300), random.nextInt(100));
      Optional<Shop.Running> running = tried(d);
      if (running.isEmpty()) {
        continue;
      }
      while (random.nextInt(3) == 0
          && running.get().reservation().extend(new Demand.Tokens(0, 1 + random.nextInt(99)))) {
        for (Budgets.Use u : shop.guard.uses(d)) {
          assertTrue(all.contains(u.budget()));
          assertTrue(u.settled() + u.reserved() <= u.budget().ticks(), () -> id + ": " + u);
        }
      }
      Demand.Tokens may = running.get().reservation().granted();
      shop.settle(
          running.get(),
          Usage.of(random.nextLong(may.prompt() + 1), 0, random.nextLong(may.output() + 1)));
    }
  }

  @Test
  void aBudgetMadeWhileRequestsRunCountsThem() {
    Shop.Running running = shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 50));
    Budget b = shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 1000);
    assertEquals(700, shop.use(b).reserved());
    refused(() -> shop.admit(shop.demand("r2", shop.key("k"), NOBODY, 100, 50)));
    shop.settle(running, Usage.of(100, 0, 20));
    assertEquals(0, shop.use(b).reserved());
    shop.admit(shop.demand("r3", shop.key("k"), NOBODY, 100, 40));
    assertEquals(400, shop.use(b).settled());
  }

  @Test
  void workThatGoesOnHoldsAfterARestartWhatItHeldBefore() {
    Budget b = shop.budget(Budget.Scope.TEAM, shop.team, Window.TOTAL, true, 1000);
    Shop.Running job = shop.admit(shop.demand("job", shop.key("k"), NOBODY, 100, 50));
    shop.goesOn("job", "k");
    assertTrue(job.reservation().extend(new Demand.Tokens(0, 20)));
    Shop.Running lost = shop.admit(shop.demand("lost", shop.key("k"), NOBODY, 50, 0));
    assertEquals(1000, shop.use(b).reserved());
    restart();
    assertEquals(900, shop.use(b).reserved(), "the lost one was closed, the job's extension stays");
    refused(() -> shop.admit(shop.demand("r2", shop.key("k"), NOBODY, 0, 11)));
    assertEquals("lost", lost.admission().requestId());
    shop.admittance.again(shop.demand("job", shop.key("k"), NOBODY, 100, 70));
    assertEquals(900, shop.use(b).reserved(), "held once");
    shop.settle(
        new Shop.Running(job.admission(), shop.admittance.held("job").orElseThrow()),
        Usage.of(100, 0, 65));
    assertEquals(new Budgets.Use(b, shop.team, 850, 0), shop.use(b));
    assertEquals(0, shop.wrong());
  }

  @Test
  void anAttemptAfterARestartGrowsInTheStepsOfTheOneBefore() {
    shop.budget(Budget.Scope.TEAM, shop.team, Window.TOTAL, true, 10_000);
    Shop.Running job = shop.admit(shop.demand("job", shop.key("k"), NOBODY, 100, 50));
    shop.goesOn("job", "k");
    assertTrue(job.reservation().extend(new Demand.Tokens(0, 20)));
    restart();
    shop.admittance.again(shop.demand("job", shop.key("k"), NOBODY, 100, 50));
    Reservation again = shop.admittance.held("job").orElseThrow();
    assertTrue(again.extend(new Demand.Tokens(0, 20)), () -> again.bound().toString());
    assertTrue(again.extend(new Demand.Tokens(0, 20)), () -> again.bound().toString());
    shop.settle(new Shop.Running(job.admission(), again), Usage.of(100, 0, 85));
    assertEquals(0, shop.wrong());
  }

  @Test
  void creditsAreUsedUpAndAddedTo() {
    shop.settle(
        shop.admit(shop.demand("before", shop.key("k"), NOBODY, 100, 0)), Usage.of(100, 0, 0));
    shop.plans.set(shop.team, "standard");
    shop.guard.refresh();
    assertEquals(0, shop.credits.left(shop.team), "what was spent before is owed to nobody");
    ApiException none = refused(() -> shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 1, 0)));
    assertTrue(none.text().startsWith("credits of team "), none.text());
    assertTrue(none.text().contains("jubal credit add"), none.text());
    shop.credits.add(shop.team, Credits.Origin.PURCHASE, 1000, "");
    shop.guard.refresh();
    shop.settle(
        shop.admit(shop.demand("r2", shop.key("k"), NOBODY, 100, 50)), Usage.of(100, 0, 50));
    assertEquals(300, shop.credits.left(shop.team));
    refused(() -> shop.admit(shop.demand("r3", shop.key("k"), NOBODY, 151, 0)));
    restart();
    refused(() -> shop.admit(shop.demand("r4", shop.key("k"), NOBODY, 151, 0)));
    shop.admit(shop.demand("r5", shop.key("k"), NOBODY, 150, 0));
  }

  @Test
  void monthlyCreditsEndWithTheirMonth() {
    shop.plans.set(shop.team, "free");
    shop.guard.refresh();
    assertEquals(50_000_000_000L, shop.credits.left(shop.team));
    shop.settle(shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 0)), Usage.of(100, 0, 0));
    shop.credits.add(shop.team, Credits.Origin.PURCHASE, 1000, "");
    clock.move(Duration.ofDays(10));
    shop.guard.refresh();
    assertEquals(50_000_001_000L, shop.credits.left(shop.team), "the rest of November is gone");
    shop.guard.refresh();
    restart();
    assertEquals(50_000_001_000L, shop.credits.left(shop.team), "once a month");
  }

  private static final long MONTHLY = 50_000_000_000L; // of the plan free

  /** Each server looks at the months that ended once in an hour. */
  private void look() {
    clock.move(Duration.ofHours(1));
    shop.guard.refresh();
  }

  private void free() {
    shop.plans.set(shop.team, "free");
    shop.guard.refresh();
  }

  @Test
  void whatIsOpenWhenTheMonthEndsIsPaidByItsCredits() {
    free();
    Shop.Running late = shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 50));
    Shop.Running job = shop.admit(shop.demand("job", shop.key("k"), NOBODY, 100, 0));
    shop.goesOn("job", "k");
    assertTrue(job.reservation().extend(new Demand.Tokens(0, 10)));
    clock.move(Duration.ofDays(10));
    shop.guard.refresh();
    assertEquals(MONTHLY + 700 + 300, shop.credits.left(shop.team), "what they hold stays");
    shop.settle(late, Usage.of(100, 0, 20));
    look();
    assertEquals(MONTHLY + 300, shop.credits.left(shop.team));
    restart();
    look();
    assertEquals(MONTHLY + 300, shop.credits.left(shop.team), "the job goes on");
    shop.admittance.again(shop.demand("job", shop.key("k"), NOBODY, 100, 10));
    shop.settle(
        new Shop.Running(job.admission(), shop.admittance.held("job").orElseThrow()),
        Usage.of(100, 0, 0));
    shop.ended("job");
    look();
    look();
    assertEquals(MONTHLY, shop.credits.left(shop.team), "December's are whole");
    clock.move(Duration.ofDays(31));
    shop.guard.refresh();
    assertEquals(MONTHLY, shop.credits.left(shop.team));
  }

  private void correct(String id, long delta) {
    var wrong =
        new LedgerCorrections.Correction(
            new LedgerReader(shop.database).find(id).orElseThrow(), delta, "wrong");
    var _ =
        shop.database.write(
            s -> {
              LedgerCorrections.write(s, List.of(wrong), clock.instant());
              return true;
            });
  }

  @Test
  void aCorrectedCostIsThatOfItsMonth() {
    free();
    shop.settle(shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 0)), Usage.of(100, 0, 0));
    clock.move(Duration.ofDays(10));
    shop.guard.refresh();
    for (long delta : new long[] {300, -450, MONTHLY}) {
      correct("r1", delta);
      look();
      long over = Math.max(0, 50 + delta - MONTHLY); // more than November's credits came to
      assertEquals(MONTHLY - over, shop.credits.left(shop.team), "corrected by " + delta);
    }
    restart();
    assertEquals(MONTHLY - 50, shop.credits.left(shop.team));
  }

  @Test
  void aClockThatWasAheadExpiresNothing() {
    free();
    clock.move(Duration.ofDays(10));
    shop.guard.refresh();
    assertEquals(MONTHLY, shop.credits.left(shop.team), "December's");
    clock.move(Duration.ofDays(-10));
    shop.guard.refresh();
    assertEquals(MONTHLY, shop.credits.left(shop.team), "November's again, December's not yet");
    shop.settle(shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 0)), Usage.of(100, 0, 0));
    clock.move(Duration.ofDays(10));
    restart();
    assertEquals(MONTHLY, shop.credits.left(shop.team), "December's, in December");
    clock.move(Duration.ofDays(150));
    restart();
    assertEquals(MONTHLY, shop.credits.left(shop.team), "after months without a server");
  }

  @Test
  void noCreditsAreMoreThanCanBeCounted() {
    long most = 1_000_000_000_000_000_000L; // 100 million USD
    for (long wrong : new long[] {Long.MAX_VALUE, most + 1, -most - 1, Long.MIN_VALUE}) {
      ApiException e = assertThrows(ApiException.class, () -> paid(wrong));
      assertEquals(ErrorCode.INVALID_VALUE, e.code());
      assertTrue(e.text().contains("amount: ") && e.text().contains("100000000 USD"), e.text());
    }
    for (int i = 0; i < 5; i++) {
      paid(most);
    }
    ApiException e = assertThrows(ApiException.class, () -> paid(1));
    assertTrue(e.text().contains("500000000 USD together"), e.text());
    assertThrows(
        ApiException.class,
        () -> shop.plans.put(new Plan("large", true, most + 1, 1000, List.of(), "")));
    shop.plans.set(shop.team, "standard");
    shop.budget(Budget.Scope.KEY, "k", Window.DAILY, true, 700);
    restart();
    assertEquals(5 * most, shop.credits.left(shop.team));
    refused(() -> shop.admit(shop.demand("r1", shop.key("k"), NOBODY, 100, 51)));
    shop.admit(shop.demand("r2", shop.key("k"), NOBODY, 100, 50));
  }

  private void paid(long ticks) {
    shop.credits.add(shop.team, Credits.Origin.PURCHASE, ticks, "");
  }

  @Test
  void whatCannotBeReadRefusesUnlessItIsSaidOtherwise() {
    shop.budget(Budget.Scope.TEAM, shop.team, Window.DAILY, true, 1000);
    shop.database.close();
    ApiException e =
        assertThrows(
            ApiException.class,
            () -> shop.admittance.reserve(shop.demand("r1", shop.key("k"), NOBODY, 1, 0)));
    assertEquals(ErrorCode.SERVICE_UNAVAILABLE, e.code());
  }
}
