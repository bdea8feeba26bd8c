package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.management.OperatorStore;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.TestIssuer;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Operators sign in by a provider on loopback, or do not. */
final class SignInTest {
  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}";
  private static final String ELSEWHERE = "http://127.0.0.1:1";

  private TestIssuer issuer;
  private JubalServer server;

  @BeforeEach
  void start() {
    issuer = new TestIssuer(() -> server.clock().instant());
    server =
        JubalServer.scripted(
            SCRIPT,
            "oidc.issuer",
            issuer.name(),
            "oidc.client-id",
            TestIssuer.CLIENT,
            "oidc.client-secret",
            TestIssuer.SECRET,
            "oidc.public-url",
            ELSEWHERE,
            "oidc.roles",
            "ops=admin, money=billing, readers = viewer, keys=api-keys:write+teams:read");
  }

  @AfterEach
  void stop() {
    server.close();
    issuer.close();
  }

  /** A browser with its own cookies, which goes where it is sent when the test says so. */
  private final class Browser implements AutoCloseable {
    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).cookieHandler(cookies).build();

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The provider sends browsers to an address; here the server has another port. */
    HttpRequest.Builder request(String address) {
      String to = address.startsWith("/") ? ELSEWHERE + address : address;
      return HttpRequest.newBuilder(
          URI.create(to.replace(ELSEWHERE + "/", "http://127.0.0.1:" + server.port() + "/")));
    }

    HttpResponse<String> get(String address) throws Exception {
      return send(request(address));
    }

    HttpResponse<String> change(String path, String csrf) throws Exception {
      HttpRequest.Builder request =
          request(path)
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"made by page\"}"));
      return send(csrf.isEmpty() ? request : request.header("x-csrf-token", csrf));
    }

    /** All steps up to the one in which the browser comes back. */
    String comingBack() throws Exception {
      HttpResponse<String> login = get("/auth/oidc/login");
      assertEquals(303, login.statusCode(), login.body());
      HttpResponse<String> there = get(location(login));
      assertEquals(302, there.statusCode(), there.body());
      return location(there);
    }

    HttpResponse<String> signIn() throws Exception {
      return get(comingBack());
    }

    JsonNode me() throws Exception {
      HttpResponse<String> me = get("/auth/oidc/me");
      assertEquals(200, me.statusCode(), me.body());
      return Json.tree(me.body().getBytes(StandardCharsets.UTF_8));
    }

    List<HttpCookie> held() {
      return cookies.getCookieStore().getCookies();
    }

    @Override
    public void close() {
      http.shutdownNow();
    }
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("location").orElseThrow();
  }

  private static void refused(int status, String text, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(text), answer.body());
  }

  @Test
  void aMemberSignsInWorksAndSignsOut() throws Exception {
    try (Browser browser = new Browser()) {
      HttpResponse<String> back = browser.signIn();
      assertEquals(303, back.statusCode(), back.body());
      assertEquals("/auth/oidc/me", location(back));
      String cookie =
          back.headers().allValues("set-cookie").stream()
              .filter(c -> c.startsWith("jubal-session="))
              .findFirst()
              .orElseThrow();
      assertTrue(cookie.contains("HttpOnly; SameSite=Lax; Max-Age=3600"), cookie);
      assertEquals(1, browser.held().size());
      JsonNode me = browser.me();
      assertEquals("session", me.path("kind").stringValue());
      assertEquals("anna@example.com", me.path("name").stringValue());
      assertEquals("anna-1", me.path("subject").stringValue());
      assertEquals("*", me.at("/rights/0").stringValue());
      assertEquals(200, browser.get("/auth/teams").statusCode());
      String csrf = me.path("csrf_token").stringValue();
      refused(403, "x-csrf-token", browser.change("/auth/teams", ""));
      refused(403, "x-csrf-token", browser.change("/auth/teams", csrf.replace('a', 'b') + "0"));
      assertEquals(200, browser.change("/auth/teams", csrf).statusCode());
      refused(403, "x-csrf-token", browser.change("/auth/oidc/logout", ""));
      String secret = browser.held().getFirst().getValue();
      assertEquals(200, browser.change("/auth/oidc/logout", csrf).statusCode());
      assertEquals(List.of(), browser.held());
      refused(
          401,
          "was ended",
          browser.send(browser.request("/auth/teams").header("cookie", "jubal-session=" + secret)));
      String scrape = server.http().get("/metrics").body();
      assertTrue(scrape.contains("jubal_sign_ins_total{outcome=\"signed_in\"} 1.0"), scrape);
    }
  }

  @Test
  void aSessionOpensWhatItsRoleSaysAndNoModel() throws Exception {
    issuer.groups(List.of("money", "strangers"));
    try (Browser browser = new Browser()) {
      assertEquals(303, browser.signIn().statusCode());
      JsonNode me = browser.me();
      assertEquals(1, me.path("groups").size());
      String team = firstTeam();
      assertEquals(200, browser.get("/v1/billing/teams/" + team + "/billing-info").statusCode());
      refused(403, "api-keys:read", browser.get("/auth/teams/" + team + "/api-keys"));
      assertEquals(401, browser.get("/v1/models").statusCode());
      refused(
          403,
          "is an API key",
          browser.send(
              browser.request("/auth/teams").header("authorization", "Bearer " + server.key())));
    }
  }

  private String firstTeam() throws Exception {
    return Json.tree(server.http().get("/v1/me").body().getBytes(StandardCharsets.UTF_8))
        .path("team_id")
        .stringValue();
  }

  @Test
  void groupsMayBeToldElsewhere() throws Exception {
    issuer.groupsElsewhere(true);
    try (Browser browser = new Browser()) {
      assertEquals(303, browser.signIn().statusCode());
      assertEquals("ops", browser.me().at("/groups/0").stringValue());
    }
    issuer.faults().otherPerson = true;
    outside(401, "somebody else");
  }

  @Test
  void whoHasNoRoleStaysOutside() throws Exception {
    issuer.groups(List.of("strangers"));
    outside(403, "may do nothing here");
    issuer.groups(List.of());
    outside(403, "may do nothing here");
  }

  /** Nobody gets in, and nothing is begun. */
  private void outside(int status, String text) throws Exception {
    try (Browser browser = new Browser()) {
      refused(status, text, browser.signIn());
      assertEquals(401, browser.get("/auth/teams").statusCode());
      assertFalse(browser.held().stream().anyMatch(c -> c.getName().equals("jubal-session")));
    }
  }

  @Test
  void aTokenThatProvesNothingIsRefused() throws Exception {
    issuer.faults().claims = c -> c.issuer("https://evil.test");
    outside(401, "another iss");
    issuer.faults().claims = c -> c.claim("nonce", "of another sign-in");
    outside(401, "another nonce");
    issuer.faults().claims = c -> c.audience("another client");
    outside(401, "is for [another client]");
    issuer.faults().claims = c -> c.audience(List.of(TestIssuer.CLIENT, "another client"));
    outside(401, "another azp");
    issuer.faults().claims = c -> c.subject(null);
    outside(401, "names nobody");
    issuer.faults().claims = c -> c.expirationTime(Date.from(JubalServer.START.minusSeconds(31)));
    outside(401, "expired at");
    issuer.faults().claims = c -> c.issueTime(Date.from(JubalServer.START.plusSeconds(31)));
    outside(401, "clock");
    issuer.faults().claims = c -> c.expirationTime(null);
    outside(401, "does not say");
    issuer.faults().claims = c -> c;
    issuer.faults().unsigned = true;
    outside(401, "is not signed by the issuer");
    issuer.faults().unsigned = false;
    issuer.faults().foreignKey = true;
    outside(401, "is not signed by the issuer");
    issuer.faults().foreignKey = false;
    try (Browser browser = new Browser()) {
      assertEquals(303, browser.signIn().statusCode());
    }
  }

  @Test
  void clocksMayDifferABit() throws Exception {
    issuer.faults().claims =
        c ->
            c.issueTime(Date.from(JubalServer.START.plusSeconds(29)))
                .expirationTime(Date.from(JubalServer.START.minusSeconds(29)));
    try (Browser browser = new Browser()) {
      assertEquals(303, browser.signIn().statusCode());
    }
  }

  @Test
  void aNewKeyIsFetchedOnceAndForgedOnesAskNothing() throws Exception {
    try (Browser browser = new Browser()) {
      assertEquals(303, browser.signIn().statusCode());
      int before = issuer.keysAsked();
      issuer.rotate();
      server.clock().move(Duration.ofSeconds(10));
      assertEquals(303, browser.signIn().statusCode());
      assertEquals(before + 1, issuer.keysAsked());
      issuer.rotate();
      refused(401, "is not signed by the issuer", browser.signIn());
      assertEquals(before + 1, issuer.keysAsked());
      server.clock().move(Duration.ofSeconds(10));
      assertEquals(303, browser.signIn().statusCode());
    }
  }

  @Test
  void withoutAProviderNobodySignsInAndKeysStillWork() throws Exception {
    issuer.faults().down = true;
    try (Browser browser = new Browser()) {
      refused(503, "answered 500", browser.get("/auth/oidc/login"));
      issuer.faults().down = false;
      String back = browser.comingBack();
      issuer.faults().down = true;
      refused(503, "answered 500", browser.get(back));
      issuer.faults().down = false;
      assertEquals(303, browser.signIn().statusCode());
      issuer.close();
      assertEquals(200, browser.get("/auth/teams").statusCode());
    }
    server.clock().move(Duration.ofMinutes(11));
    try (Browser browser = new Browser()) {
      refused(503, "does not answer", browser.get("/auth/oidc/login"));
    }
    String manager = server.managementKey(Optional.empty(), "*");
    assertEquals(200, server.http(manager).get("/auth/teams").statusCode());
  }

  @Test
  void anotherIssuersDescriptionIsNotBelieved() throws Exception {
    issuer.faults().otherName = true;
    try (Browser browser = new Browser()) {
      refused(503, "calls itself", browser.get("/auth/oidc/login"));
    }
  }

  @Test
  void onlyWhoBeganASignInEndsIt() throws Exception {
    try (Browser victim = new Browser();
        Browser attacker = new Browser()) {
      refused(400, "began none", victim.get(attacker.comingBack()));
      String back = victim.comingBack();
      refused(400, "another sign-in", victim.get(back.replaceAll("state=[^&]*", "state=x")));
      refused(400, "state is missing", victim.get(back.replaceAll("&state=[^&]*", "")));
      refused(401, "came back from", victim.get(back.replaceAll("&iss=.*", "&iss=https://e.test")));
      refused(401, "came back from nobody", victim.get(back.replaceAll("&iss=.*", "")));
      refused(
          401, "access_denied", victim.get(back.replaceAll("code=[^&]*", "error=access_denied")));
      assertEquals(303, victim.get(back).statusCode());
      refused(400, "began none", victim.get(back));
      String late = victim.comingBack();
      server.clock().move(Duration.ofMinutes(10));
      refused(400, "began none", victim.get(late));
    }
  }

  @Test
  void aCodeIsGoodOnce() throws Exception {
    try (Browser browser = new Browser()) {
      String back = browser.comingBack();
      HttpCookie begun = browser.held().getFirst();
      assertEquals(303, browser.get(back).statusCode());
      refused(
          401,
          "invalid_grant",
          browser.send(
              browser.request(back).header("cookie", begun.getName() + "=" + begun.getValue())));
    }
  }

  @Test
  void aSessionIsOverInTimeAndBySignOut() throws Exception {
    try (Browser browser = new Browser()) {
      assertEquals(303, browser.signIn().statusCode());
      String secret = browser.held().getFirst().getValue();
      HttpRequest.Builder teams =
          browser.request("/auth/teams").header("cookie", "a=b; jubal-session=" + secret);
      assertEquals(200, server.http("").send(teams.copy()).statusCode());
      server.clock().move(Duration.ofHours(1));
      refused(401, "was over at", server.http("").send(teams.copy()));
      assertEquals(303, browser.signIn().statusCode());
      try (Database database = Database.open(server.dataFolder())) {
        OperatorStore store = new OperatorStore(database, server.clock());
        assertEquals(2, store.list().size());
        assertEquals(1, store.endAll("anna-1").size());
      }
      assertEquals(401, browser.get("/auth/teams").statusCode());
    }
  }

  @Test
  void aBrowserReturnsToThisServerAlone() throws Exception {
    try (Browser browser = new Browser()) {
      for (String to : List.of("https://evil.test", "//evil.test", "/\\evil.test", "auth", "")) {
        String encoded = java.net.URLEncoder.encode(to, StandardCharsets.UTF_8);
        refused(400, "return_to", browser.get("/auth/oidc/login?return_to=" + encoded));
      }
      HttpResponse<String> login =
          browser.get("/auth/oidc/login?return_to=%2Fauth%2Fteams%3Fa%3D1");
      HttpResponse<String> there = browser.get(location(login));
      assertEquals("/auth/teams?a=1", location(browser.get(location(there))));
    }
  }

  @Test
  void withoutAnIssuerThereIsNoSignIn() throws Exception {
    try (JubalServer plain = JubalServer.scripted(SCRIPT)) {
      refused(404, "oidc.issuer", plain.http("").get("/auth/oidc/login"));
      refused(404, "oidc.issuer", plain.http("").get("/auth/oidc/callback?code=a&state=b"));
      HttpResponse<String> me =
          plain.http(plain.managementKey(Optional.empty(), "teams:read")).get("/auth/oidc/me");
      assertTrue(me.body().contains("\"kind\":\"management_key\""), me.body());
      assertFalse(me.body().contains("csrf_token"), me.body());
    }
  }

  @Test
  void aConfigurationThatLetsTooMuchStopsTheStart() {
    stops("oidc.roles", "oidc.roles", "ops=root");
    stops("oidc.roles", "oidc.roles", "ops");
    stops("oidc.roles", "oidc.roles", "a=admin,a=viewer");
    stops("oidc.issuer", "oidc.issuer", "http://id.example.com");
    stops("oidc.public-url", "oidc.public-url", "http://jubal.example.com");
    stops("oidc.scopes", "oidc.scopes", "profile");
    stops("oidc.session", "oidc.session", "48h");
    stops("oidc.after-login", "oidc.after-login", "//evil.test");
  }

  private void stops(String named, String key, String value) {
    String[] flags = {
      "oidc.issuer",
      issuer.name(),
      "oidc.client-id",
      "c",
      "oidc.public-url",
      ELSEWHERE,
      "oidc.roles",
      "ops=admin",
      key,
      value
    };
    ConfigException refused =
        assertThrows(ConfigException.class, () -> JubalServer.scripted(SCRIPT, flags));
    assertTrue(String.valueOf(refused.getMessage()).contains(named), refused.getMessage());
  }
}
