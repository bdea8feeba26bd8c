package dev.jubal.account.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Rates;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.Crowd;
import dev.jubal.testing.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes count against the same limits on one PostgreSQL. */
class NodesLimitsTest {
  private static final long SECOND = 1_000_000_000;
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Demand.Tokens NONE = Demand.Tokens.NONE;

  @TempDir Path folder;
  private final List<CountingNode> nodes = new ArrayList<>();
  private final DatabaseConfig config = Postgres.shared().migrated();
  private final AtomicLong nanos = new AtomicLong();
  private final ThreadLocal<Long> counted = ThreadLocal.withInitial(() -> 0L);

  private CountingNode node(Map<Scope, Map<Quota, Long>> most) {
    CountingNode made =
        new CountingNode(
            Database.open(folder.resolve("node" + nodes.size()), config), most, this::read, CLOCK);
    nodes.add(made);
    return made;
  }

  /** The guard reads the clock with its counters locked: so a request counts at this moment. */
  private long read() {
    long now = nanos.get();
    counted.set(now);
    return now;
  }

  @AfterEach
  void close() {
    nodes.forEach(CountingNode::close);
  }

  private static Demand demand(String id, Demand.Tokens tokens) {
    return CountingNode.demand(id, "t", "k", tokens, CLOCK);
  }

  /** Something that counts from a moment on. */
  private record Event(long at, long amount) {}

  /** The most that any window of a length holds. */
  private static long most(Queue<Event> events, long window) {
    List<Event> all = new ArrayList<>(events);
    all.sort(Comparator.comparingLong(Event::at));
    long most = 0;
    long sum = 0;
    int from = 0;
    for (Event e : all) {
      sum += e.amount;
      while (all.get(from).at <= e.at - window) {
        sum -= all.get(from++).amount;
      }
      most = Math.max(most, sum);
    }
    return most;
  }

  private static void within(String what, long limit, long found, long seed) {
    System.out.println(what + ": at most " + found + " of " + limit + " in any window");
    assertTrue(
        found <= limit + Math.max(1, limit / 100), "seed " + seed + ": " + what + " " + found);
  }

