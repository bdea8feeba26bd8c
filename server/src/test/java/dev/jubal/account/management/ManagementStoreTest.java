package dev.jubal.account.management;

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

/** Management keys as rows. */
@ParameterizedClass
@EnumSource(Stores.class)
final class ManagementStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Optional<String> EVERY_TEAM = Optional.empty();
  private static final Optional<Instant> FOR_EVER = Optional.empty();

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOW);
  private Database database;
  private ManagementStore store;

  @BeforeEach
  void open() {
    database = on.open(folder);
    store = new ManagementStore(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static void refused(ErrorCode code, Runnable work) {
    assertEquals(code, assertThrows(ApiException.class, work::run).code());
  }

  @Test
  void aKeyIsFoundByItsSecretWithAllThatWasSaid() {
    String team = new TeamStore(database).create("one", Optional.empty(), NOW).id();
    ManagementStore.Issued made =
        store.create(
            "ci",
            Optional.of(team),
            List.of("api-keys:write", "billing:read", "api-keys:write"),
            Optional.of(NOW.plusSeconds(60)));
    assertTrue(made.secret().reveal().startsWith("xai-token-"));
    ManagementKey found = store.find(made.secret().reveal()).orElseThrow();
    assertEquals(made.key(), found);
    assertEquals(Optional.of(team), found.teamId());
    assertEquals(List.of("api-keys:write", "billing:read"), found.acls());
    assertFalse(found.expired(NOW.plusSeconds(59)));
    assertTrue(found.expired(NOW.plusSeconds(60)));
    assertEquals(Optional.empty(), store.find(made.secret().reveal() + "x"));
    assertEquals(
        0,
        database
            .read(
                s ->
                    s.first(
                        "SELECT COUNT(*) AS n FROM management_key WHERE secret_hash = ?",
                        row -> row.whole("n"),
                        made.secret().reveal()))
            .orElseThrow(),
        "the secret is not there");
  }

  @Test
  void aRevokedKeyStaysAndItsNameIsFree() {
    store.create("ci", EVERY_TEAM, List.of("*"), FOR_EVER);
    refused(ErrorCode.CONFLICT, () -> store.create("ci", EVERY_TEAM, List.of("*"), FOR_EVER));
    clock.move(Duration.ofMinutes(1));
    assertEquals("ci", store.revoke("ci").name());
    refused(ErrorCode.NOT_FOUND, () -> store.revoke("ci"));
    store.create("ci", EVERY_TEAM, List.of("*"), FOR_EVER);
    assertEquals(List.of(true, false), store.list().stream().map(ManagementKey::disabled).toList());
    assertEquals(NOW.plusSeconds(60), store.list().getFirst().modified());
  }

  @Test
  void noNameStandsBeforeAnId() {
    ManagementKey one = store.create("one", EVERY_TEAM, List.of("*"), FOR_EVER).key();
    ManagementKey named = store.create(one.id(), EVERY_TEAM, List.of("*"), FOR_EVER).key();
    assertEquals("one", store.revoke(one.id()).name());
    refused(ErrorCode.NOT_FOUND, () -> store.revoke(one.id()));
    assertEquals(one.id(), store.revoke(named.id()).name());
  }

  @Test
  void whatIsWrongIsSaid() {
    refused(ErrorCode.INVALID_VALUE, () -> store.create(" ", EVERY_TEAM, List.of("*"), FOR_EVER));
    refused(
        ErrorCode.INVALID_VALUE, () -> store.create("a", EVERY_TEAM, List.of("keyz:*"), FOR_EVER));
    refused(
        ErrorCode.INVALID_VALUE,
        () -> store.create("a", EVERY_TEAM, List.of("*"), Optional.of(NOW)));
    refused(
        ErrorCode.NOT_FOUND,
        () -> store.create("a", Optional.of("nobody"), List.of("*"), FOR_EVER));
    assertEquals(List.of(), store.list());
  }

  @Test
  void ofManyWhoMakeOneNameAtOnceOneDoes() throws Exception {
    List<Callable<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(
          () -> {
            try {
              store.create("one", EVERY_TEAM, List.of("*"), FOR_EVER);
              return true;
            } catch (ApiException e) {
              assertEquals(ErrorCode.CONFLICT, e.code());
              return false;
            }
          });
    }
    int made = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> one : threads.invokeAll(all)) {
        made += one.get() ? 1 : 0;
      }
    }
    assertEquals(1, made);
  }
}
