package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.account.webhook.WebhookSecrets;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.crypto.CryptoConfig;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.AlertReceiver;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.MasterKey;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.RawServer;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Alerts of the whole server, to a webhook and a mail server that are real: told once, and whatever
 * fails in between.
 */
@ParameterizedClass
@EnumSource(Stores.class)
class AlertTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
  private static final String SCRIPT =
      """
      {"answers":[{"match":"breaks","steps":[{"fail":"broken","message":"It broke."}]},
        {"steps":[{"text":"Hello"}]}]}
      """;

  @TempDir private Path folder = Path.of("");
  private final SettableClock clock = new SettableClock(START);
  private final List<Jubal> running = new ArrayList<>();
  private final AlertReceiver receiver = new AlertReceiver();
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private CryptoConfig crypto = CryptoConfig.STANDARD;
  private String key = "";
  private String manager = "";
  private String team = "";
  private String secret = "";

  @BeforeEach
  void start() {
    mail.start();
  }

  @AfterEach
  void stop() {
    running.forEach(Jubal::close);
    receiver.close();
    mail.stop();
  }

  private Jubal server(String... flags) throws Exception {
    return serverOn("data", flags);
  }

  /** A server on a data folder, which it finds as an earlier one left it. */
  private Jubal serverOn(String data, String... flags) throws Exception {
    Path script = Files.writeString(folder.resolve("script.json"), SCRIPT);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("data-dir", folder.resolve(data).toString());
    all.put("server.port", "0");
    all.put("models.script", script.toString());
    all.put("budget.refresh", "10ms");
    all.put("alert.every", "20ms");
    all.put("alert.own-hooks", receiver.url());
    all.put("alert.smtp.host", "127.0.0.1");
    all.put("alert.smtp.port", Integer.toString(mail.getSmtp().getPort()));
    all.put("alert.smtp.security", "none");
    all.put("alert.smtp.from", "jubal@example.com");
    String[] database = on.flags(folder.resolve("data"));
    for (String[] pairs : List.of(database, flags)) {
      for (int i = 0; i < pairs.length; i += 2) {
        all.put(pairs[i], pairs[i + 1]);
      }
    }
    Jubal jubal =
        Jubal.start(
            Config.read(all, Map.of()),
            new Jubal.Outside(clock, () -> UUID.randomUUID().toString(), Progress.SILENT));
    running.add(jubal);
    jubal.keys().firstStart().ifPresent(k -> key = k.secret().reveal());
    if (manager.isEmpty()) {
      prepare(folder.resolve(data));
    }
    return jubal;
  }

  private void prepare(Path data) {
    try (Database database = on.open(data)) {
      manager =
          new ManagementStore(database, clock)
              .create("m", Optional.empty(), List.of("alerts:*"), Optional.empty())
              .secret()
              .reveal();
      team = new TeamStore(database).named("default").id();
      secret = secrets(database, data).fresh(team).reveal();
    }
  }

  private WebhookSecrets secrets(Database database, Path data) {
    return new WebhookSecrets(
        database, new TinkVault(database, LocalMasterKey.open(crypto, data), clock), clock);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.mapper().readTree(answer.body());
  }

  private String path() {
    return "/auth/teams/" + team + "/alerts";
  }

  private String rule(Jubal jubal, String body) throws Exception {
    HttpResponse<String> made = new Http(jubal.port(), manager).post(path(), body);
    assertEquals(200, made.statusCode(), made.body());
    return json(made).path("alertId").asString();
  }

  private String budgetRule(String more) {
    return "{\"kind\":\"budget\",\"url\":\"" + receiver.url() + "\"" + more + "}";
  }

  private HttpResponse<String> chat(Jubal jubal, String text) {
    try {
      return new Http(jubal.port(), key)
          .post(
              "/v1/chat/completions",
              "{\"model\":\"grok-4\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\","
                  + "\"content\":\""
                  + text
                  + "\"}]}");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Asks once, and returns what that cost. */
  private long cost(Jubal jubal) {
    HttpResponse<String> answer = chat(jubal, "hi");
    assertEquals(200, answer.statusCode(), answer.body());
    try (Database database = on.open(folder.resolve("data"))) {
      return new LedgerReader(database)
          .find(answer.headers().firstValue("x-request-id").orElseThrow())
          .orElseThrow()
          .settled()
          .orElseThrow()
          .settlement()
          .costTicks();
    }
  }

  private void budget(Window window, boolean hard, long ticks) {
    try (Database database = on.open(folder.resolve("data"))) {
      new BudgetStore(database, clock)
          .set(new BudgetStore.Wanted(team, Budget.Scope.TEAM, team, window, hard, ticks));
    }
  }

  private String metrics(Jubal jubal) {
    try {
      return new Http(jubal.port(), key).get("/metrics").body();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Passes when the rules were looked at five times more: whatever had to be told was. */
  private void looks(Jubal jubal) {
    double before = looked(jubal);
    Await.until("five looks", () -> looked(jubal) >= before + 5);
  }

  private double looked(Jubal jubal) {
    return metrics(jubal)
        .lines()
        .filter(l -> l.startsWith("jubal_alerts_look_seconds_count"))
        .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
        .sum();
  }

  private boolean waits() {
    try (Database database = on.open(folder.resolve("data"))) {
      return database.read(
          s ->
              s.first(
                      "SELECT 1 AS n FROM alert_job WHERE execution_time > 0 AND NOT picked",
                      r -> r.whole("n"))
                  .isPresent());
    }
  }

  @Test
  void aBudgetIsToldOnceAtEachThreshold() throws Exception {
    Jubal jubal = server();
    String id =
        rule(jubal, budgetRule(",\"thresholds\":[50,80,100],\"emails\":[\"ops@example.com\"]"));
    long cost = cost(jubal);
    budget(Window.MONTHLY, false, 2 * cost);
    Await.until("the webhook", () -> receiver.count() == 1);
    assertTrue(mail.waitForIncomingEmail(20_000, 1));
    var call = receiver.call(0);
    assertEquals(AlertReceiver.signature(secret, call), call.headers().get("webhook-signature"));
    JsonNode told = receiver.told(0);
    assertEquals("alert.fired", told.path("type").asString());
    JsonNode data = told.path("data");
    assertEquals("default", data.at("/team/name").asString());
    assertEquals(id, data.path("rule").asString());
    assertEquals("budget_monthly of the whole team", data.path("what").asString());
    assertEquals("50 percent", data.path("value").asString());
    assertEquals("50 percent", data.path("threshold").asString());
    assertEquals(START.toString(), data.path("since").asString());
    assertTrue(data.path("todo").asString().contains("jubal budget set"), data::toString);
    var received = mail.getReceivedMessages()[0];
    assertEquals(
        "[Jubal] team default: budget at 50 percent (threshold 50 percent)", received.getSubject());
    assertEquals("ops@example.com", received.getAllRecipients()[0].toString());
    String body = GreenMailUtil.getBody(received);
    assertTrue(body.contains("budget_monthly of the whole team"), body);
    assertTrue(
        received.getMessageID().contains(data.path("id").asString()), received.getMessageID());

    assertEquals(cost, cost(jubal)); // 100 percent: 80 and 100 are crossed, the farthest is told
    Await.until("the second", () -> receiver.count() == 2);
    assertEquals("100 percent", receiver.told(1).at("/data/threshold").asString());
    var _ = cost(jubal);
    looks(jubal);
    assertEquals(2, receiver.count());
    assertTrue(
        metrics(jubal).contains("jubal_alerts_fired_total{kind=\"budget\"} 2.0"), metrics(jubal));
    assertTrue(
        metrics(jubal).contains("jubal_alerts_delivered_total{medium=\"webhook\"} 2.0"),
        metrics(jubal));
  }

  @Test
  void aHardBudgetThatRefusesIsUsedUp() throws Exception {
    Jubal jubal = server();
    var _ = rule(jubal, budgetRule(",\"thresholds\":[100]"));
    long cost = cost(jubal);
    budget(Window.MONTHLY, true, 10 * cost + cost / 2); // never all of it is spent
    Await.until("a refusal", () -> chat(jubal, "hi").statusCode() == 429);
    Await.until("the webhook", () -> receiver.count() == 1);
    JsonNode data = receiver.told(0).path("data");
    String value = data.path("value").asString();
    double part = Double.parseDouble(value.substring(0, value.indexOf(' ')));
    assertTrue(part > 50 && part < 100, value);
    assertTrue(data.path("todo").asString().startsWith("Requests are refused"), data::toString);
    assertEquals(429, chat(jubal, "hi").statusCode());
    looks(jubal);
    assertEquals(1, receiver.count());
  }

  @Test
  void aQuestionIsNoRefusal() throws Exception {
    Jubal jubal = server();
    var _ = rule(jubal, budgetRule(",\"thresholds\":[100]"));
    long cost = cost(jubal);
    String question = "/v1/admission/explain";
    long asked = json(tooMuch(jubal, question)).at("/reserved/cost_in_usd_ticks").asLong();
    budget(Window.MONTHLY, true, asked + cost / 2);
    Await.until(
        "it does not fit", () -> tooMuch(jubal, question).body().contains("insufficient_quota"));
    looks(jubal);
    assertEquals(0, receiver.count(), "nobody was refused");
    assertFalse(metrics(jubal).contains("jubal_budget_refused_total"), metrics(jubal));
    assertEquals(429, tooMuch(jubal, "/v1/chat/completions").statusCode());
    Await.until("the webhook", () -> receiver.count() == 1);
    assertTrue(metrics(jubal).contains("jubal_budget_refused_total"), metrics(jubal));
  }

  /** Asks for what would fit if nothing were spent. */
  private HttpResponse<String> tooMuch(Jubal jubal, String path) {
    try {
      return new Http(jubal.port(), key)
          .post(
              path,
              "{\"model\":\"grok-4\",\"max_tokens\":12,\"messages\":[{\"role\":\"user\","
                  + "\"content\":\"hi\"}]}");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fiveHundredThenTwoHundred() throws Exception {
    Jubal jubal = server();
    var _ = rule(jubal, budgetRule(""));
    receiver.fail(1);
    budget(Window.TOTAL, false, cost(jubal));
    Await.until("the first call", () -> receiver.count() == 1);
    Await.until("it waits for its turn", this::waits);
    clock.move(Duration.ofSeconds(6));
    Await.until("the second call", () -> receiver.count() == 2);
    assertEquals(
        receiver.call(0).headers().get("webhook-id"), receiver.call(1).headers().get("webhook-id"));
    Http http = new Http(jubal.port(), manager);
    String events = "/auth/teams/" + team + "/alert-events";
    Await.until(
        "it is shown",
        () -> {
          try {
            JsonNode d = json(http.get(events)).at("/events/0/deliveries/0");
            return d.path("outcome").asString("").equals("delivered")
                && d.path("attempts").asInt() == 2;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    OpenApiCheck.of(new Http(jubal.port(), key)).check("GET", events, http.get(events));
    assertTrue(
        metrics(jubal).contains("jubal_alerts_failed_total{medium=\"webhook\"} 1.0"),
        metrics(jubal));
  }

  @Test
  void aRestartBetweenCrossingAndDeliveryLosesNothing() throws Exception {
    Jubal first = server();
    var _ = rule(first, budgetRule(",\"emails\":[\"ops@example.com\"]"));
    receiver.fail(1);
    mail.stop();
    budget(Window.DAILY, false, cost(first));
    Await.until("the first call", () -> receiver.count() == 1);
    Await.until("it waits for its turn", this::waits);
    first.close();
    mail.start();
    clock.move(Duration.ofSeconds(6));
    Jubal second = server();
    Await.until("the next server calls", () -> receiver.count() == 2);
    assertTrue(mail.waitForIncomingEmail(20_000, 1));
    looks(second);
    assertEquals(2, receiver.count());
    assertEquals(1, mail.getReceivedMessages().length);
    assertEquals(
        receiver.call(0).headers().get("webhook-id"), receiver.call(1).headers().get("webhook-id"));
  }

  @Test
  void aClockThatJumpsTellsNothingTwiceAndLosesNothing() throws Exception {
    Jubal jubal = server();
    var _ = rule(jubal, budgetRule(""));
    receiver.fail(1);
    budget(Window.DAILY, false, cost(jubal));
    Await.until("the first call", () -> receiver.count() == 1);
    Await.until("it waits for its turn", this::waits);
    clock.move(Duration.ofDays(-3)); // else it would wait for three days
    Await.until("it is called at once", () -> receiver.count() == 2);
    looks(jubal);
    clock.move(Duration.ofDays(3));
    looks(jubal);
    clock.move(Duration.ofDays(400));
    looks(jubal);
    clock.move(Duration.ofDays(-400));
    looks(jubal);
    assertEquals(2, receiver.count());
  }

  @Test
  void aMailServerThatIsGoneOrStallsHoldsUpNothing() throws Exception {
    try (RawServer silent = RawServer.saying("", false)) {
      Jubal jubal =
          server("alert.smtp.port", Integer.toString(silent.port()), "alert.smtp.timeout", "300ms");
      var _ = rule(jubal, budgetRule(",\"emails\":[\"a@example.com\",\"b@example.com\"]"));
      budget(Window.TOTAL, false, cost(jubal));
      Await.until("the webhook", () -> receiver.count() == 1);
      Await.until("the mail server is asked", () -> silent.accepted() >= 2);
      assertEquals(200, chat(jubal, "hi").statusCode());
      Await.until(
          "both fail",
          () -> metrics(jubal).contains("jubal_alerts_failed_total{medium=\"email\"} 2.0"));
      Await.until("they wait for their turn", this::waits);
      jubal.close();
    }
    clock.move(Duration.ofSeconds(6));
    Jubal next = server("alert.smtp.port", Integer.toString(mail.getSmtp().getPort()));
    assertTrue(mail.waitForIncomingEmail(20_000, 2));
    looks(next);
    assertEquals(2, mail.getReceivedMessages().length);
  }

  @Test
  void errorsAreToldOnceUntilTheyAreOver() throws Exception {
    Jubal jubal = server();
    var _ =
        rule(
            jubal,
            "{\"kind\":\"error_rate\",\"thresholds\":[50],\"minRequests\":4,\"url\":\""
                + receiver.url()
                + "\"}");
    looks(jubal); // from now on the team is counted
    for (int i = 0; i < 4; i++) {
      assertEquals(502, chat(jubal, "breaks").statusCode());
    }
    Await.until("it is told", () -> receiver.count() == 1);
    assertEquals("100.0 percent", receiver.told(0).at("/data/value").asString());
    assertEquals("4 of 4 requests in 5 minutes", receiver.told(0).at("/data/detail").asString());
    for (int i = 0; i < 4; i++) {
      assertEquals(502, chat(jubal, "breaks").statusCode());
    }
    looks(jubal);
    assertEquals(1, receiver.count());
    clock.move(Duration.ofMinutes(6)); // nothing in the window: it is over
    looks(jubal);
    for (int i = 0; i < 4; i++) {
      assertEquals(502, chat(jubal, "breaks").statusCode());
    }
    Await.until("it is told again", () -> receiver.count() == 2);
  }

  @Test
  void twoNodesTellOnce() throws Exception {
    if (on != Stores.POSTGRESQL) {
      return; // a file has one server
    }
    Path master = MasterKey.in(folder);
    crypto = new CryptoConfig(Optional.empty(), Optional.of(master));
    String[] shared = {"crypto.master-key-file", master.toString()};
    Jubal a = serverOn("data", shared);
    Jubal b = serverOn("other", shared);
    var _ = rule(a, budgetRule(",\"thresholds\":[20,40,60,80,100]"));
    long cost = cost(a);
    budget(Window.MONTHLY, false, 5 * cost);
    for (int i = 1; i <= 5; i++) {
      int told = i;
      Await.until("it is told", () -> receiver.count() >= told);
      looks(a);
      looks(b);
      assertEquals(told, receiver.count());
      var _ = cost(i % 2 == 0 ? a : b);
    }
  }

  @Test
  void theButtonTriesEveryWay() throws Exception {
    Jubal jubal = server();
    String id = rule(jubal, budgetRule(",\"emails\":[\"ops@example.com\"]"));
    Http http = new Http(jubal.port(), manager);
    String test = path() + "/" + id + "/test";
    HttpResponse<String> pressed = http.post(test, "");
    OpenApiCheck.of(new Http(jubal.port(), key)).check("POST", test, pressed);
    assertEquals(200, pressed.statusCode(), pressed.body());
    JsonNode deliveries = json(pressed).path("deliveries");
    assertEquals("delivered", deliveries.at("/0/outcome").asString());
    assertEquals("delivered", deliveries.at("/1/outcome").asString());
    assertEquals("alert.test", receiver.told(0).path("type").asString());
    assertTrue(mail.getReceivedMessages()[0].getSubject().startsWith("[Jubal] Test: "));
    mail.stop();
    receiver.fail(1);
    JsonNode failed = json(http.post(test, "")).path("deliveries");
    assertEquals("it answered 500", failed.at("/0/detail").asString());
    assertEquals("failed", failed.at("/1/outcome").asString());
    for (int i = 2; i < 10; i++) {
      assertEquals(200, http.post(test, "").statusCode());
    }
    HttpResponse<String> tooMany = http.post(test, "");
    assertEquals(429, tooMany.statusCode(), tooMany.body());
    clock.move(Duration.ofMinutes(2));
    assertEquals(200, http.post(test, "").statusCode());
    looks(jubal);
    assertFalse(waits(), "a test is not tried again");
  }

  @Test
  void rulesAreMadeChangedAndRemoved() throws Exception {
    Jubal jubal = server();
    Http http = new Http(jubal.port(), manager);
    OpenApiCheck openApi = OpenApiCheck.of(new Http(jubal.port(), key));
    String id = rule(jubal, budgetRule(""));
    HttpResponse<String> listed = http.get(path());
    openApi.check("GET", path(), listed);
    JsonNode shown = json(listed).at("/alerts/0");
    assertEquals("[50.0,80.0,100.0]", shown.path("thresholds").toString());
    assertEquals(
        "http://127.0.0.1:" + java.net.URI.create(receiver.url()).getPort() + "/***",
        shown.path("url").asString());
    String one = path() + "/" + id;
    HttpResponse<String> changed =
        http.put(one, "{\"thresholds\":[90],\"emails\":[\"a@example.com\"]}");
    openApi.check("PUT", one, changed);
    assertEquals("[90.0]", json(changed).path("thresholds").toString());
    refused(http.put(one, "{\"url\":\"https://example.com/***\"}"), "url", "***");
    refused(http.put(one, "{\"url\":\"\",\"emails\":[]}"), "url", "none");
    refused(http.put(one, "{\"windowMinutes\":5}"), "windowMinutes", "none for budgets");
    refused(http.put(one, "{\"thresholds\":[0]}"), "thresholds", "1 to 1000 percent");
    refused(http.post(path(), "{\"kind\":\"weather\"}"), "kind", "weather");
    refused(http.post(path(), "{\"kind\":\"budget\",\"emails\":[\"no\"]}"), "emails", "no");
    refused(
        http.post(path(), "{\"kind\":\"budget\",\"url\":\"http://127.0.0.1:9999/elsewhere\"}"),
        "url",
        "public");
    refused(http.post(path(), "{\"kind\":\"budget\",\"uri\":\"x\"}"), "uri", "no such field");
    openApi.check("DELETE", one, http.delete(one));
    assertEquals(404, http.delete(one).statusCode());
    assertEquals(404, http.put(one, "{}").statusCode());
    assertEquals(404, http.post(one + "/test", "").statusCode());
    assertEquals(0, json(http.get(path())).path("alerts").size());
    String stored;
    try (Database database = on.open(folder.resolve("data"))) {
      stored =
          database.read(
              s ->
                  s.list("SELECT * FROM alert_event", r -> r.text("told")).toString()
                      + s.list("SELECT * FROM alert_delivery", r -> r.text("detail")));
    }
    assertFalse(stored.contains("not-to-be-shown"), stored);
  }

  private static void refused(HttpResponse<String> answer, String field, String part) {
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(field), answer.body());
    assertTrue(answer.body().contains(part), answer.body());
  }
}
