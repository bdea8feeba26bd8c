package dev.jubal.account.enduser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.TeamStore;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What teams say of their end users, as rows. */
@ParameterizedClass
@EnumSource(Stores.class)
final class EndUserStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOW);
  private Database database;
  private EndUserStore store;
  private String team;
  private String other;

  @BeforeEach
  void open() {
    database = on.open(folder);
    store = new EndUserStore(database, clock);
    team = new TeamStore(database).create("one", Optional.empty(), NOW).id();
    other = new TeamStore(database).create("other", Optional.empty(), NOW).id();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static EndUserStore.Attributes said(EndUser.AgeGroup age, EndUser.Consent... consents) {
    return new EndUserStore.Attributes(age, Optional.empty(), List.of(consents));
  }

  private static EndUser.Consent consent(String purpose) {
    return new EndUser.Consent(purpose, NOW, Optional.of(NOW.plusSeconds(60)));
  }

  @Test
  void whatIsSaidComesBackAndIsSaidAnew() {
    assertEquals(Optional.empty(), store.get(team, "ann"));
    EndUser.Verification seen = new EndUser.Verification("id-document", NOW.minusSeconds(5));
    EndUser first =
        store.put(
            team,
            "ann",
            new EndUserStore.Attributes(
                EndUser.AgeGroup.ADULT,
                Optional.of(seen),
                List.of(consent("training"), consent("analytics"))));
    assertEquals(Optional.of(first), store.get(team, "ann"));
    assertEquals(
        List.of("analytics", "training"),
        first.consents().stream().map(EndUser.Consent::purpose).toList());
    assertEquals(Optional.of(seen), first.verification());
    assertTrue(first.consents("training", NOW));
    assertFalse(first.consents("training", NOW.plusSeconds(60)), "it is over");
    clock.move(Duration.ofHours(1));
    EndUser again = store.put(team, "ann", said(EndUser.AgeGroup.TEEN));
    assertEquals(List.of(), again.consents());
    assertEquals(Optional.empty(), again.verification());
    assertEquals(NOW, again.created());
    assertEquals(NOW.plusSeconds(3600), again.modified());
  }

  @Test
  void teamsDoNotSeeEachOthers() {
    store.put(team, "ann", said(EndUser.AgeGroup.CHILD, consent("training")));
    assertEquals(Optional.empty(), store.get(other, "ann"));
    store.put(other, "ann", said(EndUser.AgeGroup.ADULT));
    assertEquals(EndUser.AgeGroup.CHILD, store.get(team, "ann").orElseThrow().ageGroup());
    assertEquals(1, store.get(team, "ann").orElseThrow().consents().size());
  }

  @Test
  void aNameOfTheFullLengthIsTakenAndALongerOneIsNot() {
    String longest = "é".repeat(512);
    store.put(team, longest, said(EndUser.AgeGroup.UNKNOWN));
    assertEquals(longest, store.get(team, longest).orElseThrow().id());
    for (String bad : List.of("", " ", "x".repeat(513), "a\nb")) {
      ApiException e =
          assertThrows(
              ApiException.class, () -> store.put(team, bad, said(EndUser.AgeGroup.UNKNOWN)));
      assertEquals(ErrorCode.INVALID_VALUE, e.code(), bad);
    }
  }

  @Test
  void eachPurposeIsSaidOnce() {
    for (EndUser.Consent bad : List.of(consent("training"), consent("Training"))) {
      assertThrows(
          ApiException.class,
          () -> store.put(team, "ann", said(EndUser.AgeGroup.ADULT, consent("training"), bad)));
    }
    assertEquals(Optional.empty(), store.get(team, "ann"), "nothing of it is kept");
  }
}
