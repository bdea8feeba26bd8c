package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.price.PriceStore;
import dev.jubal.account.price.Repricing;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Money against the whole server: refusals, equal costs, prices that change. */
@ParameterizedClass
@EnumSource(Stores.class)
class MoneyTest {
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"Hello\"},{\"text\":\" there\"}]}]}";
  private static final String[] AT_ONCE = {"budget.refresh", "10ms"};

  @Parameter private Stores on = Stores.SQLITE;

  private static String body(String model, int most, boolean stream) {
    return "{\"model\":\""
        + model
        + "\",\"max_tokens\":"
        + most
        + ",\"stream\":"
        + stream
        + ",\"user\":\"ann\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }

  private static HttpResponse<String> chat(JubalServer server, String body) {
    try {
      return server.http().post("/v1/chat/completions", body);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static LedgerRow row(JubalServer server, HttpResponse<String> answer) {
    String id = answer.headers().firstValue("x-request-id").orElseThrow();
    try (Database database = server.database()) {
      return new LedgerReader(database).find(id).orElseThrow();
    }
  }

  private static void budget(JubalServer server, Budget.Scope scope, long ticks) {
    try (Database database = server.database()) {
      String team = new TeamStore(database).named("default").id();
      new BudgetStore(database, server.clock())
          .set(
              new BudgetStore.Wanted(
                  team,
                  scope,
                  scope == Budget.Scope.TEAM ? team : Budget.EACH,
                  Window.MONTHLY,
                  true,
                  ticks));
    }
  }

  @Test
  void aBudgetThatIsUsedUpIsToldAndSdksDoNotTryAgain() {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, AT_ONCE)) {
      assertEquals(200, chat(server, body("grok-4", 10, false)).statusCode());
      budget(server, Budget.Scope.END_USER, 20_000_000);
      AtomicReference<HttpResponse<String>> refused = new AtomicReference<>();
      Await.until(
          "the budget is seen",
          () -> {
            refused.set(chat(server, body("grok-4", 1000, false)));
            return refused.get().statusCode() == 429;
          });
      String text = refused.get().body();
      assertTrue(text.contains("\"code\":\"insufficient_quota\""), text);
      assertTrue(text.contains("budget_monthly of end user ann: "), text);
      assertTrue(text.contains(" of 0.002 USD are taken"), text);
      assertEquals("false", refused.get().headers().firstValue("x-should-retry").orElseThrow());
      assertEquals(
          429, chat(server, body("grok-4", 1000, true)).statusCode(), "streamed all the same");
      assertEquals(200, chat(server, body("grok-4", 10, false)).statusCode(), "less still fits");
      server.verified();
    }
  }

  @Test
  void whatAnotherServerWritesIsCappedWhereABudgetEnds() {
    String script =
        "{\"local\":false,\"answers\":[{\"steps\":[{\"text\":\" word\",\"every_ms\":0,"
            + "\"times\":500}]}]}";
    try (JubalServer server = JubalServer.scripted(on, script, AT_ONCE)) {
      LedgerRow whole = row(server, chat(server, body("grok-4", 400, false)));
      long spent = whole.settled().orElseThrow().settlement().costTicks();
      long unpaid = 300 * whole.price().rate().completion();
      budget(server, Budget.Scope.TEAM, spent + whole.reserved().ticks() - unpaid);
      AtomicReference<JsonNode> foretold = new AtomicReference<>();
      Await.until(
          "the budget is seen",
          () -> {
            foretold.set(explained(server, "", body("grok-4", 400, false)));
            return foretold.get().path("limits").toString().contains("budget_monthly");
          });
      assertTrue(foretold.get().path("would_pass").asBoolean(), foretold.get()::toString);
      HttpResponse<String> capped = chat(server, body("grok-4", 400, false));
      assertEquals(200, capped.statusCode(), capped.body());
      assertTrue(capped.body().contains("\"finish_reason\":\"length\""), capped.body());
      LedgerRow row = row(server, capped);
      assertEquals(100, row.settled().orElseThrow().settlement().usage().completion());
      assertEquals(whole.reserved().ticks() - unpaid, row.reserved().ticks());
      String limit = capped.headers().firstValue("x-jubal-limit").orElse("none");
      assertTrue(limit.startsWith("budget_monthly:team "), limit);
      assertEquals(Optional.of(limit), row.settled().orElseThrow().settlement().limitedBy(), limit);
      server.verified();
    }
  }

  @Test
  void whatEndsByItselfWithinTheCapWasNotCut() {
    String script = SCRIPT.replaceFirst("\\{", "{\"local\":false,");
    try (JubalServer server = JubalServer.scripted(on, script, AT_ONCE)) {
      LedgerRow whole = row(server, chat(server, body("grok-4", 400, false)));
      budget(server, Budget.Scope.TEAM, whole.reserved().ticks());
      Await.until(
          "the budget is seen",
          () ->
              explained(server, "", body("grok-4", 400, false))
                  .path("limits")
                  .toString()
                  .contains("budget_monthly"));
      HttpResponse<String> answer = chat(server, body("grok-4", 400, false));
      assertEquals(200, answer.statusCode(), answer.body());
      assertTrue(row(server, answer).reserved().ticks() < whole.reserved().ticks());
      assertEquals(Optional.empty(), answer.headers().firstValue("x-jubal-limit"));
      server.verified();
    }
  }

  @Test
  void streamedOrWholeAliasOrNameCostTheSame() {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, AT_ONCE)) {
      LedgerRow whole = row(server, chat(server, body("grok-4", 10, false)));
      long cost = whole.settled().orElseThrow().settlement().costTicks();
      assertTrue(cost > 0, "grok-4 has a price");
      for (String name : List.of("grok-4", "grok-4-latest")) {
        LedgerRow streamed = row(server, chat(server, body(name, 10, true)));
        assertEquals(whole.price(), streamed.price(), name);
        assertEquals(cost, streamed.settled().orElseThrow().settlement().costTicks(), name);
      }
      server.verified();
    }
  }

  @Test
  void aPriceHoldsFromItsMomentOnAndAPastBillCanBeCorrected() {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, AT_ONCE)) {
      LedgerRow before = row(server, chat(server, body("grok-4", 10, false)));
      Price twice = times(before.price(), 2, server.clock().instant().minusSeconds(60));
      try (Database database = server.database()) {
        new PriceStore(database, server.clock()).set("grok-4", twice);
      }
      Await.until(
          "the price is seen",
          () -> row(server, chat(server, body("grok-4", 10, false))).price().equals(twice));
      long cost = before.settled().orElseThrow().settlement().costTicks();
      try (Database database = server.database()) {
        Repricing repricing = new Repricing(database, server.clock());
        Instant from = server.clock().instant().minusSeconds(3600);
        Repricing.Order order =
            new Repricing.Order(
                "grok-4",
                from,
                from.plusSeconds(7200),
                List.of(before.price()),
                List.of(),
                "wrong",
                false);
        Repricing.Outcome done = repricing.run(order);
        assertTrue(done.changed() >= 1, () -> done.toString());
        assertEquals(done.changed() * cost, done.after() - done.before());
        assertEquals(0, repricing.run(order).changed(), "the second time there is nothing to do");
        assertEquals(before, new LedgerReader(database).find(before.requestId()).orElseThrow());
      }
      server.verified();
    }
  }

  private static JsonNode explained(JubalServer server, String dialect, String body) {
    try {
      HttpResponse<String> answer = server.http().post("/v1/admission/explain" + dialect, body);
      assertEquals(200, answer.statusCode(), answer.body());
      OpenApiCheck.of(server.http()).check("POST", "/v1/admission/explain" + dialect, answer);
      return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void whatARequestWouldCostIsSaidWithoutAnAnswerToIt() {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, AT_ONCE)) {
      JsonNode free = explained(server, "", body("grok-4", 10, false));
      assertTrue(free.path("would_pass").asBoolean(), free::toString);
      LedgerRow row = row(server, chat(server, body("grok-4", 10, false)));
      assertEquals(
          row.reserved().ticks(), free.path("reserved").path("cost_in_usd_ticks").asLong());
      budget(server, Budget.Scope.TEAM, 1);
      AtomicReference<JsonNode> refused = new AtomicReference<>(free);
      for (String dialect : List.of("", "/chat", "/messages", "/responses")) {
        String body =
            dialect.equals("/responses")
                ? "{\"model\":\"grok-4\",\"input\":\"Hi\",\"max_output_tokens\":10}"
                : "{\"model\":\"grok-4\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\","
                    + "\"content\":\"Hi\"}]}";
        Await.until(
            "the budget is seen",
            () -> {
              refused.set(explained(server, dialect, body));
              return !refused.get().path("would_pass").asBoolean();
            });
        assertEquals("insufficient_quota", refused.get().path("refusal").path("code").asString());
        JsonNode limits = refused.get().path("limits");
        JsonNode limit = limits.path(limits.size() - 1); // those of rates stand before it
        assertEquals("budget_monthly", limit.path("name").asString(), limit::toString);
        assertEquals("0.0000000001", limit.path("most").asString());
      }
      assertEquals(429, chat(server, body("grok-4", 10, false)).statusCode());
    }
  }

  private static Price times(Price p, long factor, Instant from) {
    return new Price(
        from,
        new Price.Rate(
            factor * p.rate().prompt(), factor * p.rate().cached(), factor * p.rate().completion()),
        0,
        Price.Rate.FREE,
        "test");
  }
}
