package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.budget.Credits;
import dev.jubal.account.budget.Plans;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.Extras;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.limits.TierRaise;
import dev.jubal.account.price.PriceStore;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Stores;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Teams come to higher tiers by what they spend, without anybody doing anything. */
final class TierTest {
  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"Hello\"}]}]}";
  private static final long USD = 10_000_000_000L;

  private static HttpResponse<String> chat(JubalServer server, String model) {
    try {
      return server
          .http()
          .post(
              "/v1/chat/completions",
              "{\"model\":\""
                  + model
                  + "\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\","
                  + "\"content\":\"Hi\"}]}");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String tier(Database database) {
    return new TeamStore(database).named("default").tier();
  }

  /** Of a name that costs next to nothing. */
  private static long limit(JubalServer server) {
    return chat(server, "grok-3-mini")
        .headers()
        .firstValueAsLong("x-ratelimit-limit-tokens")
        .orElse(-1);
  }

  /** A request costs so much, whatever it uses. */
  private static void price(JubalServer server, Database database, long ticks) {
    new PriceStore(database, server.clock())
        .set(
            "grok-4.3",
            new Price(
                server.clock().instant().minusSeconds(1),
                Price.Rate.FREE,
                0,
                Price.Rate.FREE,
                "test",
                new Extras(ticks, Map.of(), OptionalLong.empty(), OptionalLong.empty())));
  }

  /** One request at that price. */
  private static void paid(JubalServer server) {
    Await.until(
        "it was paid",
        () -> chat(server, "grok-4.3").body().contains("\"cost_in_usd_ticks\":" + 60 * USD));
  }

  private static String plan(Database database, JubalServer server, String name) {
    String team = new TeamStore(database).named("default").id();
    new Plans(database, server.clock()).set(team, name);
    return team;
  }

  @ParameterizedTest
  @EnumSource
  void spendingRaisesATeamAndNothingLowersIt(Stores on) {
    try (JubalServer server =
            JubalServer.scripted(
                on, SCRIPT, "budget.refresh", "10ms", "tiers.raise-every", "20ms");
        Database database = on.open(server.dataFolder())) {
      price(server, database, 60 * USD);
      String team = plan(database, server, "standard");
      new Credits(database, server.clock())
          .add(team, Credits.Origin.PURCHASE, 10_000 * USD, "prepaid");
      Await.until("the plan is seen", () -> limit(server) == 10_000_000);
      paid(server);
      Await.until("tier-1 is seen", () -> limit(server) == 15_000_000);
      assertEquals("tier-1", tier(database));
      for (int i = 0; i < 4; i++) {
        paid(server);
      }
      Await.until("tier-2 is seen", () -> limit(server) == 25_000_000);
      Await.until("the metric says so", () -> server.metrics().contains("jubal_tier_raised_total"));
      database.write(s -> s.update("UPDATE rollup_day SET cost_ticks = 0"));
      assertEquals(List.of(), new TierRaise(database).run());
      assertEquals(25_000_000, limit(server), "what was reached stays");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoRunsTheServerForHimselfHasNoTier(Stores on) {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, "budget.refresh", "10ms");
        Database database = on.open(server.dataFolder())) {
      price(server, database, 60 * USD);
      paid(server);
      assertEquals(List.of(), new TierRaise(database).run());
      assertEquals("tier-0", tier(database));
      plan(database, server, "enterprise");
      assertEquals(1, new TierRaise(database).run().size(), "with another plan it counts");
      assertEquals("tier-1", tier(database));
      assertEquals(List.of(), new TierRaise(database).run(), "once");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTierGivenByHandIsKept(Stores on) {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, "budget.refresh", "10ms");
        Database database = on.open(server.dataFolder())) {
      price(server, database, 60 * USD);
      paid(server);
      plan(database, server, "enterprise");
      database.write(s -> s.update("UPDATE team SET tier = 'enterprise'"));
      assertEquals(List.of(), new TierRaise(database).run());
      assertEquals("enterprise", tier(database));
    }
  }
}
