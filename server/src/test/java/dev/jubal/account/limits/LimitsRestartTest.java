package dev.jubal.account.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.admission.Demand;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Rates;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A restart is no way around a limit. */
@ParameterizedClass
@EnumSource(Stores.class)
class LimitsRestartTest {
  private static final Demand.Tokens NONE = Demand.Tokens.NONE;

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  // of PostgreSQL the rows are held against its own clock
  private final SettableClock clock = new SettableClock(Instant.now());
  private CountingNode node;

  @BeforeEach
  void open() {
    node = node(Map.of());
  }

  private CountingNode node(Map<Scope, Map<Quota, Long>> most) {
    return new CountingNode(on.open(folder), most, System::nanoTime, clock);
  }

  private void restart(Map<Scope, Map<Quota, Long>> most) {
    node.close();
    node = node(most);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void uses(String id, String key, Demand.Tokens tokens) {
    node.settle(
        node.admit(CountingNode.demand(id, "t", key, tokens, clock)),
        Usage.of(tokens.prompt(), 0, tokens.output()));
  }

  private ApiException refused(String key, Demand.Tokens tokens) {
    ApiException e =
        assertThrows(
            ApiException.class,
            () -> node.admittance.reserve(CountingNode.demand("no", "t", key, tokens, clock)));
    assertEquals(ErrorCode.RATE_LIMIT_EXCEEDED, e.code());
    return e;
  }

  @Test
  void requestsAndTokensOfAMinuteCount() {
    Map<Scope, Map<Quota, Long>> most =
        Map.of(
            Scope.TEAM,
            Map.of(Quota.REQUESTS_PER_MINUTE, 4L),
            Scope.KEY,
            Map.of(Quota.TOKENS_PER_MINUTE, 100L));
    restart(most);
    uses("a", "k1", new Demand.Tokens(30, 30));
    uses("b", "k2", NONE);
    restart(most);
    var _ = refused("k1", new Demand.Tokens(0, 41));
    uses("c", "k1", new Demand.Tokens(0, 40));
    uses("d", "k2", NONE);
    var _ = refused("k2", NONE);
  }

  @Test
  void daysAreFilledFromTheSums() {
    Map<Scope, Map<Quota, Long>> most =
        Map.of(
            Scope.MODEL,
            Map.of(Quota.REQUESTS_PER_DAY, 3L),
            Scope.TEAM,
            Map.of(Quota.TOKENS_PER_DAY, 100L));
    restart(most);
    uses("a", "k1", new Demand.Tokens(30, 30));
    restart(most);
    uses("b", "k2", new Demand.Tokens(0, 30));
    var _ = refused("k2", new Demand.Tokens(0, 11));
    restart(most);
    uses("c", "k2", new Demand.Tokens(0, 10));
    var _ = refused("k2", NONE);
  }

  private Demand by(String endUser, String id) {
    Demand d = CountingNode.demand(id, "t", "k", NONE, clock);
    return new Demand(
        id,
        d.principal(),
        Optional.of(endUser),
        d.endpoint(),
        d.model(),
        d.price(),
        d.tokens(),
        true,
        d.at());
  }

  @Test
  void theDayOfAnEndUserCountsForItAlone() {
    Map<Scope, Map<Quota, Long>> most = Map.of(Scope.USER, Map.of(Quota.REQUESTS_PER_DAY, 2L));
    restart(most);
    node.settle(node.admit(by("u", "a")), Usage.NONE);
    node.settle(node.admit(by("u", "b")), Usage.NONE);
    node.settle(node.admit(by("v", "c")), Usage.NONE);
    restart(most);
    assertThrows(ApiException.class, () -> node.admittance.reserve(by("u", "d")));
    node.admittance.reserve(by("v", "e")).settle(Usage.NONE, 0);
  }

  @Test
  void aRefusalSaysWhenWhatWasUsedBeforeLeavesItsWindow() {
    Map<Scope, Map<Quota, Long>> most = Map.of(Scope.TEAM, Map.of(Quota.REQUESTS_PER_DAY, 2L));
    clock.move(Duration.ofHours(-20));
    restart(most);
    uses("a", "k1", NONE);
    clock.move(Duration.ofHours(20));
    restart(most);
    uses("b", "k1", NONE);
    // what was first used is first free: a part of the window, or an hour of the sums, late
    within(4, refused("k1", NONE).retryAfter().orElseThrow());
    restart(Map.of(Scope.TEAM, Map.of(Quota.REQUESTS_PER_DAY, 1L)));
    ApiException e = refused("k1", NONE);
    within(24, e.retryAfter().orElseThrow());
    Rates.Rate rate = e.limited().orElseThrow().rates().orElseThrow().requests().orElseThrow();
    assertEquals(0, rate.left());
    within(24, rate.reset());
  }

  private static void within(int hours, Duration found) {
    assertTrue(found.compareTo(Duration.ofHours(hours).minusMinutes(5)) > 0, found + "");
    assertTrue(found.compareTo(Duration.ofHours(hours).plusMinutes(66)) < 0, found + "");
  }

  @Test
  void whatHasLeftItsWindowDoesNotCount() {
    Map<Scope, Map<Quota, Long>> most = Map.of(Scope.TEAM, Map.of(Quota.REQUESTS_PER_MINUTE, 1L));
    clock.move(Duration.ofMinutes(-3));
    restart(most);
    uses("a", "k1", NONE);
    clock.move(Duration.ofMinutes(3));
    restart(most);
    uses("b", "k1", NONE);
    var _ = refused("k1", NONE);
  }
}
