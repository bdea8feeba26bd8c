package dev.jubal.api.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.AuthGrpc;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.WsClient;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Tokens for browsers, over everything a key is taken by. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientTokenTest {
  private static final String MODEL = "grok-4-fast-non-reasoning";

  private JubalServer server;
  private IssuedKey parent;
  private Http owner;

  @BeforeAll
  void start() {
    server = JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}");
    parent = server.jubal().keys().create("web", Acls.ALL, Optional.empty());
    owner = server.http(parent.secret().reveal());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private String token(String body) throws Exception {
    return json(owner.post("/v1/client-tokens", body)).path("value").stringValue();
  }

  private static String chat(String more) {
    return "{\"model\":\""
        + MODEL
        + "\""
        + more
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }

  private HttpResponse<String> chat(String token, String more) throws Exception {
    return server.http(token).post("/v1/chat/completions", chat(more));
  }

  private int status(String token) {
    try {
      return chat(token, "").statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(int status, String text, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(text), answer.body());
  }

  @Test
  void itIsMadeAsDescribedAndBilledToItsKey() throws Exception {
    HttpResponse<String> made =
        owner.post(
            "/v1/client-tokens",
            "{\"expires_after\":{\"seconds\":60},\"models\":[\""
                + MODEL
                + "\"],\"endpoints\":[\"chat\"],\"user\":\"anna\"}");
    OpenApiCheck.of(server.http()).check("POST", "/v1/client-tokens", made);
    JsonNode token = json(made);
    assertEquals("no-store", made.headers().firstValue("cache-control").orElse(""));
    assertEquals(
        server.clock().instant().getEpochSecond() + 60, token.path("expires_at").longValue());
    HttpResponse<String> answer = chat(token.path("value").stringValue(), "");
    assertEquals(200, answer.statusCode(), answer.body());
    LedgerRow row = row(answer.headers().firstValue("x-request-id").orElseThrow());
    assertEquals(parent.key().id(), row.owner().keyId());
    assertEquals(Optional.of("anna"), row.reserved().endUser());
    assertTrue(server.http().get("/metrics").body().contains("jubal_client_tokens_total"));
  }

  private LedgerRow row(String id) {
    try (Database database = Database.open(server.dataFolder())) {
      return new LedgerReader(database).find(id).orElseThrow();
    }
  }

  @Test
  void anIdempotencyKeyIsOfOneEndUser() throws Exception {
    String anna = named(token("{\"user\":\"anna\"}"));
    assertEquals(anna, named(token("{\"user\":\"anna\"}")), "her next token");
    assertNotEquals(anna, named(token("{\"user\":\"ben\"}")));
    assertNotEquals(anna, named(parent.secret().reveal()));
  }

  private String named(String bearer) throws Exception {
    Http http = server.http(bearer);
    HttpRequest.Builder request = http.request("/v1/chat/completions");
    request.header("Content-Type", "application/json").header("Idempotency-Key", "one");
    return json(http.send(request.POST(HttpRequest.BodyPublishers.ofString(chat("")))))
        .path("id")
        .stringValue();
  }

  @Test
  void itIsValidForFiveMinutesUnlessSaid() throws Exception {
    JsonNode token = json(owner.post("/v1/client-tokens", "{}"));
    assertEquals(
        server.clock().instant().getEpochSecond() + 300, token.path("expires_at").longValue());
    refused(
        400,
        "expires_after.seconds",
        owner.post("/v1/client-tokens", "{\"expires_after\":{\"seconds\":3601}}"));
    refused(
        400,
        "expires_after.seconds",
        owner.post("/v1/client-tokens", "{\"expires_after\":{\"seconds\":0}}"));
  }

  @Test
  void wrongFieldsAreNamed() throws Exception {
    refused(400, "endpoint: there is no", owner.post("/v1/client-tokens", "{\"endpoint\":[]}"));
    refused(400, "origin", owner.post("/v1/client-tokens", "{\"origin\":\"*\"}"));
    refused(400, "user", owner.post("/v1/client-tokens", "{\"user\":\" \"}"));
    refused(400, "models[0]", owner.post("/v1/client-tokens", "{\"models\":[\"a b\"]}"));
    IssuedKey narrow =
        server
            .jubal()
            .keys()
            .create(
                "narrow",
                Acls.of(List.of(MODEL), List.of("chat", "client-tokens")),
                Optional.empty());
    Http http = server.http(narrow.secret().reveal());
    refused(403, "endpoints[0]", http.post("/v1/client-tokens", "{\"endpoints\":[\"models\"]}"));
    refused(403, "models[0]", http.post("/v1/client-tokens", "{\"models\":[\"*\"]}"));
    IssuedKey without =
        server
            .jubal()
            .keys()
            .create("without", Acls.of(List.of(), List.of("chat")), Optional.empty());
    refused(
        403,
        "api-key:endpoint:client-tokens",
        server.http(without.secret().reveal()).post("/v1/client-tokens", "{}"));
  }

  @Test
  void itDoesWhatItNamesAlone() throws Exception {
    String token = token("{\"models\":[\"" + MODEL + "\"],\"endpoints\":[\"chat\"],\"tools\":[]}");
    assertEquals(200, chat(token, "").statusCode());
    Http http = server.http(token);
    refused(
        403,
        "api-key:endpoint:responses",
        http.post("/v1/responses", "{\"model\":\"" + MODEL + "\",\"input\":\"Hi\"}"));
    refused(
        403,
        "api-key:model:",
        http.post("/v1/chat/completions", chat("").replace(MODEL, "grok-3")));
    refused(
        403,
        "api-key:tool:lookup",
        http.post(
            "/v1/chat/completions",
            chat(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"lookup\"}}]")));
    refused(403, "A client token may not call", http.post("/v1/client-tokens", "{}"));
    refused(403, "A client token may not call", http.get("/metrics"));
    refused(403, "A client token may not call", http.get("/auth/teams"));
    assertEquals(parent.key().teamId(), json(http.get("/v1/me")).path("team_id").stringValue());
    assertEquals(3, json(http.get("/v1/api-key")).path("acls").size());
  }

  @Test
  void itReadsOfItsKeyNoMoreRowsThanItHas() throws Exception {
    String token = token("{\"endpoints\":[\"chat\"]}");
    List<String> rows = List.of("api-key:model:*", "api-key:endpoint:chat");
    List<String> read = new ArrayList<>();
    json(server.http(token).get("/v1/api-key"))
        .path("acls")
        .forEach(row -> read.add(row.stringValue()));
    assertEquals(rows, read);
    assertEquals(
        rows,
        AuthGrpc.newBlockingStub(Rpc.channel(server.port(), token))
            .getApiKeyInfo(Empty.getDefaultInstance())
            .getAclsList());
  }

  @Test
  void itIsForItsEndUserAlone() throws Exception {
    String token = token("{\"user\":\"anna\"}");
    assertEquals(200, chat(token, ",\"user\":\"anna\"").statusCode());
    refused(403, "was made for", chat(token, ",\"user\":\"bert\""));
    refused(403, "was made for", chat(token, ",\"safety_identifier\":\"bert\""));
    refused(
        403,
        "was made for",
        server
            .http(token)
            .post(
                "/v1/messages",
                "{\"model\":\""
                    + MODEL
                    + "\",\"max_tokens\":4,\"metadata\":{\"user_id\":\"bert\"},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"));
  }

  @Test
  void itIsForPagesOfItsOriginAlone() throws Exception {
    String token = token("{\"origin\":\"https://App.Example.com:443\"}");
    refused(403, "https://app.example.com", chat(token, ""));
    HttpRequest.Builder request =
        server
            .http(token)
            .request("/v1/chat/completions")
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(chat("")));
    refused(
        403,
        "came from https://evil.test",
        server.http("").send(request.copy().header("origin", "https://evil.test")));
    assertEquals(
        200,
        server.http("").send(request.header("origin", "https://app.example.com")).statusCode());
  }

  @Test
  void itEndsWithItsTimeAndItsKey() throws Exception {
    IssuedKey key = server.jubal().keys().create("short", Acls.ALL, Optional.empty());
    String token =
        json(server.http(key.secret().reveal()).post("/v1/client-tokens", "{}"))
            .path("value")
            .stringValue();
    assertEquals(200, chat(token, "").statusCode());
    server.jubal().keys().revoke("short");
    Await.until("the token ends", () -> status(token) == 401);
    refused(401, "is revoked", chat(token, ""));
    String old = token("{}");
    server.clock().move(Duration.ofMinutes(5));
    refused(401, "expired at", chat(old, ""));
  }

  @Test
  void anOpenSocketEndsWithItsKeyToo() throws Exception {
    IssuedKey key = server.jubal().keys().create("socket", Acls.ALL, Optional.empty());
    String message = "{\"type\":\"response.create\",\"model\":\"" + MODEL + "\",\"input\":\"Hi\"}";
    try (WsClient socket = WsClient.open(server.port(), "/v1/responses", key.secret().reveal())) {
      List<JsonNode> events = socket.turn(message);
      assertEquals("response.completed", events.getLast().path("type").stringValue());
      server.jubal().keys().revoke("socket");
      Await.until("the key ends", () -> status(key.secret().reveal()) == 401);
      JsonNode refused = socket.turn(message).getLast();
      assertEquals("error", refused.path("type").stringValue());
      assertEquals(401, refused.path("status").intValue());
    }
  }

  @Test
  void whatItsTeamStoredIsNotForOneEndUser() throws Exception {
    String id =
        json(owner.post("/v1/responses", "{\"model\":\"" + MODEL + "\",\"input\":\"Hi\"}"))
            .path("id")
            .stringValue();
    Http anna = server.http(token("{\"user\":\"anna\"}"));
    String path = "/v1/responses/" + id;
    refused(403, "one end user", anna.get(path));
    refused(403, "one end user", anna.get(path + "/input_items"));
    refused(403, "one end user", anna.delete(path));
    refused(403, "one end user", anna.post(path + "/cancel", "{}"));
    String goesOn =
        "{\"model\":\"" + MODEL + "\",\"input\":\"Hi\",\"previous_response_id\":\"" + id + "\"}";
    refused(403, "one end user", anna.post("/v1/responses", goesOn));
    Http nobody = server.http(token("{}"));
    assertEquals(200, nobody.get(path).statusCode());
    assertEquals(200, nobody.post("/v1/responses", goesOn).statusCode());
  }

  private static String call(ChatGrpc.ChatBlockingStub chat, String user) {
    return chat.getCompletion(
            GetCompletionsRequest.newBuilder()
                .setModel(MODEL)
                .setUser(user)
                .addMessages(
                    Message.newBuilder()
                        .setRole(MessageRole.ROLE_USER)
                        .addContent(Content.newBuilder().setText("Hi")))
                .build())
        .getOutputs(0)
        .getMessage()
        .getContent();
  }

  @Test
  void itIsTakenOverGrpc() throws Exception {
    String token = token("{\"endpoints\":[\"chat\"],\"user\":\"anna\"}");
    ChatGrpc.ChatBlockingStub chat = ChatGrpc.newBlockingStub(Rpc.channel(server.port(), token));
    assertEquals("Hi", call(chat, ""));
    StatusRuntimeException other =
        assertThrows(StatusRuntimeException.class, () -> call(chat, "bert"));
    assertEquals(Status.Code.PERMISSION_DENIED, other.getStatus().getCode());
    String elsewhere = token("{\"endpoints\":[\"responses\"]}");
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> call(ChatGrpc.newBlockingStub(Rpc.channel(server.port(), elsewhere)), ""));
    assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
  }

  private WebSocket open(HttpClient client, String protocol, String origin) throws Exception {
    WebSocket.Builder builder = client.newWebSocketBuilder().subprotocols(protocol);
    if (!origin.isEmpty()) {
      builder.header("Origin", origin);
    }
    return builder
        .buildAsync(
            URI.create("ws://127.0.0.1:" + server.port() + "/v1/responses"),
            new WebSocket.Listener() {})
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  /** As a page does it, which can set no header but this one. */
  @Test
  void itIsTakenAsASubprotocol() throws Exception {
    String protocol = "xai-client-secret." + token("{\"endpoints\":[\"responses\"]}");
    String other = "xai-client-secret." + token("{\"endpoints\":[\"chat\"]}");
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket = open(client, protocol, "http://127.0.0.1:" + server.port());
      assertEquals(protocol, socket.getSubprotocol());
      socket.abort();
      assertEquals(403, handshake(client, other, ""));
      assertEquals(403, handshake(client, protocol, "https://evil.test"));
      assertEquals(401, handshake(client, "xai-client-secret.xai-client-e30.AAAA", ""));
      client.shutdownNow();
    }
  }

  private int handshake(HttpClient client, String protocol, String origin) {
    CompletionException failed =
        assertThrows(CompletionException.class, () -> open(client, protocol, origin));
    return failed.getCause() instanceof WebSocketHandshakeException refused
        ? refused.getResponse().statusCode()
        : 0;
  }
}
