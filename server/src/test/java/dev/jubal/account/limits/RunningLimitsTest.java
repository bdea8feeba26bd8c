package dev.jubal.account.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Running answers grow by the limits of now, not by those of their beginning. */
class RunningLimitsTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Demand.Tokens MORE = new Demand.Tokens(0, 500);

  @TempDir Path folder;
  private volatile Optional<Limits> now = Optional.empty();

  private void limit(Map<Quota, Long> most) {
    now = Optional.of(new Limits(Map.of(Scope.MODEL, most), Optional.empty()));
  }

  private Limits read() {
    return now.orElseThrow(
        () -> ApiException.unavailable("unreadable", new IllegalStateException()));
  }

  private static Reservation begun(CountingNode node) {
    return node.admittance.reserve(
        CountingNode.demand("r", "t", "k", new Demand.Tokens(10, 500), CLOCK));
  }

  @ParameterizedTest
  @EnumSource
  void aLoweredLimitHoldsForARunningAnswer(Stores on) {
    limit(Map.of(Quota.TOKENS_PER_MINUTE, 10_000_000L));
    try (CountingNode node =
        new CountingNode(on.open(folder), d -> read(), System::nanoTime, CLOCK)) {
      Reservation running = begun(node);
      assertTrue(running.extend(MORE));
      limit(Map.of(Quota.TOKENS_PER_MINUTE, 1_000L));
      assertFalse(running.extend(MORE));
      running.settle(Usage.of(10, 0, 1000), 0);
      assertEquals(0, node.guard.held(Scope.MODEL));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIsTakenAwayStandsAgainstNothing(Stores on) {
    limit(Map.of(Quota.TOKENS_PER_MINUTE, 600L));
    try (CountingNode node =
        new CountingNode(on.open(folder), d -> read(), System::nanoTime, CLOCK)) {
      Reservation running = begun(node);
      limit(Map.of());
      assertTrue(running.extend(MORE));
      running.settle(Usage.of(10, 0, 1000), 0);
      assertEquals(0, node.guard.held(Scope.MODEL));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereTheyCannotBeReadThoseOfBeforeHold(Stores on) {
    limit(Map.of(Quota.TOKENS_PER_MINUTE, 1_100L));
    try (CountingNode node =
        new CountingNode(on.open(folder), d -> read(), System::nanoTime, CLOCK)) {
      Reservation running = begun(node);
      now = Optional.empty();
      assertTrue(running.extend(MORE));
      assertFalse(running.extend(MORE));
      running.settle(Usage.of(10, 0, 1000), 0);
    }
  }
}
