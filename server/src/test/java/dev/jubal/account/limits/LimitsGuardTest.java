package dev.jubal.account.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Admittance;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nothing passes beyond a limit, and nothing stays taken. */
class LimitsGuardTest {
  private static final long SECOND = 1_000_000_000;
  private static final Demand.Tokens NONE = Demand.Tokens.NONE;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();
  private final ThreadLocal<Long> counted = ThreadLocal.withInitial(() -> 0L);

  private LimitsGuard guard(Map<Scope, Map<Quota, Long>> most) {
    Limits limits = new Limits(most, Optional.empty());
    return new LimitsGuard(d -> limits, this::read, (scope, quota) -> refused.incrementAndGet());
  }

  /** The guard reads the clock with its counters locked: so a request counts at this moment. */
  private long read() {
    long now = nanos.get();
    counted.set(now);
    return now;
  }

  private static Demand demand(String id, String key, String user, Demand.Tokens tokens) {
    return new Demand(
        id,
        new Principal(key, key, "xai-...abcd", "u", "t", List.of()),
        user.isEmpty() ? Optional.empty() : Optional.of(user),
        "chat",
        "m",
        Price.FREE,
        tokens,
        true,
        Instant.EPOCH);
  }

  private static Demand demand(String id, long prompt, long output) {
    return demand(id, "k", "", new Demand.Tokens(prompt, output));
  }

  private static ApiException refusal(Admittance admittance, Demand demand) {
    return assertThrows(ApiException.class, () -> admittance.reserve(demand));
  }

  @Test
  void aRefusalNamesTheLimitAndWhatWouldPass() {
    Limits limits =
        new Limits(
            Map.of(Scope.MODEL, Map.of(Quota.TOKENS_PER_MINUTE, 100L)),
            Optional.of(
                new Limits.Next(
                    "tier-1", Map.of(Scope.MODEL, Map.of(Quota.TOKENS_PER_MINUTE, 500L)))));
    Admittance admittance =
        new Admittance(List.of(new LimitsGuard(d -> limits, nanos::get, (scope, quota) -> {})));
    admittance.reserve(demand("a", 20, 40)).settle(Usage.of(20, 0, 30), 0);
    ApiException e = refusal(admittance, demand("b", 20, 40));
    assertEquals(
        "tokens_per_minute of team t and model m: 50 of 100 tokens are taken, and the request asks"
            + " for 60; as much is free in 61 s (with this prompt of at most 20 tokens an answer of"
            + " at most 30 passes now; tier-1 allows 500).",
        e.text());
    assertEquals(Optional.of(Duration.ofSeconds(61)), e.retryAfter());
    assertTrue(e.limited().orElseThrow().passes());
    ApiException never = refusal(admittance, demand("c", 90, 40));
    assertFalse(never.limited().orElseThrow().passes());
    assertTrue(never.retryAfter().isEmpty());
    assertTrue(never.text().contains("an answer of at most 10 passes ever"), never.text());
    nanos.addAndGet(61 * SECOND);
    admittance.reserve(demand("d", 20, 80)).release();
  }

  @Test
  void aRefusalNamesTheTierThatHasNoSuchLimit() {
    Limits limits =
        new Limits(
            Map.of(Scope.TEAM, Map.of(Quota.CONCURRENT_REQUESTS, 0L)),
            Optional.of(
                new Limits.Next(
                    "tier-1", Map.of(Scope.TEAM, Map.of(Quota.CONCURRENT_REQUESTS, Rule.NONE)))));
    Admittance admittance =
        new Admittance(List.of(new LimitsGuard(d -> limits, nanos::get, (scope, quota) -> {})));
    String text = refusal(admittance, demand("a", 1, 1)).text();
    assertTrue(text.contains("; tier-1 has no such limit)"), text);
  }

