package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.account.keys.KeySettings;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.TeamPolicy;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.UserStore;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.account.management.OperatorGate;
import dev.jubal.account.management.OperatorStore;
import dev.jubal.account.management.Rights;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.ScriptedServer;
import dev.jubal.testing.Stores;
import dev.jubal.testing.WsClient;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * Every route and method of the running server with every kind of key. What is expected follows
 * from the route's declaration alone, so a new route is in the matrix as soon as it exists.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermissionMatrixTest {
  private final Stores on = on(); // of the class that is run
  private static final List<String> EVERYTHING = List.of("api-key:model:*", "api-key:endpoint:*");

  /** How a secret begins that is a session's, and what stands before its proof. */
  private static final String COOKIE = "cookie:";

  private static final String PROOF = " ";

  private static final Instant LATER = JubalServer.START.plusSeconds(1);

  /** A kind of key. */
  private enum Kind {
    NONE,
    UNKNOWN,
    NO_ROWS,
    /** With the row of the route's endpoint alone. */
    RIGHT,
    /** With the row of another endpoint alone. */
    OTHER,
    DISABLED,
    REVOKED,
    EXPIRED,
    /** The secret before the present one, which is to end, of a key that may do everything. */
    ROTATED,
    /** The same, and it ended. */
    ROTATED_LONG_AGO,
    OF_DISABLED_USER,
    OF_BLOCKED_TEAM,
    /** A token for the route's endpoint alone, of a key that may do everything. */
    TOKEN_RIGHT,
    /** A token for another endpoint alone. */
    TOKEN_OTHER,
    TOKEN_EXPIRED,
    TOKEN_FORGED,
    TOKEN_OF_REVOKED,
    /** Made by a secret that its key has no more. */
    TOKEN_OF_ROTATED,
    /** For pages of an origin that no request of this test names. */
    TOKEN_OF_ORIGIN,
    MANAGEMENT_UNKNOWN,
    MANAGEMENT_EXPIRED,
    MANAGEMENT_REVOKED,
    MANAGEMENT_NO_ROWS,
    /** With the right of the route alone. */
    MANAGEMENT_RIGHT,
    /** With all rights, of another team. */
    MANAGEMENT_OF_OTHER_TEAM,
    /** Signed in, with the right of the route alone. */
    SESSION_RIGHT,
    /** Signed in with all rights, without the proof that a page of the server asks. */
    SESSION_WITHOUT_PROOF,
    /** Signed in, and no group means anything any more. */
    SESSION_NO_ROLE,
    SESSION_UNKNOWN,
    SESSION_EXPIRED,
    SESSION_ENDED
  }

  /** What the guard has to say. */
  private enum Verdict {
    LET_IN,
    NOT_KNOWN,
    NOT_ALLOWED,
    /** What the path names is not the caller's. */
    NOT_SEEN
  }

  /** The database it is tested on. */
  Stores on() {
    return Stores.SQLITE;
  }

  private JubalServer server;
  private final Map<Kind, String> secrets = new EnumMap<>(Kind.class);
  private final Map<String, String> byEndpoint = new HashMap<>();
  private final Map<String, String> tokens = new HashMap<>();
  private final Map<String, String> byRight = new HashMap<>();
  private final Map<String, Channel> channels = new HashMap<>();
  private Map<String, String> ids = Map.of();

  @BeforeAll
  void start() throws Exception {
    server =
        JubalServer.scripted(
            on,
            "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}",
            "oidc.issuer",
            "http://127.0.0.1:1",
            "oidc.public-url",
            "http://127.0.0.1:1",
            "oidc.client-id",
            "jubal",
            "oidc.roles",
            roles());
    secrets.put(Kind.NONE, "");
    secrets.put(Kind.UNKNOWN, "xai-" + "0".repeat(80));
    secrets.put(Kind.NO_ROWS, key("no-rows", List.of()));
    secrets.put(Kind.OTHER, key("other", List.of("api-key:endpoint:elsewhere", "api-key:model:*")));
    try (Database database = on.open(server.dataFolder())) {
      KeyStore keys = new KeyStore(database, server.clock());
      ApiKey victim = keys.create("victim", EVERYTHING, Optional.empty()).key();
      ids =
          Map.of("team_id", victim.teamId(), "api_key_id", victim.id(), "user_id", victim.userId());
      refusedKeys(keys, new TeamStore(database));
      rotatedKeys(keys);
      UserStore users = new UserStore(database, server.clock());
      String user = users.create(victim.teamId(), "gone").id();
      KeyStore.Owner owner = new KeyStore.Owner(Optional.of(victim.teamId()), Optional.of(user));
      KeySettings settings = KeySettings.of("of user", EVERYTHING, Optional.empty());
      secrets.put(Kind.OF_DISABLED_USER, keys.create(settings, owner).secret().reveal());
      var _ = users.set(user, Optional.empty(), Optional.of(true));
      managers(new ManagementStore(database, server.clock()), new TeamStore(database));
    }
    tokens();
  }

  private void rotatedKeys(KeyStore keys) {
    IssuedKey rotated = keys.create("rotated", EVERYTHING, Optional.empty());
    var _ = keys.rotate(rotated.key().id(), KeyStore.MOST_GRACE);
    secrets.put(Kind.ROTATED, rotated.secret().reveal());
    IssuedKey longAgo = keys.create("rotated long ago", EVERYTHING, Optional.empty());
    var _ = keys.rotate(longAgo.key().id(), Duration.ofMinutes(1));
    secrets.put(Kind.ROTATED_LONG_AGO, longAgo.secret().reveal());
  }

  private void tokens() throws Exception {
    KeyStore keys = server.jubal().keys();
    String revoked = key("revoked later", EVERYTHING);
    IssuedKey rotated = keys.create("rotated later", EVERYTHING, Optional.empty());
    secrets.put(Kind.TOKEN_EXPIRED, token(server.key(), "*"));
    server.clock().move(Duration.ofHours(1));
    secrets.put(Kind.TOKEN_OTHER, token(server.key(), "elsewhere"));
    secrets.put(Kind.TOKEN_OF_REVOKED, token(revoked, "*"));
    String forged = token(server.key(), "*");
    secrets.put(
        Kind.TOKEN_FORGED,
        forged.substring(0, forged.indexOf('.') + 1)
            + new StringBuilder(forged.substring(forged.indexOf('.') + 1)).reverse());
    keys.revoke("revoked later");
    secrets.put(Kind.TOKEN_OF_ROTATED, token(rotated.secret().reveal(), "*"));
    var _ = keys.rotate(rotated.key().id(), Duration.ZERO);
    secrets.put(
        Kind.TOKEN_OF_ORIGIN, token(server.key(), "*", ",\"origin\":\"https://app.example.com\""));
  }

  private String token(String key, String endpoint) throws Exception {
    return token(key, endpoint, "");
  }

  private String token(String key, String endpoint, String more) throws Exception {
    HttpResponse<String> made =
        server
            .http(key)
            .post(
                "/v1/client-tokens",
                "{\"expires_after\":{\"seconds\":3600},\"endpoints\":[\""
                    + endpoint
                    + "\"]"
                    + more
                    + "}");
    assertEquals(200, made.statusCode(), made.body());
    return Json.tree(made.body().getBytes(StandardCharsets.UTF_8)).path("value").stringValue();
  }

  private void refusedKeys(KeyStore keys, TeamStore teams) {
    IssuedKey disabled = keys.create("disabled", EVERYTHING, Optional.empty());
    keys.update(
        disabled.key().id(),
        s -> new KeySettings(s.name(), s.acls(), s.expires(), true, s.limits(), s.project()));
    secrets.put(Kind.DISABLED, disabled.secret().reveal());
    IssuedKey revoked = keys.create("revoked", EVERYTHING, Optional.empty());
    keys.revoke("revoked");
    secrets.put(Kind.REVOKED, revoked.secret().reveal());
    secrets.put(
        Kind.EXPIRED,
        keys.create("expired", EVERYTHING, Optional.of(JubalServer.START.plusSeconds(60)))
            .secret()
            .reveal());
    String team = teams.create("blocked", Optional.empty(), LATER).id();
    KeyStore.Owner owner = new KeyStore.Owner(Optional.of(team), Optional.empty());
    secrets.put(
        Kind.OF_BLOCKED_TEAM,
        keys.create(KeySettings.of("blocked", EVERYTHING, Optional.empty()), owner)
            .secret()
            .reveal());
    teams.set(
        team,
        new TeamStore.Change(
            Optional.empty(), Optional.empty(), Optional.of(new TeamPolicy(true))));
  }

  private void managers(ManagementStore managers, TeamStore teams) {
    secrets.put(Kind.MANAGEMENT_UNKNOWN, "xai-token-" + "0".repeat(80));
    secrets.put(
        Kind.MANAGEMENT_EXPIRED,
        managers
            .create(
                "expired",
                Optional.empty(),
                List.of("*"),
                Optional.of(JubalServer.START.plusSeconds(60)))
            .secret()
            .reveal());
    secrets.put(
        Kind.MANAGEMENT_REVOKED,
        managers
            .create("revoked", Optional.empty(), List.of("*"), Optional.empty())
            .secret()
            .reveal());
    managers.revoke("revoked");
    secrets.put(Kind.MANAGEMENT_NO_ROWS, server.managementKey(Optional.empty()));
    String other = teams.create("other", Optional.empty(), LATER).id();
    sessions();
    secrets.put(Kind.MANAGEMENT_OF_OTHER_TEAM, server.managementKey(Optional.of(other), "*"));
  }

  private void sessions() {
    secrets.put(Kind.SESSION_WITHOUT_PROOF, COOKIE + session("all", Duration.ofDays(1)));
    secrets.put(Kind.SESSION_NO_ROLE, COOKIE + session("nobody", Duration.ofDays(1)));
    secrets.put(Kind.SESSION_UNKNOWN, COOKIE + "0".repeat(43));
    secrets.put(Kind.SESSION_EXPIRED, COOKIE + session("all", Duration.ofMinutes(1)));
    String ended =
        operators(
            store -> {
              OperatorStore.Begun begun = store.begin(operator("all"), Duration.ofDays(1));
              store.end(begun.session().id());
              return begun.secret().reveal();
            });
    secrets.put(Kind.SESSION_ENDED, COOKIE + ended);
  }

  /** A group for each right, and one for all of them. */
  private static String roles() {
    return "all=*,"
        + Rights.areas().stream()
            .flatMap(a -> Stream.of(a + ":read", a + ":write"))
            .map(right -> right + "=" + right)
            .collect(Collectors.joining(","));
  }

  private String session(String group, Duration length) {
    return operators(store -> store.begin(operator(group), length).secret().reveal());
  }

  private static OperatorStore.Operator operator(String group) {
    return new OperatorStore.Operator("http://127.0.0.1:1", "anna", "Anna", List.of(group));
  }

  private <T> T operators(Function<OperatorStore, T> work) {
    try (Database database = on.open(server.dataFolder())) {
      return work.apply(new OperatorStore(database, server.clock()));
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private String key(String name, List<String> rows) {
    return server.jubal().keys().create(name, rows, Optional.empty()).secret().reveal();
  }

  private String secret(Kind kind, Access access, String endpoint) throws Exception {
    return switch (kind) {
      case TOKEN_RIGHT -> {
        String known = tokens.get(endpoint);
        String token = known == null ? token(server.key(), endpoint) : known;
        tokens.put(endpoint, token);
        yield token;
      }
      case RIGHT ->
          byEndpoint.computeIfAbsent(
              endpoint, e -> key("only " + e, List.of("api-key:endpoint:" + e, "api-key:model:*")));
      case MANAGEMENT_RIGHT ->
          access == Access.MANAGEMENT
              ? byRight.computeIfAbsent(
                  endpoint, right -> server.managementKey(Optional.empty(), right))
              : Objects.requireNonNull(secrets.get(Kind.MANAGEMENT_NO_ROWS));
      case SESSION_RIGHT -> {
        // one of its own, as what it is tried on may end it
        String secret = session(access == Access.MANAGEMENT ? endpoint : "all", Duration.ofDays(1));
        yield COOKIE + secret + PROOF + OperatorGate.proof(secret);
      }
      default -> Objects.requireNonNull(secrets.get(kind));
    };
  }

  /** The rule; the one place where it is written down beside the guard. */
  private static Verdict expected(Access access, String path, Kind kind) {
    if (access == Access.PUBLIC) {
      return Verdict.LET_IN;
    }
    return switch (kind) {
      case NONE,
          UNKNOWN,
          DISABLED,
          REVOKED,
          EXPIRED,
          ROTATED_LONG_AGO,
          OF_DISABLED_USER,
          TOKEN_EXPIRED,
          TOKEN_FORGED,
          TOKEN_OF_REVOKED,
          TOKEN_OF_ROTATED,
          MANAGEMENT_UNKNOWN,
          MANAGEMENT_EXPIRED,
          MANAGEMENT_REVOKED,
          SESSION_UNKNOWN,
          SESSION_EXPIRED,
          SESSION_ENDED ->
          Verdict.NOT_KNOWN;
      case NO_ROWS, OTHER ->
          letIn(access == Access.SELF || access == Access.KEY || access == Access.OWNER);
      case TOKEN_OTHER -> letIn(access == Access.SELF || access == Access.KEY);
      case TOKEN_RIGHT ->
          letIn(access == Access.SELF || access == Access.KEY || access == Access.ENDPOINT);
      case TOKEN_OF_ORIGIN -> Verdict.NOT_ALLOWED;
      case RIGHT, ROTATED -> letIn(!access.management());
      case OF_BLOCKED_TEAM -> letIn(access == Access.SELF);
      case MANAGEMENT_NO_ROWS -> letIn(access == Access.MANAGEMENT_KEY);
      case MANAGEMENT_RIGHT -> letIn(access.management());
      case MANAGEMENT_OF_OTHER_TEAM -> ofOtherTeam(access, path);
      case SESSION_RIGHT -> access.management() ? Verdict.LET_IN : Verdict.NOT_KNOWN;
      case SESSION_WITHOUT_PROOF ->
          access.management() ? letIn(path.startsWith("GET ")) : Verdict.NOT_KNOWN;
      case SESSION_NO_ROLE -> access.management() ? Verdict.NOT_ALLOWED : Verdict.NOT_KNOWN;
    };
  }

  private static Verdict ofOtherTeam(Access access, String path) {
    if (!access.management()) {
      return Verdict.NOT_ALLOWED;
    }
    if (path.matches(".*\\{(team_id|api_key_id|user_id)}.*")) {
      return Verdict.NOT_SEEN;
    }
    return letIn(!path.equals("POST /auth/teams")); // teams are made by who manages all of them
  }

  private static Verdict letIn(boolean yes) {
    return yes ? Verdict.LET_IN : Verdict.NOT_ALLOWED;
  }

  private static boolean agrees(Verdict verdict, int status) {
    return switch (verdict) {
      case LET_IN -> status != 401 && status != 403;
      case NOT_KNOWN -> status == 401;
      case NOT_ALLOWED -> status == 403;
      case NOT_SEEN -> status == 404;
    };
  }

  private static boolean agrees(Verdict verdict, Status.Code code) {
    return switch (verdict) {
      case LET_IN -> code != Status.Code.UNAUTHENTICATED && code != Status.Code.PERMISSION_DENIED;
      case NOT_KNOWN -> code == Status.Code.UNAUTHENTICATED;
      case NOT_ALLOWED -> code == Status.Code.PERMISSION_DENIED;
      case NOT_SEEN -> code == Status.Code.NOT_FOUND;
    };
  }

  @Test
  void everyRouteWithEveryKindOfKey() throws Exception {
    List<String> wrong = new ArrayList<>();
    int cells = 0;
    JsonNode paths = OpenApiCheck.of(server.http("")).document().path("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String method = operation.getKey().toUpperCase(Locale.ROOT);
        String endpoint = operation.getValue().at("/tags/0").stringValue();
        Access access =
            Access.valueOf(
                operation.getValue().path("x-jubal-access").stringValue().toUpperCase(Locale.ROOT));
        for (Kind kind : Kind.values()) {
          Verdict verdict = expected(access, method + " " + path.getKey(), kind);
          HttpResponse<String> answer = call(secret(kind, access, endpoint), method, path.getKey());
          cells++;
          if (!agrees(verdict, answer.statusCode())) {
            wrong.add(
                method
                    + " "
                    + path.getKey()
                    + " "
                    + kind
                    + ": "
                    + verdict
                    + ", but "
                    + answer.statusCode()
                    + " "
                    + answer.body());
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(cells > 700, cells + " cells");
  }

  private HttpResponse<String> call(String secret, String method, String path) throws Exception {
    String address = path;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      address = address.replace("{" + id.getKey() + "}", id.getValue());
    }
    Http http = server.http(secret.startsWith(COOKIE) ? "" : secret);
    HttpRequest.Builder request = http.request(address.replaceAll("\\{[a-z_]+}", "nothing"));
    if (secret.startsWith(COOKIE)) {
      List<String> parts = List.of(secret.substring(COOKIE.length()).split(PROOF, -1));
      request.header("cookie", "jubal-session=" + parts.getFirst());
      if (parts.size() > 1) {
        request.header("x-csrf-token", parts.getLast());
      }
    }
    boolean body = method.equals("POST") || method.equals("PUT");
    return http.send(
        body
            ? request
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString("{}"))
            : request.method(method, HttpRequest.BodyPublishers.noBody()));
  }

  @Test
  void everyMethodWithEveryKindOfKey() throws Exception {
    List<String> wrong = new ArrayList<>();
    int cells = 0;
    try (ScriptedServer declared = new ScriptedServer(new OpenAiErrors())) {
      for (Rpc<?, ?> rpc : declared.rpcs().all()) {
        String name = rpc.method().getFullMethodName();
        for (Kind kind : Kind.values()) {
          Verdict verdict = expected(rpc.access(), name, kind);
          Status status = call(channel(secret(kind, rpc.access(), rpc.endpoint())), rpc.method());
          cells++;
          if (!agrees(verdict, status.getCode())) {
            wrong.add(name + " " + kind + ": " + verdict + ", but " + status);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(cells > 400, cells + " cells");
  }

  private Channel channel(String secret) {
    // a cookie means nothing there
    String key = secret.startsWith(COOKIE) ? "" : secret;
    return channels.computeIfAbsent(key, s -> dev.jubal.testing.Rpc.channel(server.port(), s));
  }

  private static <Q, A> Status call(Channel channel, MethodDescriptor<Q, A> method)
      throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(100);
    call.sendMessage(
        ((MethodDescriptor.PrototypeMarshaller<Q>) method.getRequestMarshaller())
            .getMessagePrototype());
    call.halfClose();
    return end.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aSocketAsItsRoute() throws Exception {
    for (Kind kind : Kind.values()) {
      Verdict verdict = expected(Access.ENDPOINT, "/v1/responses", kind);
      String secret = secret(kind, Access.ENDPOINT, "responses");
      if (secret.startsWith(COOKIE)) {
        continue; // a cookie means nothing there
      }
      if (verdict == Verdict.LET_IN) {
        WsClient.open(server.port(), "/v1/responses", secret).close();
      } else {
        WebSocketHandshakeException refused =
            assertThrows(
                WebSocketHandshakeException.class,
                () -> WsClient.open(server.port(), "/v1/responses", secret),
                kind.name());
        assertTrue(agrees(verdict, refused.getResponse().statusCode()), kind.name());
      }
    }
  }
}
