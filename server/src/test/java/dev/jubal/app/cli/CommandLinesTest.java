package dev.jubal.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.Keyring;
import dev.jubal.platform.sql.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandLinesTest {
  @TempDir private Path folder;

  @Test
  void printsAKeyAloneAndTheServerOfThatFolderKnowsIt() throws Exception {
    try (Database server = Database.open(folder.resolve("data"))) {
      CommandRun made =
          run(
              "key",
              "create",
              "bob",
              "--model",
              "grok-4",
              "--endpoint",
              "chat",
              "--expires",
              "90d");
      assertEquals(0, made.status(), made.err());
      assertTrue(
          made.out().matches("xai-[0-9A-Za-z]{80}\\R"), made.out().replaceAll("xai-.*", "..."));
      assertFalse(made.err().contains(made.out().strip()));
      Keyring keyring =
          new Keyring(new KeyStore(server, InstantSource.system()), InstantSource.system());
      ApiKey key = keyring.valid(made.out().strip()).orElseThrow();
      assertEquals(List.of("api-key:endpoint:chat", "api-key:model:grok-4"), key.acls());
      Duration valid = Duration.between(key.created(), key.expires().orElseThrow());
      assertEquals(90, valid.plusHours(1).toDays());
    }
  }

  @Test
  void givesAKeyWithoutFlagsEverything() {
    assertEquals(0, run("key", "create", "all").status());
    CommandRun list = run("key", "list");
    assertTrue(list.out().contains("api-key:endpoint:* api-key:model:*"), list.out());
    assertTrue(list.out().contains("valid"), list.out());
    assertFalse(list.out().matches("(?s).*xai-[0-9A-Za-z]{80}.*"));
  }

  @Test
  void revokesByNameAndSaysWhenThereIsNone() {
    run("key", "create", "bob");
    assertEquals(0, run("key", "revoke", "bob").status());
    assertTrue(run("key", "list").out().contains("revoked"));
    CommandRun again = run("key", "revoke", "bob");
    assertEquals(1, again.status());
    assertTrue(again.err().startsWith("jubal: There is no live key \"bob\""), again.err());
  }

  @Test
  void refusesABadDurationWithWhatItExpects() {
    CommandRun result = run("key", "create", "bob", "--expires", "soon");
    assertEquals(1, result.status());
    assertTrue(result.err().contains("--expires soon (expected: a duration such as"), result.err());
    assertEquals("", result.out());
  }

  @Test
  void changesATeam() {
    run("key", "create", "bob");
    CommandRun set = run("team", "set", "default", "--tier", "tier-2");
    assertEquals(0, set.status(), set.err());
    assertTrue(run("team", "list").out().contains("tier-2"));
    assertEquals(1, run("team", "set", "default").status());
    CommandRun policy = run("team", "set", "default", "--policy", "{\"version\":9}");
    assertEquals(1, policy.status());
    assertTrue(policy.err().contains("policy.version"), policy.err());
    assertEquals(0, run("team", "set", "default", "--weight", "4").status());
    assertTrue(run("team", "list").out().contains("\"weight\":4"));
    CommandRun weight = run("team", "set", "default", "--weight", "0");
    assertEquals(1, weight.status());
    assertTrue(weight.err().contains("weight: 0 (expected: 1..1000)"), weight.err());
  }

  @Test
  void makesAKeyOfATeamAndAProjectWithLimits() throws Exception {
    CommandRun team = run("team", "create", "sales");
    assertEquals(0, team.status(), team.err());
    CommandRun part = run("project", "create", "shop", "--team", "sales", "--environment", "prod");
    assertEquals(0, part.status(), part.err());
    assertTrue(run("project", "list").out().contains("shop"));
    CommandRun made =
        run(
            "key",
            "create",
            "till",
            "--team",
            "sales",
            "--project",
            "shop",
            "--qps",
            "5",
            "--qpm",
            "100",
            "--tpm",
            "9000",
            "--acl",
            "api-key:tool:lookup",
            "--endpoint",
            "chat",
            "--acl",
            "api-key:model:*");
    assertEquals(0, made.status(), made.err());
    try (Database database = Database.open(folder.resolve("data"))) {
      ApiKey key =
          new KeyStore(database, InstantSource.system()).find(made.out().strip()).orElseThrow();
      assertEquals(team.out().strip(), key.teamId());
      assertEquals(part.out().strip(), key.account().project().orElseThrow());
      assertEquals(9000, key.account().own().tpm().orElseThrow());
      assertEquals(
          List.of("api-key:endpoint:chat", "api-key:model:*", "api-key:tool:lookup"), key.acls());
    }
    assertEquals(1, run("key", "create", "x", "--team", "nobody").status());
    assertEquals(1, run("key", "create", "x", "--team", "sales", "--project", "no").status());
    assertEquals(1, run("key", "create", "x", "--acl", "chat").status());
  }

  @Test
  void makesUsersAndDisablesThem() {
    run("team", "create", "sales");
    CommandRun user = run("user", "create", "ann", "--team", "sales");
    assertEquals(0, user.status(), user.err());
    assertTrue(run("user", "list", "--team", "sales").out().contains("ann"));
    assertEquals(0, run("user", "disable", user.out().strip()).status());
    assertTrue(run("user", "list").out().contains("disabled"));
    assertEquals(0, run("user", "disable", user.out().strip(), "--undo").status());
    assertFalse(run("user", "list").out().contains("disabled"));
  }

  @Test
  void makesListsAndRevokesManagementKeys() {
    CommandRun made =
        run("management-key", "create", "ci", "--acl", "api-keys:read", "--expires", "9d");
    assertEquals(0, made.status(), made.err());
    assertTrue(made.out().matches("xai-token-[0-9A-Za-z]{80}\\R"));
    CommandRun list = run("management-key", "list");
    assertTrue(list.out().contains("api-keys:read") && list.out().contains("valid"), list.out());
    assertFalse(list.out().contains(made.out().strip()));
    assertEquals(1, run("management-key", "create", "ci").status(), "the name is taken");
    CommandRun row = run("management-key", "create", "x", "--acl", "api-keys:all");
    assertTrue(row.err().contains("acl: \"api-keys:all\""), row.err());
    assertEquals(0, run("management-key", "revoke", "ci").status());
    assertTrue(run("management-key", "list").out().contains("revoked"));
    assertEquals(1, run("management-key", "revoke", "ci").status());
  }

  @Test
  void listsNoModelsAndSaysHowToGetOne() {
    CommandRun result = run("models");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.err().contains("jubal pull"), result.err());
  }

  @Test
  void refusesAReferenceThatIsNone() {
    CommandRun result = run("pull", "some-model");
    assertEquals(1, result.status());
    assertTrue(result.err().contains("expected: npm:"), result.err());
    CommandRun offline = run("pull", "--offline");
    assertEquals(1, offline.status());
    assertTrue(offline.err().contains("--offline forbids"), offline.err());
  }

  @Test
  void examinesAFreshFolder() throws Exception {
    CommandRun result = run("doctor", "--port", "0");
    assertEquals(1, result.status());
    assertTrue(result.out().contains("mend:  ./jubal pull"), result.out());
    assertTrue(result.out().contains("ok       JDK"), result.out());
    assertTrue(result.out().contains("tesseract"), result.out());
    assertFalse(Files.exists(folder.resolve("data")), "doctor changes nothing");
  }

  @Test
  void printsTheVersionOfTheBuild() {
    String version = run("version").out();
    assertTrue(version.startsWith("jubal ") && !version.contains("${"), version);
  }

  @Test
  void endsWithStatusTwoWhenTheLineIsWrong() {
    assertEquals(2, run("key", "crate").status());
    assertEquals(2, run().status());
  }

  private CommandRun run(String... words) {
    return CommandRun.of(folder.resolve("data"), words);
  }
}
