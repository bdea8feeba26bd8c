package dev.jubal.account.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jubal.platform.config.Secret;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Stores.class)
final class KeyStoreTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir Path folder;
  private Database database;
  private KeyStore store;

  @BeforeEach
  void open() {
    database = on.open(folder.resolve("data"));
    store = new KeyStore(database, InstantSource.fixed(NOW));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aKeyIsFoundByItsSecret() {
    IssuedKey made = store.create("ci", Acls.ALL, Optional.of(NOW.plusSeconds(60)));
    assertTrue(made.secret().reveal().matches("xai-[0-9A-Za-z]{80}"));
    assertEquals(Optional.of(made.key()), store.find(made.secret().reveal()));
    assertEquals(Optional.empty(), store.find(made.secret().reveal() + "x"));
    assertEquals(List.of("api-key:endpoint:*", "api-key:model:*"), made.key().acls());
    assertTrue(made.key().redacted().matches("xai-\\.\\.\\.[0-9A-Za-z]{4}"));
    assertTrue(made.secret().reveal().endsWith(made.key().redacted().substring(7)));
    assertEquals(Optional.of(NOW.plusSeconds(60)), made.key().expires());
  }

  @Test
  void aRotatedKeyHasTwoSecretsForAWhile() {
    IssuedKey made = store.create("ci", Acls.ALL, Optional.empty());
    IssuedKey next = store.rotate(made.key().id(), Duration.ofHours(1));
    IssuedKey last = store.rotate(made.key().id(), Duration.ofHours(1));
    Keyring keyring = new Keyring(store, InstantSource.fixed(NOW.plus(Duration.ofMinutes(59))));
    for (IssuedKey each : List.of(made, next, last)) {
      ApiKey found = keyring.valid(each.secret().reveal()).orElseThrow();
      assertEquals(made.key().id(), found.id());
      assertEquals(last.key().redacted(), found.redacted());
    }
    Keyring later = new Keyring(store, InstantSource.fixed(NOW.plus(Duration.ofHours(1))));
    ApiException over = assertThrows(ApiException.class, () -> later.valid(made.secret().reveal()));
    assertEquals(ErrorCode.INVALID_API_KEY, over.code());
    assertEquals(1, later.refusals().of(Refusals.Reason.ROTATED));
    assertTrue(later.valid(last.secret().reveal()).isPresent());
    store.revoke("ci");
    Keyring end = new Keyring(store, InstantSource.fixed(NOW));
    assertThrows(ApiException.class, () -> end.valid(next.secret().reveal()));
    assertThrows(ApiException.class, () -> store.rotate(made.key().id(), Duration.ZERO));
  }

  @Test
  void aRotationEndsEarlierSecretsToo() {
    IssuedKey first = store.create("ci", Acls.ALL, Optional.empty());
    IssuedKey second = store.rotate(first.key().id(), Duration.ofHours(2));
    IssuedKey third = store.rotate(first.key().id(), Duration.ofHours(1));
    Keyring later = new Keyring(store, InstantSource.fixed(NOW.plus(Duration.ofHours(1))));
    assertEquals(ErrorCode.INVALID_API_KEY, refusal(later, first).code());
    assertEquals(ErrorCode.INVALID_API_KEY, refusal(later, second).code());
    IssuedKey fourth = store.rotate(first.key().id(), Duration.ZERO);
    Keyring now = new Keyring(store, InstantSource.fixed(NOW));
    for (IssuedKey each : List.of(first, second, third)) {
      assertEquals(ErrorCode.INVALID_API_KEY, refusal(now, each).code());
    }
    assertTrue(now.valid(fourth.secret().reveal()).isPresent());
  }

  @Test
  void aSecretMadeElsewhereEndsAllBeforeIt() {
    IssuedKey first = store.create("ci", Acls.ALL, Optional.empty());
    IssuedKey second = store.rotate(first.key().id(), KeyStore.MOST_GRACE);
    Secret given = new Secret("xai-" + "0".repeat(80));
    var _ = store.rotate(first.key().id(), given);
    Keyring keyring = new Keyring(store, InstantSource.fixed(NOW));
    assertEquals(ErrorCode.INVALID_API_KEY, refusal(keyring, first).code());
    assertEquals(ErrorCode.INVALID_API_KEY, refusal(keyring, second).code());
    assertTrue(keyring.valid(given.reveal()).isPresent());
  }

  private static ApiException refusal(Keyring keyring, IssuedKey key) {
    return refusal(() -> keyring.valid(key.secret().reveal()));
  }

  @Test
  void aKeyOfATeamBelongsToOneOfItsUsersWhoMayAct() {
    TeamStore teams = new TeamStore(database);
    UserStore users = new UserStore(database, InstantSource.fixed(NOW.plusSeconds(1)));
    String team = teams.create("sales", Optional.empty(), NOW).id();
    String other = teams.create("other", Optional.empty(), NOW).id();
    User owner = users.list(Optional.of(team)).getFirst();
    User ann = users.create(team, "ann");
    KeySettings settings = KeySettings.of("ci", Acls.ALL, Optional.empty());
    KeyStore.Owner anyone = new KeyStore.Owner(Optional.of(team), Optional.empty());
    assertEquals(owner.id(), store.create(settings, anyone).key().userId());
    users.set(owner.id(), Optional.empty(), Optional.of(true));
    assertEquals(ann.id(), store.create(settings, anyone).key().userId());
    KeyStore.Owner foreign = new KeyStore.Owner(Optional.of(other), Optional.of(ann.id()));
    assertThrows(ApiException.class, () -> store.create(settings, foreign));
    ProjectStore projects = new ProjectStore(database, InstantSource.fixed(NOW));
    Project elsewhere = projects.create(other, "shop", "dev");
    ApiException refused =
        assertThrows(
            ApiException.class,
            () ->
                store.create(
                    KeySettings.of("x", Acls.ALL, Optional.empty())
                        .withProject(Optional.of(elsewhere.id())),
                    anyone));
    assertEquals(Optional.of("projectId"), refused.param());
    assertEquals(2, store.page(team, Optional.empty(), 10).size(), "nothing was half made");
  }

  @Test
  void noFileHoldsTheSecret() throws IOException {
    assumeTrue(on == Stores.SQLITE, "of a file");
    String secret = store.create("ci", Acls.ALL, Optional.empty()).secret().reveal();
    String body = secret.substring(4, 80);
    int read = 0;
    try (Stream<Path> files = Files.list(database.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains(body), file + " holds the secret");
        read += bytes.contains("ci") ? 1 : 0;
      }
    }
    assertTrue(read > 0, "the search found the key's name nowhere, so it proves nothing");
  }

  @Test
  void onlyTheOwnerCanReadTheFiles() throws IOException {
    assumeTrue(on == Stores.SQLITE, "of a file");
    assertEquals("rwx------", mode(database.folder()));
    try (Stream<Path> files = Files.list(database.folder())) {
      List<Path> all =
          files.filter(f -> f.getFileName().toString().startsWith("jubal.db")).toList();
      assertFalse(all.isEmpty());
      for (Path file : all) {
        assertEquals("rw-------", mode(file), file.toString());
      }
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void theFirstStartGivesOneKeyOnce() {
    Optional<IssuedKey> first = store.firstStart();
    assertEquals(Optional.empty(), store.firstStart());
    assertEquals(List.of(first.orElseThrow().key()), store.list());
    store.revoke("first");
    assertEquals(Optional.empty(), store.firstStart(), "a revoked first key stays the only one");
    assertEquals(1, new TeamStore(database).list().size());
    assertEquals(first.get().key().teamId(), new TeamStore(database).list().getFirst().id());
  }

  @Test
  void manyFirstStartsAtOnceGiveOneKey() throws Exception {
    try (Database other = on.open(database.folder());
        var threads = Executors.newFixedThreadPool(4)) {
      KeyStore second = new KeyStore(other, InstantSource.fixed(NOW));
      List<Callable<Optional<IssuedKey>>> starts =
          List.of(store::firstStart, second::firstStart, store::firstStart, second::firstStart);
      int given = 0;
      for (var start : threads.invokeAll(starts)) {
        given += start.get().isPresent() ? 1 : 0;
      }
      assertEquals(1, given);
    }
  }

  @Test
  void revokedByNameOrId() {
    ApiKey a = store.create("a", Acls.ALL, Optional.empty()).key();
    ApiKey b = store.create("b", Acls.ALL, Optional.empty()).key();
    assertTrue(store.revoke("a").disabled());
    assertTrue(store.revoke(b.id()).disabled());
    assertEquals(List.of(true, true), store.list().stream().map(ApiKey::disabled).toList());
    assertEquals(ErrorCode.NOT_FOUND, refusal(() -> store.revoke("a")).code());
    assertEquals(ErrorCode.NOT_FOUND, refusal(() -> store.revoke(a.id())).code());
  }

  @Test
  void noNameStandsBeforeAnId() {
    ApiKey leaked = store.create("leaked", Acls.ALL, Optional.empty()).key();
    String other = new TeamStore(database).create("other", Optional.empty(), NOW).id();
    ApiKey named =
        store
            .create(
                KeySettings.of(leaked.id(), Acls.ALL, Optional.empty()),
                new KeyStore.Owner(Optional.of(other), Optional.empty()))
            .key();
    assertEquals(leaked.id(), store.revoke(leaked.id()).id());
    ApiException again = refusal(() -> store.revoke(leaked.id()));
    assertEquals(ErrorCode.NOT_FOUND, again.code(), "not the other, on a second try");
    assertFalse(store.get(named.id()).orElseThrow().disabled());
  }

  @Test
  void aLiveNameIsTakenAndARevokedOneIsFree() {
    store.create("a", Acls.ALL, Optional.empty());
    ApiException taken = refusal(() -> store.create("a", Acls.ALL, Optional.empty()));
    assertEquals(ErrorCode.CONFLICT, taken.code());
    assertTrue(taken.text().contains("\"a\""), taken.text());
    store.revoke("a");
    store.create("a", Acls.ALL, Optional.empty());
    assertEquals(2, store.list().size());
  }

  @Test
  void malformedInputIsNamed() {
    assertTrue(
        refusal(() -> store.create(" ", Acls.ALL, Optional.empty())).text().contains("1-128"));
    assertTrue(
        refusal(() -> store.create("a", List.of("chat"), Optional.empty()))
            .text()
            .contains("\"chat\""));
    assertTrue(
        refusal(() -> store.create("a", Acls.ALL, Optional.of(NOW.minus(Duration.ofDays(1)))))
            .text()
            .contains("2026-10-31"));
    assertEquals(List.of(), store.list());
  }

  @Test
  void aclRowsFollowTheFlags() {
    assertEquals(
        List.of("api-key:model:grok-4", "api-key:endpoint:*"),
        Acls.of(List.of("grok-4"), List.of()));
    assertEquals(
        List.of("api-key:model:*", "api-key:endpoint:chat", "api-key:endpoint:embeddings"),
        Acls.of(List.of(), List.of("chat", "embeddings", "chat")));
  }

  @Test
  void teamsAreListedAndChanged() {
    store.firstStart();
    TeamStore teams = new TeamStore(database);
    Team before = teams.list().getFirst();
    assertEquals("default", before.name());
    Team after =
        teams.set(
            "default",
            new TeamStore.Change(
                Optional.of("lab"),
                Optional.of("tier-2"),
                Optional.of(TeamPolicy.parse("{\"version\":1,\"blocked\":true}"))));
    assertEquals(
        new Team(before.id(), "lab", "tier-2", new TeamPolicy(true), before.created()), after);
    assertEquals(List.of(after), teams.list());
    TeamStore.Change nothing =
        new TeamStore.Change(Optional.empty(), Optional.empty(), Optional.empty());
    assertEquals(after, teams.set(before.id(), nothing));
    assertEquals(ErrorCode.NOT_FOUND, refusal(() -> teams.set("default", nothing)).code());
  }

  @Test
  void policiesAreVersionedAndChecked() {
    assertEquals(TeamPolicy.OPEN, TeamPolicy.parse("{\"version\":1}"));
    assertEquals(TeamPolicy.OPEN, TeamPolicy.parse(TeamPolicy.OPEN.json()));
    for (String wrong :
        List.of(
            "",
            "[]",
            "{",
            "{}",
            "{\"version\":2}",
            "{\"version\":1,\"blocked\":\"yes\"}",
            "{\"version\":1,\"colour\":1}")) {
      assertEquals(ErrorCode.INVALID_VALUE, refusal(() -> TeamPolicy.parse(wrong)).code(), wrong);
    }
  }

  private static ApiException refusal(Runnable work) {
    return assertThrows(ApiException.class, work::run);
  }
}