  @Test
  void onlyTheSameEndUserWaitsWhileItsPastIsLookedUp() throws Exception {
    CountDownLatch known = new CountDownLatch(1);
    AtomicInteger lookups = new AtomicInteger();
    Past slow =
        (scope, team, name, quota) -> {
          if (scope != Scope.USER) {
            return List.of();
          }
          lookups.incrementAndGet();
          try {
            known.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return List.of(new Past.Used(SECOND, 1));
        };
    Limits limits =
        new Limits(
            Map.of(
                Scope.TEAM,
                Map.of(Quota.REQUESTS_PER_DAY, 100L),
                Scope.USER,
                Map.of(Quota.REQUESTS_PER_DAY, 2L)),
            Optional.empty());
    LimitsGuard guard =
        new LimitsGuard(
            d -> limits,
            this::read,
            (scope, quota) -> {},
            new LimitsGuard.Before(slow, Optional.empty()));
    Admittance admittance = new Admittance(List.of(guard));
    AtomicInteger passed = new AtomicInteger();
    List<Thread> same =
        java.util.stream.IntStream.range(0, 3)
            .mapToObj(
                i ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              if (passes(admittance, demand("s" + i, "k", "u", NONE))) {
                                passed.incrementAndGet();
                              }
                            }))
            .toList();
    try {
      Await.until(
          "all three wait",
          () -> same.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
      assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> admittance.reserve(demand("other", "k", "", NONE)));
    } finally {
      known.countDown();
    }
    for (Thread thread : same) {
      thread.join();
    }
    assertEquals(1, lookups.get());
    assertEquals(1, passed.get(), "one of two was used before");
  }

  @Test
  void aKeysOwnLimitStandsBesideItsTeams() {
    LimitsGuard guard =
        guard(
            Map.of(
                Scope.TEAM,
                Map.of(Quota.REQUESTS_PER_MINUTE, 3L),
                Scope.KEY,
                Map.of(Quota.REQUESTS_PER_MINUTE, 2L)));
    Admittance admittance = new Admittance(List.of(guard));
    Demand.Tokens none = Demand.Tokens.NONE;
    var _ = admittance.reserve(demand("1", "k1", "", none));
    var _ = admittance.reserve(demand("2", "k1", "", none));
    assertTrue(refusal(admittance, demand("3", "k1", "", none)).text().contains("key xai-...abcd"));
    var _ = admittance.reserve(demand("4", "k2", "", none)); // what was refused took nothing
    assertTrue(refusal(admittance, demand("5", "k2", "", none)).text().contains("team t:"));
  }

  @Test
  void aQuestionTakesNothingAndIsNotCounted() {
    LimitsGuard guard = guard(Map.of(Scope.KEY, Map.of(Quota.REQUESTS_PER_MINUTE, 1L)));
    Admittance admittance = new Admittance(List.of(guard));
    for (int i = 0; i < 3; i++) {
      assertEquals(Optional.empty(), admittance.refusal(demand("q" + i, 1, 1)));
    }
    assertEquals(0, guard.open(Scope.KEY));
    var _ = admittance.reserve(demand("1", 1, 1));
    assertEquals(
        ErrorCode.RATE_LIMIT_EXCEEDED, admittance.refusal(demand("q", 1, 1)).orElseThrow().code());
    assertEquals(0, refused.get());
    assertEquals(2, guard.held(Scope.KEY));
    assertEquals(ErrorCode.RATE_LIMIT_EXCEEDED, refusal(admittance, demand("2", 1, 1)).code());
    assertEquals(1, refused.get());
  }

  @Test
  void theFirstRequestsOfAnUnknownEndUserAreLimitedToo() throws Exception {
    LimitsGuard guard = guard(Map.of(Scope.USER, Map.of(Quota.REQUESTS_PER_MINUTE, 1L)));
    Admittance admittance = new Admittance(List.of(guard));
    for (int user = 0; user < 50; user++) {
      String name = "user " + user;
      AtomicInteger passed = new AtomicInteger();
      parallel(
          20,
          i -> {
            if (passes(admittance, demand(name + i, "k", name, Demand.Tokens.NONE))) {
              passed.incrementAndGet();
            }
          });
      assertEquals(1, passed.get(), name);
    }
  }

  private static boolean passes(Admittance admittance, Demand demand) {
    try {
      var _ = admittance.reserve(demand);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  private interface Work {
    void run(int index);
  }

  private static void parallel(int threads, Work work) throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> all =
        java.util.stream.IntStream.range(0, threads)
            .mapToObj(
                i ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              try {
                                go.await();
                                work.run(i);
                              } catch (Throwable e) {
                                failures.add(e);
                              }
                            }))
            .toList();
    go.countDown();
    for (Thread thread : all) {
      thread.join();
    }
    assertTrue(failures.isEmpty(), () -> failures.peek() + " of " + failures.size());
  }

  /** Tokens and when they were let in: at the begin of a request, or when it asked for more. */
  private record Piece(long at, long tokens) {}

  /** What one request used, from its reservation to its end. */
  private record Span(long from, long to, long tokens, List<Piece> pieces) {
    /** What of it was let in within a window; of what was held the first is used first. */
    long letIn(long end, long window) {
      long left = tokens;
      long sum = 0;
      for (Piece piece : pieces) {
        long used = Math.min(left, piece.tokens);
        left -= used;
        sum += within(piece.at, end, window) ? used : 0;
      }
      return sum;
    }
  }

  @Test
  void noWindowHoldsMoreThanTheLimitWhateverTheThreadsDo() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("LimitsGuardTest seed " + seed); // a thread that fails does not know it
    long tpm = 5000;
    long rpm = 120;
    long rps = 9;
    long open = 7;
    LimitsGuard guard =
        guard(
            Map.of(
                Scope.TEAM,
                Map.of(Quota.CONCURRENT_REQUESTS, open, Quota.REQUESTS_PER_MINUTE, rpm),
                Scope.MODEL,
                Map.of(Quota.TOKENS_PER_MINUTE, tpm, Quota.REQUESTS_PER_SECOND, rps),
                Scope.KEY,
                Map.of(Quota.TOKENS_PER_MINUTE, tpm / 2),
                Scope.USER,
                Map.of(Quota.REQUESTS_PER_MINUTE, 30L)));
    Admittance admittance = new Admittance(List.of(guard));
    Queue<Span> spans = new ConcurrentLinkedQueue<>();
    AtomicInteger running = new AtomicInteger();
    parallel(
        250,
        i -> {
          Random random = new Random(seed + i);
          for (int n = 0; n < 60; n++) {
            nanos.addAndGet(random.nextLong(SECOND / 20));
            one(admittance, random, i + "." + n, spans, running, open);
          }
        });
    assertEquals(0, guard.open(Scope.TEAM), "seed " + seed);
    assertEquals(0, guard.open(Scope.KEY), "seed " + seed);
    assertEquals(0, guard.held(Scope.MODEL), "seed " + seed);
    assertTrue(spans.size() > 50 && refused.get() > 0, spans.size() + " passed, seed " + seed);
    List<Span> all = List.copyOf(spans);
    for (Span end : all) {
      check(all, end.from, 60 * SECOND, "seed " + seed, rpm, tpm);
      for (Piece piece : end.pieces) {
        check(all, piece.at, 60 * SECOND, "seed " + seed, rpm, tpm);
      }
      long second = all.stream().filter(s -> within(s.from, end.from, SECOND)).count();
      assertTrue(second <= rps, second + " requests in a second, seed " + seed);
    }
  }

  private static boolean within(long at, long end, long window) {
    return at > end - window && at <= end;
  }

  private static void check(
      List<Span> all, long end, long window, String seed, long requests, long tokens) {
    long begun = all.stream().filter(s -> within(s.from, end, window)).count();
    assertTrue(begun <= requests, begun + " requests in a minute, " + seed);
    long first = all.stream().mapToLong(s -> s.letIn(end, window)).sum();
    assertTrue(first <= tokens, first + " tokens by when they were let in, " + seed);
    long last = all.stream().filter(s -> within(s.to, end, window)).mapToLong(Span::tokens).sum();
    assertTrue(last <= tokens, last + " tokens by their end, " + seed);
  }

  private void one(
      Admittance admittance,
      Random random,
      String id,
      Queue<Span> spans,
      AtomicInteger running,
      long open) {
    Demand.Tokens asked = new Demand.Tokens(random.nextInt(200), random.nextInt(100));
    Demand demand = demand(id, "k" + random.nextInt(3), "u" + random.nextInt(5), asked);
    Reservation held;
    try {
      held = admittance.reserve(demand);
    } catch (ApiException e) {
      return;
    }
    long from = counted.get();
    assertTrue(running.incrementAndGet() <= open, "open at once");
    List<Piece> pieces = new ArrayList<>(List.of(new Piece(from, asked.total())));
    Usage used = null;
    try {
      used = use(held, asked, random, pieces);
      if (used != null) {
        spans.add(new Span(from, nanos.get(), used.total(), pieces));
      }
    } finally {
      running.decrementAndGet();
      if (used != null) {
        held.settle(used, 0);
      }
      held.release(); // nothing when it was settled
    }
  }

  /** What a request comes to; null when it is not begun, as when the ledger refuses it. */
  private @Nullable Usage use(
      Reservation held, Demand.Tokens asked, Random random, List<Piece> pieces) {
    if (random.nextInt(10) == 0) {
      return null;
    }
    long output = asked.output();
    while (random.nextBoolean() && held.extend(new Demand.Tokens(0, 50))) {
      output += 50;
      pieces.add(new Piece(counted.get(), 50));
      nanos.addAndGet(random.nextLong(SECOND / 100));
    }
    return Usage.of(asked.prompt(), 0, output == 0 ? 0 : random.nextLong(output + 1));
  }

  @Test
  void endUsersThatAreDoneAreForgotten() {
    LimitsGuard guard = guard(Map.of(Scope.USER, Map.of(Quota.REQUESTS_PER_SECOND, 5L)));
    Admittance admittance = new Admittance(List.of(guard));
    for (int i = 0; i < 20_000; i++) {
      nanos.addAndGet(SECOND / 100);
      admittance.reserve(demand("r" + i, "k", "u" + i, Demand.Tokens.NONE)).settle(Usage.NONE, 0);
    }
    assertTrue(guard.subjects() < 9000, guard.subjects() + " are kept");
  }

  @Test
  void workThatGoesOnIsNotRefused() {
    LimitsGuard guard = guard(Map.of(Scope.TEAM, Map.of(Quota.CONCURRENT_REQUESTS, 1L)));
    Admittance admittance = new Admittance(List.of(guard));
    Reservation one = admittance.again(demand("a", 1, 1));
    Reservation two = admittance.again(demand("b", 1, 1));
    assertEquals(2, guard.open(Scope.TEAM));
    ApiException e = refusal(admittance, demand("c", 1, 1));
    assertEquals(Optional.of(Duration.ofSeconds(1)), e.retryAfter());
    one.release();
    two.settle(Usage.of(1, 0, 1), 0);
    assertEquals(0, guard.open(Scope.TEAM));
  }
}