  @Test
  void noWindowOverAllNodesHoldsMoreThanTheLimit() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("NodesLimitsTest seed " + seed);
    long rps = 20;
    long rpm = 250;
    long tpm = 15_000;
    long open = 4;
    Map<Scope, Map<Quota, Long>> limits =
        Map.of(
            Scope.TEAM,
            Map.of(Quota.CONCURRENT_REQUESTS, open, Quota.REQUESTS_PER_MINUTE, rpm),
            Scope.MODEL,
            Map.of(Quota.TOKENS_PER_MINUTE, tpm, Quota.REQUESTS_PER_SECOND, rps));
    for (int i = 0; i < 3; i++) {
      node(limits);
    }
    Queue<Event> requests = new ConcurrentLinkedQueue<>();
    Queue<Event> tokens = new ConcurrentLinkedQueue<>();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger mostRunning = new AtomicInteger();
    Crowd.of(
        60,
        caller -> {
          Random random = new Random(seed + caller);
          for (int n = 0; n < 60; n++) {
            CountingNode node = nodes.get((caller + n / 7) % nodes.size());
            nanos.addAndGet(random.nextLong(SECOND / 25));
            one(node, "r" + caller + "-" + n, random, requests, tokens, running, mostRunning);
          }
        });
    within("requests a second", rps, most(requests, SECOND), seed);
    within("requests a minute", rpm, most(requests, 60 * SECOND), seed);
    within("tokens a minute", tpm, most(tokens, 60 * SECOND), seed);
    within("at once", open, mostRunning.get(), seed);
    System.out.println(
        requests.size() + " passed in " + nanos.get() / SECOND + " s of the test's clock");
    for (CountingNode node : nodes) {
      assertEquals(0, node.guard.open(Scope.TEAM), "seed " + seed);
      assertEquals(0, node.guard.held(Scope.MODEL), "seed " + seed);
    }
  }

  private void one(
      CountingNode node,
      String id,
      Random random,
      Queue<Event> requests,
      Queue<Event> tokens,
      AtomicInteger running,
      AtomicInteger mostRunning) {
    Reservation held;
    try {
      held =
          node.admittance.reserve(
              demand(id, new Demand.Tokens(random.nextInt(60), 1 + random.nextInt(60))));
    } catch (ApiException e) {
      assertEquals(ErrorCode.RATE_LIMIT_EXCEEDED, e.code(), e.text());
      return;
    }
    long at = counted.get();
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    if (random.nextInt(10) == 0) {
      running.decrementAndGet();
      held.release();
      return;
    }
    requests.add(new Event(at, 1));
    nanos.addAndGet(random.nextLong(SECOND / 50));
    if (random.nextBoolean()) {
      held.extend(new Demand.Tokens(0, 1 + random.nextInt(50)));
    }
    long used = held.granted().output();
    running.decrementAndGet();
    held.settle(Usage.of(held.granted().prompt(), 0, used), 0);
    tokens.add(new Event(counted.get(), held.granted().prompt() + used));
  }

  @Test
  void aNodeAloneHasAllAndWhatAnotherDoesNotUseIsThere() {
    var limits = Map.of(Scope.TEAM, Map.of(Quota.REQUESTS_PER_MINUTE, 10L));
    CountingNode one = node(limits);
    for (int i = 0; i < 4; i++) {
      one.admittance.reserve(demand("a" + i, NONE)).settle(Usage.NONE, 0);
    }
    CountingNode two = node(limits);
    for (int i = 0; i < 6; i++) {
      two.admittance.reserve(demand("b" + i, NONE)).settle(Usage.NONE, 0);
    }
    for (CountingNode node : nodes) {
      ApiException e =
          assertThrows(ApiException.class, () -> node.admittance.reserve(demand("c", NONE)));
      assertTrue(e.text().contains("10 of 10 requests are taken"), e.text());
    }
    nanos.addAndGet(62 * SECOND);
    for (int i = 0; i < 10; i++) {
      nodes.get(i % 2).admittance.reserve(demand("d" + i, NONE)).settle(Usage.NONE, 0);
    }
    assertThrows(ApiException.class, () -> one.admittance.reserve(demand("e", NONE)));
  }

  /** A client that retries at once would fail until then, each time with a look at the database. */
  @Test
  void aNodeThatHasNothingOfALimitSaysHowLongItTakesAtTheLatest() {
    var limits = Map.of(Scope.TEAM, Map.of(Quota.REQUESTS_PER_DAY, 10L));
    CountingNode one = node(limits);
    for (int i = 0; i < 10; i++) {
      one.admittance.reserve(demand("a" + i, NONE)).settle(Usage.NONE, 0);
    }
    CountingNode two = node(limits);
    for (int i = 0; i < 2; i++) {
      ApiException e =
          assertThrows(ApiException.class, () -> two.admittance.reserve(demand("b", NONE)));
      Duration window = Duration.ofHours(24).plusMinutes(5);
      assertEquals(Optional.of(window), e.retryAfter());
      Rates.Rate rate = e.limited().orElseThrow().rates().orElseThrow().requests().orElseThrow();
      assertEquals(new Rates.Rate(10, 0, window), rate);
    }
  }

  @Test
  void aSmallerLimitHoldsForWhatWasLentBefore() {
    Map<Quota, Long> most = new java.util.concurrent.ConcurrentHashMap<>();
    most.put(Quota.REQUESTS_PER_MINUTE, 100L);
    for (int i = 0; i < 2; i++) {
      CountingNode node = node(Map.of(Scope.TEAM, java.util.Collections.unmodifiableMap(most)));
      node.admittance.reserve(demand("a" + i, NONE)).settle(Usage.NONE, 0);
    }
    most.put(Quota.REQUESTS_PER_MINUTE, 4L);
    int passed = 0;
    for (int i = 0; i < 8; i++) {
      try {
        nodes.get(i % 2).admittance.reserve(demand("b" + i, NONE)).settle(Usage.NONE, 0);
        passed++;
      } catch (ApiException e) {
        assertEquals(ErrorCode.RATE_LIMIT_EXCEEDED, e.code());
      }
    }
    assertEquals(2, passed);
  }

  @Test
  void whatANodeUsedThatIsGoneCountsUntilItsWindowIsOver() throws Exception {
    var limits =
        Map.of(
            Scope.TEAM,
            Map.of(Quota.REQUESTS_PER_DAY, 10L, Quota.CONCURRENT_REQUESTS, 5L),
            Scope.MODEL,
            Map.of(Quota.TOKENS_PER_DAY, 1000L));
    CountingNode one = node(limits);
    CountingNode two = node(limits);
    for (int i = 0; i < 3; i++) {
      one.settle(one.admit(demand("a" + i, new Demand.Tokens(10, 10))), Usage.of(10, 0, 10));
    }
    for (int i = 0; i < 3; i++) {
      var _ = one.admit(demand("open" + i, NONE));
    }
    one.silence();
    assertThrows(
        ApiException.class, () -> two.admittance.reserve(demand("b", new Demand.Tokens(0, 950))));
    two.database.write(
        s -> s.update("UPDATE node SET heartbeat_us = 0 WHERE id = ?", one.database.node()));
    two.ledger.heal();
    Await.until(
        "what it did not use is free",
        () -> {
          try {
            var _ = two.admittance.reserve(demand("c", new Demand.Tokens(0, 940)));
            return true;
          } catch (ApiException e) {
            return false;
          }
        });
    for (int i = 0; i < 3; i++) {
      var _ = two.admittance.reserve(demand("d" + i, NONE));
    }
    ApiException e =
        assertThrows(ApiException.class, () -> two.admittance.reserve(demand("e", NONE)));
    assertTrue(e.text().startsWith("requests_per_day of team t: 10 of 10"), e.text());
  }

  @Test
  void whatThisNodeUsedBeforeARestartCounts() {
    var limits = Map.of(Scope.TEAM, Map.of(Quota.REQUESTS_PER_DAY, 3L));
    CountingNode one = node(limits);
    one.settle(one.admit(demand("a", NONE)), Usage.NONE);
    one.settle(one.admit(demand("b", NONE)), Usage.NONE);
    nodes.clear();
    one.close();
    nanos.addAndGet(5 * SECOND);
    CountingNode again = node(limits);
    again.settle(again.admit(demand("c", NONE)), Usage.NONE);
    assertThrows(ApiException.class, () -> again.admittance.reserve(demand("d", NONE)));
  }
}
