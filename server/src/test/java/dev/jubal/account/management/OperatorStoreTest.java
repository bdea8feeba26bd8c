package dev.jubal.account.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** Sign-ins as rows. */
@ParameterizedClass
@EnumSource(Stores.class)
final class OperatorStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Duration LENGTH = Duration.ofHours(8);

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOW);
  private Database database;
  private OperatorStore store;

  @BeforeEach
  void open() {
    database = on.open(folder);
    store = new OperatorStore(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private OperatorStore.Begun begin(String subject, String name, String... groups) {
    return store.begin(
        new OperatorStore.Operator("https://issuer", subject, name, List.of(groups)), LENGTH);
  }

  private List<String> ids() {
    return store.list().stream().map(OperatorSession::id).toList();
  }

  @Test
  void aSessionIsFoundByItsSecretWithAllThatWasSaid() {
    OperatorStore.Begun begun = begin("7", "Ann \"A\" Ünal", "ops", "money, and more");
    String secret = begun.secret().reveal();
    OperatorSession found = store.find(secret).orElseThrow();
    assertEquals(begun.session(), found);
    assertEquals(
        new OperatorSession(
            found.id(),
            "https://issuer",
            "7",
            "Ann \"A\" Ünal",
            List.of("ops", "money, and more"),
            NOW,
            NOW.plus(LENGTH),
            Optional.empty()),
        found);
    assertEquals(Optional.empty(), store.find(secret + "x"));
    assertEquals(
        0,
        database
            .read(
                s ->
                    s.first(
                        "SELECT COUNT(*) AS n FROM operator_session WHERE secret_hash = ?",
                        row -> row.whole("n"),
                        secret))
            .orElseThrow(),
        "the secret is not there");
    assertEquals(List.of(), begin("8", "Bob").session().groups());
  }

  @Test
  void oneEndsOnceAndIsStillFound() {
    OperatorStore.Begun begun = begin("7", "ann");
    OperatorStore.Begun other = begin("7", "ann");
    clock.move(Duration.ofSeconds(60));
    store.end(begun.session().id());
    clock.move(Duration.ofSeconds(60));
    store.end(begun.session().id());
    OperatorSession ended = store.find(begun.secret().reveal()).orElseThrow();
    assertEquals(Optional.of(NOW.plusSeconds(60)), ended.ended());
    assertFalse(ended.holds(clock.instant()));
    assertTrue(store.find(other.secret().reveal()).orElseThrow().holds(clock.instant()));
  }

  @Test
  void allOfSomebodyEndBySubjectNameOrIdAndNobodyElses() {
    OperatorSession first = begin("7", "ann").session();
    OperatorSession second = begin("7", "ann").session();
    OperatorSession bob = begin("8", "bob").session();
    OperatorSession again = begin("8", "bob").session();
    assertEquals(
        List.of(first, second).stream().map(OperatorSession::id).sorted().toList(),
        store.endAll("7").stream().map(OperatorSession::id).sorted().toList());
    assertEquals(List.of(bob), store.endAll(bob.id()));
    assertEquals(List.of(again), store.endAll("bob"), "the one that still held");
    for (String over : List.of("ann", "8", first.id(), "nobody")) {
      assertEquals(
          ErrorCode.NOT_FOUND,
          assertThrows(ApiException.class, () -> store.endAll(over)).code(),
          over);
    }
  }

  @Test
  void theNewestIsFirstAndThoseOverForAMonthAreForgotten() {
    String old = begin("7", "ann").session().id();
    clock.move(Duration.ofSeconds(1));
    String next = begin("7", "ann").session().id();
    assertEquals(List.of(next, old), ids());
    clock.move(LENGTH.plusDays(30).minusSeconds(1));
    String kept = begin("8", "bob").session().id();
    assertEquals(List.of(kept, next, old), ids(), "a month to the second");
    clock.move(Duration.ofMillis(1));
    String last = begin("8", "bob").session().id();
    assertEquals(List.of(last, kept, next), ids());
  }
}
