package dev.jubal.account.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.TeamTerms;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.limits.LimitStore.Owner;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits as rows, and what of them holds for a request. */
@ParameterizedClass
@EnumSource(Stores.class)
class LimitBookTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final long TICKS_PER_USD = 10_000_000_000L;
  private static final MachineSize MACHINE = new MachineSize(4, 256);

  @TempDir private Path folder;
  private Database database;
  private LimitStore store;
  private String team;
  private final AtomicLong ticker = new AtomicLong();
  private LimitBook book;

  @BeforeEach
  void open() {
    database = on.open(folder.resolve("data"));
    store = new LimitStore(database);
    team = new KeyStore(database, InstantSource.system()).firstStart().orElseThrow().key().teamId();
    book = new LimitBook(store, MACHINE, ticker::get);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Limits of(String tier, String plan, Account.Limits own, String model) {
    Principal caller =
        new Principal(
            "k",
            "k",
            "xai-...abcd",
            "u",
            team,
            List.of(),
            TeamTerms.USUAL,
            new Account(tier, plan, Optional.empty(), own));
    return book.apply(
        new Demand(
            "r",
            caller,
            Optional.empty(),
            "chat",
            model,
            Price.FREE,
            Demand.Tokens.NONE,
            true,
            Instant.EPOCH));
  }

  private Map<Quota, Long> model(String tier, String model) {
    return of(tier, "standard", Account.Limits.NONE, model).of(Scope.MODEL);
  }

  @Test
  void thePublishedTableIsThere() {
    assertEquals(
        Map.of(Quota.REQUESTS_PER_SECOND, 30L, Quota.TOKENS_PER_MINUTE, 10_000_000L),
        model("tier-0", "grok-4.3"));
    assertEquals(
        Map.of(Quota.REQUESTS_PER_SECOND, 45L, Quota.TOKENS_PER_MINUTE, 21_000_000L),
        model("tier-4", "grok-4.20-multi-agent-0309"));
    assertEquals(
        Map.of(Quota.REQUESTS_PER_SECOND, 5L), model("tier-3", "grok-imagine-image-quality"));
    assertEquals(Map.of(Quota.REQUESTS_PER_SECOND, 1L), model("tier-1", "grok-imagine-video-1.5"));
    Limits.Next next =
        of("tier-0", "standard", Account.Limits.NONE, "grok-4.3").next().orElseThrow();
    assertEquals("tier-1", next.tier());
    assertEquals(OptionalLong.of(15_000_000), next.of(Scope.MODEL, Quota.TOKENS_PER_MINUTE));
    assertEquals(model("tier-0", "grok-4"), model("no-such-tier", "grok-4"));
  }

  @Test
  void whatIsSpentRaisesATeamAndNothingLowersIt() {
    Tiers tiers = store.tiers();
    assertEquals("tier-0", tiers.of(0).name());
    assertEquals("tier-0", tiers.of(50 * TICKS_PER_USD - 1).name());
    assertEquals("tier-1", tiers.of(50 * TICKS_PER_USD).name());
    assertEquals("tier-2", tiers.of(250 * TICKS_PER_USD).name());
    assertEquals("tier-3", tiers.of(1000 * TICKS_PER_USD).name());
    assertEquals("tier-4", tiers.of(1_000_000 * TICKS_PER_USD).name());
    assertEquals("tier-3", tiers.raised("tier-3", 0).name());
    assertEquals("tier-4", tiers.raised("tier-3", 5000 * TICKS_PER_USD).name());
    assertEquals("enterprise", tiers.raised("enterprise", 5000 * TICKS_PER_USD).name());
  }

  @Test
  void whoRunsTheServerHasTheMachinesSize() {
    Limits limits = of("tier-0", LimitBook.SELF_HOSTED, Account.Limits.NONE, "grok-4");
    assertEquals(16_000, limits.of(Scope.MODEL).get(Quota.REQUESTS_PER_SECOND));
    assertEquals(4096, limits.of(Scope.TEAM).get(Quota.CONCURRENT_REQUESTS));
    assertTrue(limits.next().isEmpty());
  }

  @Test
  void aTeamsOwnRuleCountsAndTheNearestOfSeveral() {
    store.set(Owner.team(team), new Rule(Scope.MODEL, "*", Quota.TOKENS_PER_MINUTE, 100));
    store.set(Owner.team(team), new Rule(Scope.MODEL, "grok-4*", Quota.TOKENS_PER_MINUTE, 200));
    store.set(Owner.team(team), new Rule(Scope.MODEL, "grok-4", Quota.TOKENS_PER_MINUTE, 300));
    store.set(
        Owner.team(team), new Rule(Scope.MODEL, "grok-3", Quota.REQUESTS_PER_SECOND, Rule.NONE));
    assertEquals(300, model("tier-0", "grok-4").get(Quota.TOKENS_PER_MINUTE));
    assertEquals(200, model("tier-0", "grok-4.3").get(Quota.TOKENS_PER_MINUTE));
    assertEquals(Map.of(Quota.TOKENS_PER_MINUTE, 100L), model("tier-0", "grok-3"));
    store.set(Owner.team(team), new Rule(Scope.MODEL, "grok-4", Quota.TOKENS_PER_MINUTE, 7));
    assertEquals(300, model("tier-0", "grok-4").get(Quota.TOKENS_PER_MINUTE));
    ticker.addAndGet(Duration.ofMillis(501).toNanos());
    assertEquals(7, model("tier-0", "grok-4").get(Quota.TOKENS_PER_MINUTE));
    assertTrue(store.remove(Owner.team(team), Scope.MODEL, "grok-4", Quota.TOKENS_PER_MINUTE));
    assertEquals(3, store.rules(Owner.team(team)).size());
  }

  @Test
  void aKeysOwnLimitsHoldForIt() {
    Account.Limits own =
        new Account.Limits(OptionalLong.of(1), OptionalLong.empty(), OptionalLong.of(50));
    assertEquals(
        Map.of(Quota.REQUESTS_PER_SECOND, 1L, Quota.TOKENS_PER_MINUTE, 50L),
        of("tier-0", LimitBook.SELF_HOSTED, own, "grok-4").of(Scope.KEY));
  }

  @Test
  void aKeysOwnLimitsStandBesideThoseOfEachKey() {
    store.set(Owner.team(team), new Rule(Scope.KEY, "*", Quota.REQUESTS_PER_MINUTE, 60));
    store.set(Owner.team(team), new Rule(Scope.KEY, "*", Quota.TOKENS_PER_MINUTE, Rule.NONE));
    for (Map.Entry<Long, Long> e : Map.of(1_000_000L, 60L, 10L, 10L).entrySet()) {
      Account.Limits own =
          new Account.Limits(
              OptionalLong.empty(), OptionalLong.of(e.getKey()), OptionalLong.of(50));
      assertEquals(
          Map.of(Quota.REQUESTS_PER_MINUTE, e.getValue(), Quota.TOKENS_PER_MINUTE, 50L),
          of("tier-0", "standard", own, "grok-4").of(Scope.KEY));
    }
  }

  @Test
  void theNextTierIsWhatWouldHoldThere() {
    store.set(Owner.tier("tier-0"), new Rule(Scope.TEAM, "*", Quota.REQUESTS_PER_DAY, 100));
    store.set(Owner.tier("tier-1"), new Rule(Scope.TEAM, "*", Quota.REQUESTS_PER_DAY, 1000));
    store.set(Owner.tier("tier-0"), new Rule(Scope.TEAM, "*", Quota.CONCURRENT_REQUESTS, 3));
    store.set(Owner.tier("tier-0"), new Rule(Scope.KEY, "*", Quota.REQUESTS_PER_MINUTE, 9));
    store.set(Owner.tier("tier-1"), new Rule(Scope.KEY, "*", Quota.REQUESTS_PER_MINUTE, 8));
    store.set(Owner.tier("tier-0"), new Rule(Scope.USER, "*", Quota.TOKENS_PER_DAY, 7));
    store.set(Owner.tier("tier-1"), new Rule(Scope.USER, "*", Quota.TOKENS_PER_DAY, Rule.NONE));
    store.set(Owner.team(team), new Rule(Scope.MODEL, "grok-4", Quota.REQUESTS_PER_SECOND, 5));
    Limits limits = of("tier-0", "standard", Account.Limits.NONE, "grok-4");
    Limits.Next next = limits.next().orElseThrow();
    assertEquals(OptionalLong.of(1000), next.of(Scope.TEAM, Quota.REQUESTS_PER_DAY));
    assertEquals(OptionalLong.of(Rule.NONE), next.of(Scope.TEAM, Quota.CONCURRENT_REQUESTS));
    assertEquals(OptionalLong.empty(), next.of(Scope.KEY, Quota.REQUESTS_PER_MINUTE));
    assertEquals(OptionalLong.of(Rule.NONE), next.of(Scope.USER, Quota.TOKENS_PER_DAY));
    assertEquals(OptionalLong.empty(), next.of(Scope.MODEL, Quota.REQUESTS_PER_SECOND));
    assertEquals(OptionalLong.of(15_000_000), next.of(Scope.MODEL, Quota.TOKENS_PER_MINUTE));
    // a key's own limits hold at the next tier as well
    Account.Limits own =
        new Account.Limits(OptionalLong.of(2), OptionalLong.of(4), OptionalLong.empty());
    Limits ofKey = of("tier-0", "standard", own, "grok-4");
    assertEquals(Map.of(), ofKey.next().orElseThrow().most().get(Scope.KEY));
  }

  @Test
  void aWrongRuleSaysWhatIsWrong() {
    assertThrows(
        ApiException.class,
        () -> store.set(Owner.tier("tier-9"), new Rule(Scope.TEAM, "*", Quota.TOKENS_PER_DAY, 1)));
    for (String bad : List.of("", "gr*ok", "*a")) {
      assertThrows(
          ApiException.class, () -> new Rule(Scope.MODEL, bad, Quota.TOKENS_PER_DAY, 1), bad);
    }
    assertThrows(ApiException.class, () -> new Rule(Scope.USER, "grok-4", Quota.TOKENS_PER_DAY, 1));
    assertThrows(ApiException.class, () -> new Rule(Scope.USER, "*", Quota.TOKENS_PER_DAY, -2));
  }
}
