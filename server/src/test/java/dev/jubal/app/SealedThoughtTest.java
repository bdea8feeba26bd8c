package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.crypto.CryptoConfig;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.PortableVault;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.JubalServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Encrypted reasoning between servers that share a master key and nothing else. */
class SealedThoughtTest {
  private static final String SCRIPT =
      "{\"thinks\":false,\"answers\":[{\"steps\":[{\"text\":\""
          + " greetings.\"}]},{\"steps\":[{\"text\":\"Hi\"}]}]}";

  @TempDir private Path elsewhere;

  private static String key(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return Base64.getEncoder().encodeToString(key);
  }

  private static JubalServer server(int key) {
    return JubalServer.scripted(SCRIPT, "crypto.master-key", key(key));
  }

  private static LocalMasterKey master(int fill) {
    return LocalMasterKey.open(
        new CryptoConfig(Optional.of(new Secret(key(fill))), Optional.empty()), Path.of("unused"));
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  /** The encrypted content of an answer. */
  private static String thought(JubalServer server) throws Exception {
    HttpResponse<String> answer =
        server
            .http()
            .post(
                "/v1/responses",
                "{\"model\":\"grok-4\",\"input\":\"Hi\",\"store\":false,"
                    + "\"include\":[\"reasoning.encrypted_content\"]}");
    assertEquals(200, answer.statusCode(), answer.body());
    return StreamSupport.stream(json(answer).path("output").spliterator(), false)
        .filter(item -> item.path("type").asString().equals("reasoning"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(answer.body()))
        .path("encrypted_content")
        .asString();
  }

  private static HttpResponse<String> replay(JubalServer server, String sealed) throws Exception {
    return server
        .http()
        .post(
            "/v1/responses",
            "{\"model\":\"grok-4\",\"store\":false,\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                + "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\""
                + sealed
                + "\"},{\"role\":\"assistant\",\"content\":\"Hi\"},"
                + "{\"role\":\"user\",\"content\":\"And?\"}]}");
  }

  private static void assertRefused(HttpResponse<String> answer, String sealed) {
    assertEquals(400, answer.statusCode(), answer.body());
    String expected =
        "input[1].encrypted_content: "
            + sealed.length()
            + " characters that cannot be opened (expected: encrypted content as an answer to this"
            + " team gave it, unchanged).";
    assertTrue(answer.body().contains(expected), answer.body());
  }

  @Test
  void anyServerOfTheMasterKeyOpensIt() throws Exception {
    try (JubalServer one = server(1);
        JubalServer two = server(1);
        JubalServer other = server(2)) {
      String sealed = thought(one);
      assertEquals(200, replay(two, sealed).statusCode());
      assertEquals(200, replay(one, sealed).statusCode());
      assertRefused(replay(other, sealed), sealed);
    }
  }

  @Test
  void itOpensForNoOtherTeam() throws Exception {
    try (JubalServer one = server(1);
        Database database = Database.open(elsewhere)) {
      Vault vault =
          new PortableVault(master(1), new TinkVault(database, master(1), InstantSource.system()));
      String sealed = new ThoughtSeal(vault).seal("another-team", "a thought");
      assertRefused(replay(one, sealed), sealed);
    }
  }

  @Test
  void whatAnEarlierVersionSealedStillOpens() throws Exception {
    try (JubalServer one = server(1);
        Database database = Database.open(one.dataFolder())) {
      Vault vault = new TinkVault(database, master(1), InstantSource.system());
      String team =
          database.read(s -> s.first("SELECT id FROM team", row -> row.text("id")).orElseThrow());
      String sealed = new ThoughtSeal(vault).seal(team, "a thought");
      assertEquals(200, replay(one, sealed).statusCode());
    }
  }
}
