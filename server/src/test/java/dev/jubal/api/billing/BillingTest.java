package dev.jubal.api.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Session;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.Stores;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Billing by a management key: on the ledger of requests that were really made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BillingTest {
  private final Stores on = on(); // of the class that is run
  private JubalServer server;
  private OpenApiCheck openApi;
  private Http manager;
  private String team;
  private long ticks;

  /** The database it is tested on. */
  Stores on() {
    return Stores.SQLITE;
  }

  @BeforeAll
  void start() throws Exception {
    server =
        JubalServer.scripted(
            on, "{\"answers\":[{\"steps\":[{\"text\":\"Hello\"},{\"text\":\" there\"}]}]}");
    openApi = OpenApiCheck.of(server.http());
    manager = server.http(server.managementKey(Optional.empty(), "billing:*"));
    team = json(server.http().get("/v1/me")).path("team_id").stringValue();
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> answer =
          server
              .http()
              .post(
                  "/v1/chat/completions",
                  "{\"model\":\"grok-4\",\"max_tokens\":5,\"messages\":"
                      + "[{\"role\":\"user\",\"content\":\"Hi\"}]}");
      assertEquals(200, answer.statusCode(), answer.body());
    }
    try (Database database = on.open(server.dataFolder())) {
      Instant now = server.clock().instant();
      ticks =
          new LedgerReader(database).sums(now.minusSeconds(10), now.plusSeconds(10)).costTicks();
    }
    assertTrue(ticks > 0);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.mapper().readTree(answer.body());
  }

  private String path(String rest) {
    return "/v1/billing/teams/" + team + "/" + rest;
  }

  private JsonNode get(String rest) throws Exception {
    return ok("GET", rest.replaceAll("\\?.*", ""), manager.get(path(rest)));
  }

  private JsonNode post(String rest, String body) throws Exception {
    return ok("POST", rest, manager.post(path(rest), body));
  }

  private JsonNode ok(String method, String rest, HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    openApi.check(method, path(rest), answer);
    return json(answer);
  }

  @Test
  void billingInfoIsKept() throws Exception {
    assertEquals("", get("billing-info").path("billingInfo").path("name").asString());
    JsonNode set =
        post("billing-info", "{\"billingInfo\":{\"name\":\"ACME\",\"email\":\"a@b.example\"}}");
    assertEquals("ACME", set.path("billingInfo").path("name").asString());
    assertEquals(set, get("billing-info"));
  }

  @Test
  void usageIsThatOfTheLedger() throws Exception {
    JsonNode answer =
        post(
            "usage",
            "{\"analyticsRequest\":{\"timeRange\":{\"startTime\":\"2026-11-01T00:00:00Z\","
                + "\"endTime\":\"2026-12-01T00:00:00Z\",\"timezone\":\"Etc/GMT\"},"
                + "\"timeUnit\":\"TIME_UNIT_DAY\",\"values\":[{\"name\":\"usd\",\"aggregation\":"
                + "\"AGGREGATION_SUM\"},{\"name\":\"requests\"}],\"groupBy\":[\"description\"]}}");
    JsonNode series = answer.path("timeSeries").path(0);
    assertEquals("grok-4", series.path("group").path(0).asString());
    JsonNode values = series.path("dataPoints").path(0).path("values");
    assertEquals(ticks / 1e10, values.path(0).asDouble(), 1e-12);
    assertEquals(3, values.path(1).asDouble());
    HttpResponse<String> csv =
        manager.get(
            path("usage/export?format=csv&from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z"));
    assertTrue(csv.body().startsWith("start,key,project,model,endpoint,requests"), csv.body());
    assertTrue(csv.body().endsWith("," + ticks + "\r\n"), csv.body());
    JsonNode exported = get("usage/export?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z");
    assertEquals(ticks, exported.path("usage").path(0).path("costInUsdTicks").asLong());
  }

  /** What clients that were written for xAI send: no zone in the times, months, filters of none. */
  @Test
  void usageIsAskedForAsOfXai() throws Exception {
    String days =
        "INSERT INTO rollup_day VALUES (?, ?, 'k', '', 'm', 'chat', 1, 0, 2, 0, 0, 3, 0, ?, 0)";
    write(
        s -> {
          s.update(days, team, Instant.parse("2024-01-30T00:00:00Z"), 1);
          s.update(days, team, Instant.parse("2024-01-31T00:00:00Z"), 20);
          return s.update(days, team, Instant.parse("2024-02-29T00:00:00Z"), 300);
        });
    String asked =
        "{\"analyticsRequest\":{\"timeRange\":{\"startTime\":\"2024-01-01 00:00:00\",\"endTime\":"
            + "\"2024-03-01 00:00:00\",\"timezone\":\"Etc/GMT\"},\"timeUnit\":\"TIME_UNIT_MONTH\","
            + "\"values\":[{\"name\":\"usd\",\"aggregation\":\"AGGREGATION_SUM\"},"
            + "{\"name\":\"completion_tokens\"}],\"groupBy\":[\"description\"],\"filters\":[]}}";
    JsonNode points = post("usage", asked).path("timeSeries").path(0).path("dataPoints");
    assertEquals(2, points.size());
    assertEquals("2024-01-01T00:00:00Z", points.path(0).path("timestamp").stringValue());
    assertEquals("2024-02-01T00:00:00Z", points.path(1).path("timestamp").stringValue());
    assertEquals(21 / 1e10, points.path(0).path("values").path(0).asDouble(), 1e-15);
    assertEquals(6, points.path(0).path("values").path(1).asInt());
    assertEquals(300 / 1e10, points.path(1).path("values").path(0).asDouble(), 1e-15);
    write(s -> s.update("DELETE FROM rollup_day WHERE cost_ticks IN (1, 20, 300)"));
    refused("usage", asked.replace("\"filters\":[]", "\"filters\":[\"m\"]"), "filters");
    refused("usage", asked.replace("description", "colour"), "api_key_id, description, endpoint");
    refused("usage", asked.replace("2024-01-01", "2024-13-01"), "timeRange.startTime");
    refused("usage", asked.replace("2024-03-01 ", "+999999999-01-01T"), "timeRange.endTime");
  }

  private void write(Function<Session, Integer> change) {
    try (Database database = on.open(server.dataFolder())) {
      var _ = database.write(change);
    }
  }

  private void refused(String rest, String body, String named) throws Exception {
    HttpResponse<String> answer = manager.post(path(rest), body);
    assertEquals(400, answer.statusCode(), answer.body());
    openApi.check("POST", path(rest), answer);
    assertTrue(answer.body().contains(named), answer.body());
  }

  @Test
  void aYearOfMoreThanFourDigitsIsNoTime() throws Exception {
    HttpResponse<String> answer =
        manager.get(path("usage/export?from=2026-11-01T00:00:00Z&to=%2B999999999-01-01T00:00:00Z"));
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("to: "), answer.body());
  }

  @Test
  void noBillIsOfAMonthToCome() throws Exception {
    for (String field : new String[] {"billingCycle", "since"}) {
      String query = "?" + field + ".year=2027&" + field + ".month=1";
      assertEquals(0, get("invoices" + query).path("invoices").size());
    }
  }

  @Test
  void noTextOfADatabaseHasTheCharacter0() throws Exception {
    refused("billing-info", "{\"billingInfo\":{\"name\":\"A\\u0000B\"}}", "billingInfo.name: has");
  }

  private void sums(String table, String of, String key, String start, long costTicks) {
    write(
        s ->
            s.update(
                "INSERT INTO "
                    + table
                    + " VALUES (?, ?, ?, '', 'm', 'chat', 1, 0, 2, 0, 0, 3, 0, ?, 0)",
                of,
                Instant.parse(start),
                key,
                costTicks));
  }

  private static String asked(String more) {
    return "{\"analyticsRequest\":{\"timeRange\":{\"startTime\":\"2023-01-01T00:00:00Z\","
        + "\"endTime\":\"2023-02-01T00:00:00Z\"},\"timeUnit\":\"TIME_UNIT_HOUR\","
        + more
        + "}}";
  }

  @Test
  void usageIsOfWhatTheFiltersName() throws Exception {
    sums("rollup_hour", team, "k-1", "2023-01-01T00:00:00Z", 10_000_000_000L);
    sums("rollup_hour", team, "k:2", "2023-01-01T00:00:00Z", 20_000_000_000L);
    JsonNode one = post("usage", asked("\"filters\":[\"api_key_id:k:2\"]"));
    JsonNode points = one.path("timeSeries").path(0).path("dataPoints");
    assertEquals(2, points.path(0).path("values").path(0).asDouble(), 1e-12);
    JsonNode both =
        post(
            "usage",
            asked(
                "\"filters\":[\"api_key_id:k-1\",\"api_key_id:k:2\",\"description:m\"],"
                    + "\"groupBy\":[\"api_key_id\"]"));
    assertEquals(2, both.path("timeSeries").size());
    for (String filter : new String[] {"description:none", "project_id:p", "endpoint:image"}) {
      assertEquals(
          0, post("usage", asked("\"filters\":[\"" + filter + "\"]")).path("timeSeries").size());
    }
    for (String wrong : new String[] {"cluster:eu", "k-1", "unit_type:prompt"}) {
      refused(
          "usage",
          asked("\"filters\":[\"" + wrong + "\"]"),
          "analyticsRequest.filters: \\\"" + wrong);
    }
    refused("usage", asked("\"groupBy\":[\"unit_type\"]"), "not kept by kind of unit");
  }

  @Test
  void whatWasSpentIsAChangeOfTheBalanceToo() throws Exception {
    String other;
    try (Database database = on.open(server.dataFolder())) {
      Instant now = server.clock().instant();
      other = new TeamStore(database).create("payer", Optional.empty(), now).id();
    }
    sums("rollup_day", other, "k", "2026-09-30T00:00:00Z", 12_340_000_000L);
    sums("rollup_day", other, "k", "2026-10-01T00:00:00Z", 60_000_000L);
    sums("rollup_day", other, "k", "2026-11-01T00:00:00Z", 60_000_000L);
    String at = "/v1/billing/teams/" + other + "/prepaid/";
    HttpResponse<String> paid = manager.post(at + "top-up", "{\"amount\":{\"val\":\"799\"}}");
    assertEquals(200, paid.statusCode(), paid.body());
    JsonNode balance = json(manager.get(at + "balance"));
    assertEquals("-674", balance.path("total").path("val").asString());
    List<String> changes = new ArrayList<>();
    for (JsonNode c : balance.path("changes")) {
      changes.add(
          c.path("changeOrigin").asString()
              + " "
              + c.path("amount").path("val").asString()
              + " "
              + c.path("createTime").asString());
    }
    String now = server.clock().instant().toString();
    assertEquals(
        List.of(
            "SPEND 123 2026-10-01T00:00:00Z",
            "SPEND 1 2026-11-01T00:00:00Z",
            "PURCHASE -799 " + now,
            "SPEND 1 " + now),
        changes);
  }

  @Test
  void aLongExportComesWhole() throws Exception {
    int hours = 3000;
    write(
        s -> {
          for (int i = 0; i < hours; i++) {
            s.update(
                "INSERT INTO rollup_hour VALUES (?, ?, 'k\"1', '', 'm', 'chat', 1, 0, 2, 0, 0, 3,"
                    + " 0, ?, 0)",
                team,
                Instant.parse("2025-01-01T00:00:00Z").plus(Duration.ofHours(i)),
                i);
          }
          return hours;
        });
    String range = "usage/export?unit=hour&from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z";
    JsonNode exported = get(range).path("usage");
    assertEquals(hours, exported.size());
    assertEquals("k\"1", exported.path(hours - 1).path("key").stringValue());
    HttpResponse<String> csv = manager.get(path(range + "&format=csv"));
    assertEquals("text/csv", csv.headers().firstValue("content-type").orElse(""));
    String[] lines = csv.body().split("\r\n", -1);
    assertEquals(hours + 2, lines.length);
    assertTrue(lines[1].startsWith("2025-01-01T00:00:00Z,\"k\"\"1\",,m,chat,1,0"), lines[1]);
    assertTrue(lines[hours].endsWith("," + (hours - 1)), lines[hours]);
  }

  @Test
  void creditsThatAreLeftAreNegative() throws Exception {
    JsonNode balance = post("prepaid/top-up", "{\"amount\":{\"val\":\"799\"}}");
    assertEquals("-799", balance.path("total").path("val").asString());
    assertEquals("PURCHASE", balance.path("changes").path(0).path("changeOrigin").asString());
    assertEquals(balance, get("prepaid/balance"));
    HttpResponse<String> wrong =
        manager.post(path("prepaid/top-up"), "{\"amount\":{\"val\":\"1.5\"}}");
    assertEquals(400, wrong.statusCode());
    assertTrue(wrong.body().contains("amount.val"), wrong.body());
    for (String much : new String[] {"92233720368", "10000000001"}) {
      refused("prepaid/top-up", "{\"amount\":{\"val\":\"" + much + "\"}}", "amount: ");
    }
    assertEquals(balance, get("prepaid/balance"));
  }

  @Test
  void spendingLimitsAndTheBillSoFar() throws Exception {
    JsonNode limits =
        post("postpaid/spending-limits", "{\"desiredSoftSpendingLimit\":{\"val\":\"2500\"}}");
    assertEquals("2500", limits.path("spendingLimits").path("softSl").path("val").asString());
    assertEquals(limits, get("postpaid/spending-limits"));
    assertEquals("2500", effective(limits));
    for (long hard : new long[] {1000, 9000}) {
      try (Database database = on.open(server.dataFolder())) {
        var _ =
            new BudgetStore(database, server.clock())
                .set(
                    new BudgetStore.Wanted(
                        team, Budget.Scope.TEAM, team, Window.MONTHLY, true, hard * 100_000_000));
      }
      assertEquals(Long.toString(Math.min(2500, hard)), effective(get("postpaid/spending-limits")));
    }
    JsonNode preview = get("postpaid/invoice/preview");
    assertEquals(
        "grok-4", preview.path("coreInvoice").path("lines").path(0).path("description").asString());
    assertEquals(11, preview.path("billingCycle").path("month").asInt());
    assertEquals(0, get("invoices").path("invoices").size(), "the month is not over");
    server.clock().move(Duration.ofDays(10));
    JsonNode invoices = get("invoices?billingCycle.year=2026&billingCycle.month=11");
    assertEquals(1, invoices.path("invoices").size());
    server.clock().move(Duration.ofDays(-10));
  }

  private static String effective(JsonNode limits) {
    return limits.path("spendingLimits").path("effectiveSl").path("val").stringValue();
  }

  @Test
  void nothingIsPaidThroughThisServer() throws Exception {
    JsonNode none = get("payment-method");
    assertEquals(team, none.path("teamId").stringValue());
    assertEquals(0, none.path("paymentMethods").size());
    HttpResponse<String> chosen =
        manager.post(path("payment-method/default"), "{\"paymentMethodId\":\"pm_1\"}");
    openApi.check("POST", path("payment-method/default"), chosen);
    assertEquals(404, chosen.statusCode(), chosen.body());
    assertTrue(chosen.body().contains("jubal credit add"), chosen.body());
    assertEquals(400, manager.post(path("payment-method/default"), "{}").statusCode());
    assertEquals(
        403,
        server
            .http(server.managementKey(Optional.empty(), "billing:read"))
            .post(path("payment-method/default"), "{\"paymentMethodId\":\"pm_1\"}")
            .statusCode());
  }

  @Test
  void othersMayNot() throws Exception {
    assertEquals(403, server.http().get(path("prepaid/balance")).statusCode());
    Http reader = server.http(server.managementKey(Optional.empty(), "billing:read"));
    assertEquals(
        403, reader.post(path("prepaid/top-up"), "{\"amount\":{\"val\":\"799\"}}").statusCode());
    assertEquals(404, manager.get("/v1/billing/teams/nobody/prepaid/balance").statusCode());
  }
}
