package dev.jubal.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.management.OperatorStore;
import dev.jubal.platform.sql.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** operator, and the policy of a team, from the command line. */
final class OperatorCommandsTest {
  @TempDir private Path folder;

  @BeforeEach
  void aTeam() {
    assertEquals(0, run("key", "create", "first").status());
  }

  private CommandRun run(String... arguments) {
    return CommandRun.of(folder.resolve("data"), arguments);
  }

  @Test
  void aPolicyIsShownAndChanged() {
    assertEquals(1, run("team", "policy", "default").out().lines().count());
    CommandRun set =
        run(
            "team",
            "policy",
            "default",
            "--require",
            "minimum_age_group:adult",
            "--require",
            "require_consent:training",
            "--models",
            "grok-4*",
            "--endpoints",
            "chat");
    assertEquals(0, set.status(), set.err());
    assertTrue(set.out().contains("minimum_age_group:adult"), set.out());
    assertTrue(set.out().contains("grok-4*"), set.out());
    CommandRun left = run("team", "policy", "default", "--drop", "minimum_age_group:adult");
    assertEquals(2, left.out().lines().count(), left.out());
    CommandRun unknown = run("team", "policy", "default", "--drop", "minimum_age_group:adult");
    assertTrue(unknown.err().contains("there is no rule"), unknown.err());
    CommandRun wrong = run("team", "policy", "default", "--require", "adults");
    assertTrue(wrong.err().contains("require: \"adults\" (expected: "), wrong.err());
  }

  @Test
  void whoIsSignedInIsShownAndSignedOut() {
    try (Database database = Database.open(folder.resolve("data"))) {
      var _ =
          new OperatorStore(database, InstantSource.system())
              .begin(
                  new OperatorStore.Operator("https://id.test", "a-1", "anna", List.of("ops")),
                  Duration.ofHours(1));
    }
    String list = run("operator", "list").out();
    assertTrue(list.contains("anna") && list.contains("signed in"), list);
    CommandRun out = run("operator", "sign-out", "anna");
    assertEquals(0, out.status(), out.err());
    assertTrue(out.err().contains("Signed out anna"), out.err());
    assertFalse(run("operator", "list").out().contains("signed in"));
    assertTrue(run("operator", "sign-out", "anna").err().contains("Nobody is signed in"));
  }
}
