package dev.jubal.account.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.admission.Demand;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.Crowd;
import dev.jubal.testing.Postgres;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several nodes spend from the same budgets on one PostgreSQL: together never more than one may.
 */
class NodesBudgetTest {
  private static final Optional<String> NOBODY = Optional.empty();
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path folder;
  private final List<Shop> nodes = new ArrayList<>();
  private final List<Thread> clocks = new ArrayList<>();
  private final List<AtomicBoolean> silent = new ArrayList<>();
  private final DatabaseConfig config = Postgres.shared().migrated();

  private Shop node() {
    Shop made = new Shop(Database.open(folder.resolve("node" + nodes.size()), config), CLOCK);
    AtomicBoolean quiet = new AtomicBoolean();
    nodes.add(made);
    silent.add(quiet);
    clocks.add(Thread.ofVirtual().start(() -> tick(made, quiet)));
    return made;
  }

  /** As the clock of a server does. */
  private static void tick(Shop shop, AtomicBoolean quiet) {
    for (int i = 0; !quiet.get(); i++) {
      shop.leases.orElseThrow().tick();
      if (i % 10 == 0) {
        shop.guard.refresh();
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private void silence(Shop shop) throws InterruptedException {
    int index = nodes.indexOf(shop);
    silent.get(index).set(true);
    clocks.get(index).join();
  }

  @AfterEach
  void close() throws InterruptedException {
    silent.forEach(quiet -> quiet.set(true));
    for (Thread clock : clocks) {
      clock.join();
    }
    for (Shop shop : nodes) {
      shop.close();
    }
  }

  /** Others see at once that a node was silent for too long. */
  private void isGone(Shop shop) {
    shop.database.write(
        s -> s.update("UPDATE node SET heartbeat_us = 0 WHERE id = ?", shop.database.node()));
  }

  private void budgets(long team, long key, long user) {
    Shop first = nodes.getFirst();
    first.budget(Budget.Scope.TEAM, first.team, Window.TOTAL, true, team);
    first.budget(Budget.Scope.KEY, Budget.EACH, Window.MONTHLY, true, key);
    first.budget(Budget.Scope.END_USER, Budget.EACH, Window.DAILY, true, user);
    nodes.forEach(shop -> shop.guard.refresh());
  }

  private static Optional<Shop.Running> tried(Shop shop, Demand demand) {
    try {
      return Optional.of(shop.admit(demand));
    } catch (ApiException e) {
      assertEquals(ErrorCode.INSUFFICIENT_QUOTA, e.code(), e.text());
      return Optional.empty();
    }
  }

  /** Requests of one caller; most use all that was granted, so that whatever is let in is spent. */
  private int caller(int i, long seed, int requests, AtomicInteger refused) {
    Random random = new Random(seed + i);
    int passed = 0;
    for (int n = 0; n < requests; n++) {
      Shop shop = nodes.get((i + n) % nodes.size());
      Demand demand =
          shop.demand(
              "r" + seed + "-" + i + "-" + n,
              shop.key("k" + random.nextInt(4)),
              Optional.of("u" + random.nextInt(6)),
              random.nextInt(60),
              1 + random.nextInt(40));
      Optional<Shop.Running> running = tried(shop, demand);
      if (running.isEmpty()) {
        refused.incrementAndGet();
        continue;
      }
      while (random.nextInt(3) == 0
          && running.get().reservation().extend(new Demand.Tokens(0, 1 + random.nextInt(30)))) {}
      Demand.Tokens may = running.get().reservation().granted();
      boolean all = random.nextInt(4) > 0;
      shop.settle(
          running.get(),
          Usage.of(
              all ? may.prompt() : random.nextLong(may.prompt() + 1),
              0,
              all ? may.output() : random.nextLong(may.output() + 1)));
      passed++;
    }
    return passed;
  }

  private void nothingOver(long seed, long team, long key, long user) {
    Shop any = nodes.getFirst();
    String at = "seed " + seed;
    assertTrue(any.settledByRows("a.team_id = ?", any.team) <= team, at);
    for (int k = 0; k < 4; k++) {
      assertTrue(any.settledByRows("a.key_id = ?", "k" + k) <= key, at + " key " + k);
    }
    for (int u = 0; u < 6; u++) {
      assertTrue(any.settledByRows("a.end_user = ?", "u" + u) <= user, at + " user " + u);
    }
    assertEquals(0, any.wrong(), at);
    nodes.forEach(shop -> assertEquals(0, shop.overrun.get(), at));
  }

  @Test
  void threeNodesSpendTogetherNoMoreThanABudget() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("NodesBudgetTest seed " + seed);
    long team = 150_000;
    long key = 60_000;
    long user = 40_000;
    for (int i = 0; i < 3; i++) {
      node();
    }
    budgets(team, key, user);
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger passed = new AtomicInteger();
    Crowd.of(120, i -> passed.addAndGet(caller(i, seed, 12, refused)));
    nothingOver(seed, team, key, user);
    long spent = nodes.getFirst().settledByRows("a.team_id = ?", nodes.getFirst().team);
    System.out.println(
        "three nodes, "
            + passed
            + " passed, "
            + refused
            + " refused, spent "
            + spent
            + " of "
            + team
            + ", over by "
            + Math.max(0, spent - team));
    assertTrue(refused.get() > 0, "seed " + seed + ": nothing was ever refused");
    // what one asks for and no node has: nothing is left lying
    assertTrue(team - spent < 1_000, "seed " + seed + ": " + (team - spent) + " was never used");
  }

  @Test
  void aNodeAloneHasAllAndGivesBackWhatAnotherWants() {
    Shop one = node();
    Budget b = one.budget(Budget.Scope.TEAM, one.team, Window.TOTAL, true, 1000);
    one.settle(one.admit(one.demand("a", one.key("k"), NOBODY, 50, 0)), Usage.of(50, 0, 0));
    Shop two = node();
    Shop.Running most = two.admit(two.demand("b", two.key("k"), NOBODY, 400, 0));
    ApiException e =
        assertThrows(
            ApiException.class, () -> one.admit(one.demand("c", one.key("k"), NOBODY, 51, 0)));
    assertEquals(ErrorCode.INSUFFICIENT_QUOTA, e.code());
    assertTrue(e.text().contains(": 0.00000009 of 0.0000001 USD are taken"), e.text());
    one.settle(one.admit(one.demand("d", one.key("k"), NOBODY, 50, 0)), Usage.of(50, 0, 0));
    two.settle(most, Usage.of(0, 0, 0));
    Await.until("what two held is free", () -> passes(one, "e", 400)); // a refusal is remembered
    one.settle(kept.getFirst(), Usage.of(400, 0, 0));
    assertEquals(b.ticks(), one.settledByRows("a.team_id = ?", one.team));
    assertThrows(ApiException.class, () -> two.admit(two.demand("f", two.key("k"), NOBODY, 1, 0)));
  }

  @Test
  void aSmallerAmountHoldsForWhatWasLentBefore() {
    Shop one = node();
    Shop two = node();
    one.budget(Budget.Scope.TEAM, one.team, Window.TOTAL, true, 100_000);
    two.guard.refresh();
    one.settle(one.admit(one.demand("a", one.key("k"), NOBODY, 50, 0)), Usage.of(50, 0, 0));
    two.settle(two.admit(two.demand("b", two.key("k"), NOBODY, 50, 0)), Usage.of(50, 0, 0));
    one.budget(Budget.Scope.TEAM, one.team, Window.TOTAL, true, 300);
    two.guard.refresh();
    two.settle(two.admit(two.demand("c", two.key("k"), NOBODY, 50, 0)), Usage.of(50, 0, 0));
    for (Shop shop : nodes) {
      assertThrows(
          ApiException.class, () -> shop.admit(shop.demand("d", shop.key("k"), NOBODY, 1, 0)));
    }
  }

  @Test
  void whatANodeHeldThatIsGoneIsFreeOnceItsRequestsAreClosedAndNoSooner() throws Exception {
    Shop one = node();
    Shop two = node();
    one.budget(Budget.Scope.TEAM, one.team, Window.TOTAL, true, 1000);
    two.guard.refresh();
    one.admit(one.demand("lost", one.key("k"), NOBODY, 200, 0));
    Shop.Running job = one.admit(one.demand("job", one.key("k"), NOBODY, 100, 0));
    one.goesOn("job", "k");
    assertTrue(job.reservation().extend(new Demand.Tokens(0, 10)));
    silence(one);
    Shop.Running r1 = two.admit(two.demand("r1", two.key("k"), NOBODY, 0, 1));
    assertThrows(
        ApiException.class, () -> two.admit(two.demand("r2", two.key("k"), NOBODY, 150, 0)));
    isGone(one);
    two.ledger.heal();
    Await.until("what it held is taken over", () -> passes(two, "r3", 150));
    // 10 and 300 are held here, 300 for the job
    assertThrows(
        ApiException.class, () -> two.admit(two.demand("r4", two.key("k"), NOBODY, 200, 0)));
    var again = two.admittance.again(two.demand("job", two.key("k"), NOBODY, 100, 10));
    two.settle(new Shop.Running(job.admission(), again), Usage.of(100, 0, 0));
    two.ended("job");
    two.settle(r1, Usage.of(0, 0, 1));
    two.settle(two.admit(two.demand("r5", two.key("k"), NOBODY, 245, 0)), Usage.of(245, 0, 0));
    assertThrows(ApiException.class, () -> two.admit(two.demand("r6", two.key("k"), NOBODY, 1, 0)));
    assertEquals(0, two.wrong());
  }

  private final List<Shop.Running> kept = new ArrayList<>();

  private boolean passes(Shop shop, String id, long prompt) {
    Optional<Shop.Running> running = tried(shop, shop.demand(id, shop.key("k"), NOBODY, prompt, 0));
    running.ifPresent(kept::add);
    return running.isPresent();
  }

  @Test
  void aNodeThatWasTakenOverDoesNotGoOnWithWhatItHad() throws Exception {
    Shop one = node();
    Shop two = node();
    one.budget(Budget.Scope.TEAM, one.team, Window.TOTAL, true, 1000);
    two.guard.refresh();
    one.settle(one.admit(one.demand("a", one.key("k"), NOBODY, 1, 0)), Usage.of(1, 0, 0));
    silence(one); // it lives, and does not hear of anything
    isGone(one);
    two.ledger.heal();
    Await.until("two has all", () -> passes(two, "b", 450));
    ApiException e =
        assertThrows(
            ApiException.class, () -> one.admit(one.demand("c", one.key("k"), NOBODY, 50, 0)));
    assertEquals(ErrorCode.LEDGER_UNAVAILABLE, e.code(), e.text());
    one.ledger.heal();
    AtomicBoolean quiet = new AtomicBoolean();
    silent.set(0, quiet);
    clocks.set(0, Thread.ofVirtual().start(() -> tick(one, quiet)));
    Await.until("one is lent parts again", () -> passesNow(one));
    assertThrows(
        ApiException.class, () -> one.admit(one.demand("e", one.key("k"), NOBODY, 100, 0)));
  }

  private static boolean passesNow(Shop shop) {
    try {
      shop.settle(
          shop.admit(shop.demand("d" + System.nanoTime(), shop.key("k"), NOBODY, 1, 0)),
          Usage.of(0, 0, 0));
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  @Test
  void aNodeThatDiesAmongOthersCostsNothingAndBlocksNothing() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("NodesBudgetTest, one dies, seed " + seed);
    long team = 120_000;
    for (int i = 0; i < 3; i++) {
      node();
    }
    budgets(team, team, team);
    AtomicInteger refused = new AtomicInteger();
    Crowd.of(45, i -> caller(i, seed, 4, refused));
    Shop dies = nodes.get(2);
    for (int i = 0; i < 20; i++) {
      var _ = tried(dies, dies.demand("dies-" + i, dies.key("k0"), Optional.of("u0"), 50, 20));
    }
    silence(dies);
    nodes.remove(2);
    Crowd.of(45, i -> caller(i + 1000, seed, 6, refused));
    isGone(dies);
    nodes.getFirst().ledger.heal();
    Await.until("it is taken over", () -> rowsOf(dies) == 0);
    Crowd.of(90, i -> caller(i + 2000, seed, 12, refused));
    nothingOver(seed, team, team, team);
    long spent = nodes.getFirst().settledByRows("a.team_id = ?", nodes.getFirst().team);
    System.out.println("one of three died: spent " + spent + " of " + team);
    assertTrue(team - spent < 1_000, "seed " + seed + ": " + (team - spent) + " was never used");
    nodes.add(dies);
  }

  private long rowsOf(Shop shop) {
    return nodes
        .getFirst()
        .database
        .read(
            s ->
                s.first(
                        "SELECT COUNT(*) AS n FROM quota_lease WHERE holder = ?",
                        row -> row.whole("n"),
                        shop.database.node())
                    .orElseThrow());
  }
}
