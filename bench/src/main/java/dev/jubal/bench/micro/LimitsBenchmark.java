package dev.jubal.bench.micro;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.limits.Limits;
import dev.jubal.account.limits.LimitsGuard;
import dev.jubal.account.limits.Quota;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** Holding and settling one request, counted on one or on ten limits. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LimitsBenchmark {
  private static final long MOST = Long.MAX_VALUE / 4;

  private final LimitsGuard one =
      guard(Map.of(dev.jubal.account.limits.Scope.MODEL, Map.of(Quota.TOKENS_PER_MINUTE, MOST)));
  private final LimitsGuard ten =
      guard(
          Map.of(
              dev.jubal.account.limits.Scope.TEAM,
              Map.of(
                  Quota.CONCURRENT_REQUESTS,
                  MOST,
                  Quota.REQUESTS_PER_DAY,
                  MOST,
                  Quota.TOKENS_PER_DAY,
                  MOST),
              dev.jubal.account.limits.Scope.MODEL,
              Map.of(Quota.TOKENS_PER_MINUTE, MOST, Quota.REQUESTS_PER_SECOND, MOST),
              dev.jubal.account.limits.Scope.KEY,
              Map.of(
                  Quota.TOKENS_PER_MINUTE,
                  MOST,
                  Quota.REQUESTS_PER_SECOND,
                  MOST,
                  Quota.REQUESTS_PER_MINUTE,
                  MOST),
              dev.jubal.account.limits.Scope.USER,
              Map.of(Quota.TOKENS_PER_MINUTE, MOST, Quota.REQUESTS_PER_MINUTE, MOST)));
  private final Demand demand =
      new Demand(
          "r",
          new Principal("k", "k", "xai-...abcd", "u", "t", List.of()),
          Optional.of("user"),
          "chat",
          "grok-4",
          Price.FREE,
          new Demand.Tokens(200, 1024),
          true,
          Instant.EPOCH);

  private static LimitsGuard guard(Map<dev.jubal.account.limits.Scope, Map<Quota, Long>> most) {
    Limits limits = new Limits(most, Optional.empty());
    return new LimitsGuard(d -> limits, System::nanoTime, (scope, quota) -> {});
  }

  @Benchmark
  public void oneLimit() {
    request(one);
  }

  @Benchmark
  public void tenLimits() {
    request(ten);
  }

  @Benchmark
  @Threads(64)
  public void tenLimitsOf64() {
    request(ten);
  }

  private void request(LimitsGuard guard) {
    Hold hold = guard.take(demand);
    hold.settle(Usage.of(200, 0, 100), 0);
  }
}
