package dev.jubal.account.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Teams, their users and their projects, as rows. */
@ParameterizedClass
@EnumSource(Stores.class)
final class PeopleStoresTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOW);
  private Database database;
  private TeamStore teams;
  private UserStore users;
  private ProjectStore projects;
  private Team team;

  @BeforeEach
  void open() {
    database = on.open(folder);
    teams = new TeamStore(database);
    users = new UserStore(database, clock);
    projects = new ProjectStore(database, clock);
    team = teams.create("one", Optional.empty(), NOW);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static void refused(ErrorCode code, Runnable work) {
    assertEquals(code, assertThrows(ApiException.class, work::run).code());
  }

  @Test
  void aTeamBeginsWithItsOwnerAndMayHaveATier() {
    assertEquals(
        List.of("owner"), users.list(Optional.of(team.id())).stream().map(User::name).toList());
    refused(ErrorCode.CONFLICT, () -> teams.create("one", Optional.empty(), NOW));
    Team changed =
        teams.set(
            "one",
            new TeamStore.Change(Optional.of("uno"), Optional.of("tier-2"), Optional.empty()));
    assertEquals(changed, teams.get(team.id()).orElseThrow());
    assertEquals("tier-2", teams.named("uno").tier());
    refused(
        ErrorCode.INVALID_VALUE,
        () ->
            teams.set(
                "uno",
                new TeamStore.Change(Optional.empty(), Optional.of("tier-9"), Optional.empty())));
    refused(ErrorCode.NOT_FOUND, () -> teams.named("one"));
  }

  @Test
  void blockingATeamLeavesItsTermsAsTheyAreByThen() {
    TeamStore.Change block =
        new TeamStore.Change(Optional.empty(), Optional.empty(), old -> old.withBlocked(true));
    TeamTerms agreed = new TeamTerms(7, true, false, true);
    teams.set(
        "one",
        new TeamStore.Change(Optional.empty(), Optional.empty(), old -> old.withTerms(agreed)));
    assertEquals(new TeamPolicy(true, agreed), teams.set("one", block).policy());
    assertEquals(new TeamPolicy(true, agreed), teams.named("one").policy());
  }

  @Test
  void aTeamNamedLikeTheIdOfAnotherDoesNotStandForIt() {
    Team other = teams.create("other", Optional.empty(), NOW);
    teams.set(
        "one", new TeamStore.Change(Optional.of(other.id()), Optional.empty(), Optional.empty()));
    assertEquals("other", teams.named(other.id()).name());
  }

  @Test
  void usersAreMadeChangedAndListedByTeam() {
    Team other = teams.create("other", Optional.empty(), NOW.plusSeconds(1));
    clock.move(Duration.ofSeconds(1));
    User ann = users.create(team.id(), "ann");
    users.create("other", "ann");
    refused(ErrorCode.CONFLICT, () -> users.create(team.id(), "ann"));
    refused(ErrorCode.NOT_FOUND, () -> users.create("nobody", "ann"));
    User off = users.set(ann.id(), Optional.of("anna"), Optional.of(true));
    assertEquals(new User(ann.id(), team.id(), "anna", true, NOW.plusSeconds(1)), off);
    assertEquals(Optional.of(off), users.get(ann.id()));
    refused(ErrorCode.CONFLICT, () -> users.set(ann.id(), Optional.of("owner"), Optional.empty()));
    refused(ErrorCode.NOT_FOUND, () -> users.set("x", Optional.empty(), Optional.of(true)));
    assertEquals(2, users.list(Optional.of(other.id())).size());
    assertEquals(4, users.list(Optional.empty()).size());
  }

  @Test
  void projectsAreMadeAndFoundByIdOrName() {
    Project made = projects.create(team.id(), "shop", "prod");
    assertEquals(Optional.of(made), projects.get(made.id()));
    assertEquals(made, projects.named(team.id(), "shop"));
    assertEquals(made, projects.named(team.id(), made.id()));
    refused(ErrorCode.CONFLICT, () -> projects.create(team.id(), "shop", "dev"));
    refused(ErrorCode.INVALID_VALUE, () -> projects.create(team.id(), "x", "production"));
    Team other = teams.create("other", Optional.empty(), NOW);
    refused(ErrorCode.NOT_FOUND, () -> projects.named(other.id(), "shop"));
    projects.create(other.id(), "shop", "dev");
    assertEquals(1, projects.list(Optional.of(team.id())).size());
    assertEquals(2, projects.list(Optional.empty()).size());
  }

  @Test
  void ofManyWhoMakeOneNameAtOnceOneDoes() throws Exception {
    List<Callable<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(() -> made(() -> projects.create(team.id(), "shop", "prod")));
      all.add(() -> made(() -> users.create(team.id(), "ann")));
    }
    int made = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> one : threads.invokeAll(all)) {
        made += one.get() ? 1 : 0;
      }
    }
    assertEquals(2, made);
  }

  private static boolean made(Runnable work) {
    try {
      work.run();
      return true;
    } catch (ApiException e) {
      assertEquals(ErrorCode.CONFLICT, e.code());
      return false;
    }
  }
}
