package dev.jubal.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.testing.Stores;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several stores in one transaction, undone as a whole, and reading that keeps nobody waiting. */
final class TogetherTest {
  @TempDir private Path folder;

  private static void team(Database database, String name) {
    database.write(
        s ->
            s.update(
                "INSERT INTO team (id, name, tier, policy, created_us) VALUES (?, ?, 't', '{}', 0)",
                name,
                name));
  }

  private static long teams(Database database) {
    return database.read(
        s -> s.first("SELECT COUNT(*) AS n FROM team", r -> r.whole("n")).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void allOfItHoldsOrNothing(Stores on) {
    try (Database database = on.open(folder.resolve("data"))) {
      long seen =
          database.together(
              true,
              d -> {
                team(d, "a");
                team(d, "b");
                return teams(d);
              });
      assertEquals(2, seen);
      assertEquals(2, teams(database));
      long undone =
          database.together(
              false,
              d -> {
                team(d, "c");
                return teams(d);
              });
      assertEquals(3, undone);
      assertEquals(2, teams(database));
      assertThrows(
          DatabaseException.class,
          () ->
              database.together(
                  true,
                  d -> {
                    team(d, "d");
                    team(d, "a");
                    return true;
                  }));
      assertEquals(2, teams(database));
      team(database, "e");
      assertEquals(3, teams(database));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSnapshotIsOneStateAndKeepsNobodyFromWriting(Stores on) {
    try (Database database = on.open(folder.resolve("data"))) {
      team(database, "a");
      long seen =
          database.snapshot(
              d -> {
                long before = teams(d);
                team(database, "b");
                assertEquals(2, teams(database));
                return before + teams(d);
              });
      assertEquals(2, seen);
      team(database, "c");
      assertEquals(3, teams(database));
    }
  }
}
