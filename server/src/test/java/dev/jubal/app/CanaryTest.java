package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.SecretManifest;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.Commands;
import dev.jubal.testing.Http;
import dev.jubal.testing.Leaks;
import dev.jubal.testing.ServerProcess;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Texts that nobody else writes go into prompts of every surface, well-formed and not, of a team
 * that keeps nothing and of one that does; keys are made, rotated and used wrongly. Afterwards none
 * of it stands in clear in a log, a row, or a write-ahead log: of a team of zero retention because
 * nothing is kept, of the other because what is kept is sealed.
 */
final class CanaryTest {
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"a\",\"times\":4,\"every_ms\":1}]}]}";

  private static final String END_USER = "end-user-" + UUID.randomUUID();

  @TempDir private Path folder;

  private final List<String> canaries = new ArrayList<>();

  private String canary() {
    String text = "canary-" + UUID.randomUUID();
    canaries.add(text);
    SecretManifest.add(text);
    return text;
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfAPromptOrAKeyStandsInClearAnywhere(Stores on) throws Exception {
    Path data = folder.resolve("data");
    DatabaseConfig config = on.config(data.toAbsolutePath().normalize());
    Commands jubal = new Commands(data, environment(config));
    Path file =
        Files.writeString(
            folder.resolve("jubal.yaml"),
            """
            version: 1
            teams:
              - name: none
                zero_retention: true
                users: [{name: a, keys: [{name: k, acls: ["api-key:model:*", "api-key:endpoint:*"], secret: generate}]}]
              - name: some
                users: [{name: b, keys: [{name: k, acls: ["api-key:model:*", "api-key:endpoint:*"], secret: generate}]}]
            """);
    List<String> keys =
        jubal
            .run("apply", "-f", file.toString())
            .ok()
            .lines()
            .filter(l -> l.startsWith("secret "))
            .map(l -> l.replaceAll(".* ", ""))
            .toList();
    String manager = jubal.run("management-key", "create", "m").ok().strip();
    Path script = Files.writeString(folder.resolve("script.json"), SCRIPT);
    List<String> secrets = new ArrayList<>(keys);
    try (ServerProcess server = ServerProcess.start(data, config, "--models.script=" + script)) {
      for (String key : keys) {
        speak(new Http(server.port(), key));
      }
      secrets.add(rotated(new Http(server.port(), manager)));
      secrets.add(manager);
      secrets.addAll(canaries);
      search(on, data, secrets);
      server.kill();
      search(on, data, secrets);
      // who looks sees: the ledger holds the client's name of an end user in clear
      assertFalse(Leaks.in(on.files(data), END_USER).isEmpty());
    }
    assertTrue(canaries.size() > 20);
  }

  private static Map<String, String> environment(DatabaseConfig config) {
    return config.url().isEmpty()
        ? Map.of()
        : Map.of(
            "JUBAL_DATABASE_URL", config.url().get(),
            "JUBAL_DATABASE_USER", config.user().orElseThrow(),
            "JUBAL_DATABASE_PASSWORD", config.password().orElseThrow().reveal());
  }

  private static void search(Stores on, Path data, List<String> secrets) {
    String[] all = secrets.toArray(String[]::new);
    assertEquals(List.of(), Leaks.in(data, all));
    assertEquals(List.of(), Leaks.in(on.files(data), all));
  }

  private void speak(Http http) throws Exception {
    String chat =
        "{\"model\":\"grok-4\",\"user\":\"%s\",\"messages\":[{\"role\":\"system\",\"content\":\"%s\"},"
            + "{\"role\":\"user\",\"content\":\"%s\"}]%s}";
    for (String more : List.of("", ",\"stream\":true", ",\"deferred\":true", ",\"nonsense\":7")) {
      http.post("/v1/chat/completions", chat.formatted(END_USER, canary(), canary(), more));
    }
    // what is wrong is told to the client, with its value, and to nobody else
    http.post("/v1/chat/completions", chat.formatted(END_USER, canary(), canary(), ",\"n\":\"x\""));
    http.post("/v1/chat/completions", "{\"model\":\"" + canary() + "\",\"messages\":[]}");
    http.post("/v1/chat/completions", "{\"messages\":[{\"role\":\"" + canary());
    http.post("/v1/messages", messages(canary()));
    http.post("/v1/completions", "{\"model\":\"grok-4\",\"prompt\":\"" + canary() + "\"}");
    http.post("/v1/complete", "{\"model\":\"grok-4\",\"prompt\":\"" + canary() + "\"}");
    http.post("/v1/tokenize-text", "{\"model\":\"grok-4\",\"text\":\"" + canary() + "\"}");
    http.post("/v1/embeddings", "{\"model\":\"grok-embed\",\"input\":\"" + canary() + "\"}");
    String input = "{\"model\":\"grok-4\",\"input\":\"%s\"%s}";
    http.post("/v1/responses", input.formatted(canary(), ""));
    HttpResponse<String> background =
        http.post("/v1/responses", input.formatted(canary(), ",\"background\":true"));
    if (background.statusCode() == 200) {
      String id = background.body().replaceAll("(?s).*?\"id\" *: *\"([^\"]+)\".*", "$1");
      Await.until("the response ends", () -> ended(http, id));
    }
    http.send(
        http.request("/v1/chat/completions")
            .header("content-type", "application/json")
            .header("idempotency-key", canary())
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    chat.formatted(END_USER, canary(), canary(), ",\"stream\":true"))));
    http.get("/v1/responses/" + canary());
    http.get("/" + canary() + "?key=" + canary());
  }

  private static String messages(String text) {
    return "{\"model\":\"grok-4\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private static boolean ended(Http http, String id) {
    try {
      String body = http.get("/v1/responses/" + id).body();
      return !body.contains("in_progress") && !body.contains("queued");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A key made and rotated over the management API; a wrong one is tried as well. */
  private static String rotated(Http manager) throws Exception {
    String teams = manager.get("/auth/teams").body();
    String team = teams.replaceAll("(?s).*?\"(?:id|teamId)\" *: *\"([^\"]+)\".*", "$1");
    HttpResponse<String> made =
        manager.post(
            "/auth/teams/" + team + "/api-keys",
            "{\"name\":\"made\",\"acls\":[\"api-key:model:*\",\"api-key:endpoint:*\"]}");
    assertEquals(200, made.statusCode(), made.body().replaceAll("xai-\\w+", "xai-..."));
    String id = made.body().replaceAll("(?s).*?\"apiKeyId\" *: *\"([^\"]+)\".*", "$1");
    HttpResponse<String> again = manager.post("/auth/api-keys/" + id + "/rotate", "{}");
    assertEquals(200, again.statusCode(), again.body().replaceAll("xai-\\w+", "xai-..."));
    String wrong = "xai-" + "0aZ".repeat(27);
    manager.send(manager.request("/v1/models").setHeader("authorization", "Bearer " + wrong).GET());
    return again.body().replaceAll("(?s).*?\"apiKey\" *: *\"(xai-[^\"]+)\".*", "$1");
  }
}
