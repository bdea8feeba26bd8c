package dev.jubal.account;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.Keyring;
import dev.jubal.account.keys.TeamPolicy;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.token.ClientTokens;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Stores.class)
final class GateTest {
  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-11-01T12:00:00Z"));
  private final InstantSource clock = time::get;
  private Database database;
  private KeyStore store;
  private Gate gate;

  @BeforeEach
  void open() {
    database = on.open(folder);
    store = new KeyStore(database, clock);
    gate = new Gate(new Keyring(store, clock), new ClientTokens(new byte[32]), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aGoodKeyIsSomebody() {
    IssuedKey made =
        store.create("ci", Acls.of(List.of("grok-4"), List.of("chat")), Optional.empty());
    Principal who = gate.authenticate(Optional.of(made.secret().reveal()));
    assertEquals(made.key().id(), who.keyId());
    assertEquals("ci", who.keyName());
    assertEquals(made.key().userId(), who.userId());
    assertEquals(made.key().teamId(), who.teamId());
    assertDoesNotThrow(() -> gate.allow(who, "chat"));
    ApiException refused = assertThrows(ApiException.class, () -> gate.allow(who, "embeddings"));
    assertEquals(ErrorCode.PERMISSION_DENIED, refused.code());
    assertTrue(refused.text().contains("api-key:endpoint:embeddings"), refused.text());
    assertTrue(who.mayUse("grok-4"));
    assertFalse(who.mayUse("grok-3"));
  }

  @Test
  void noKeySaysHowToSendOne() {
    for (Optional<String> secret : List.of(Optional.<String>empty(), Optional.of("  "))) {
      ApiException refused = refusal(secret);
      assertEquals(ErrorCode.INVALID_API_KEY, refused.code());
      assertTrue(refused.text().startsWith("No API key"), refused.text());
      assertTrue(refused.text().contains("Authorization: Bearer"), refused.text());
      assertTrue(refused.text().contains("x-api-key"), refused.text());
      assertTrue(refused.text().contains("jubal key create NAME"), refused.text());
    }
  }

  @Test
  void aWrongKeyIsMasked() {
    String text = refusal(Optional.of("xai-abcdefghij")).text();
    assertTrue(text.contains("xa***ij"), text);
    assertFalse(text.contains("abc"), text);
    assertTrue(text.contains("jubal key create NAME"), text);
    String brief = refusal(Optional.of("xai-abc")).text();
    assertFalse(brief.contains("xa"), brief);
    String odd = refusal(Optional.of("\u0001\u00e9 something \r\n")).text();
    assertTrue(odd.chars().allMatch(c -> c >= 0x20 && c < 0x7f), odd);
  }

  @Test
  void anExpiredKeyIsRefusedAtOnceAlsoWhenHot() {
    IssuedKey made =
        store.create("ci", Acls.ALL, Optional.of(time.get().plus(Duration.ofDays(90))));
    Optional<String> secret = Optional.of(made.secret().reveal());
    gate.authenticate(secret);
    time.set(time.get().plus(Duration.ofDays(90)));
    String text = refusal(secret).text();
    assertTrue(text.contains("expired at 2027-01-30T12:00:00Z"), text);
    assertFalse(text.contains(made.secret().reveal()), text);
  }

  @Test
  void aBlockedTeamIsRefused() {
    IssuedKey made = store.create("ci", Acls.ALL, Optional.empty());
    new TeamStore(database)
        .set(
            "default",
            new TeamStore.Change(
                Optional.empty(), Optional.empty(), Optional.of(new TeamPolicy(true))));
    ApiException refused = refusal(Optional.of(made.secret().reveal()));
    assertEquals(ErrorCode.PERMISSION_DENIED, refused.code());
  }

  @Test
  void anotherProcessesKeysAreSeenWithinASecond() {
    try (Database other = on.open(folder)) {
      KeyStore commands = new KeyStore(other, clock);
      IssuedKey made = commands.create("ci", Acls.ALL, Optional.empty());
      Optional<String> secret = Optional.of(made.secret().reveal());
      gate.authenticate(secret);
      commands.revoke("ci");
      within(Duration.ofSeconds(1), () -> refused(secret));
      assertTrue(refusal(secret).text().contains("is revoked"));
    }
  }

  @Test
  void withoutADatabaseNobodyIsRefusedForGood() {
    database.close();
    ApiException refused = refusal(Optional.of("xai-abcdefghij"));
    assertEquals(ErrorCode.SERVICE_UNAVAILABLE, refused.code());
    assertTrue(refused.retryAfter().isPresent());
  }

  private boolean refused(Optional<String> secret) {
    try {
      gate.authenticate(secret);
      return false;
    } catch (ApiException e) {
      return true;
    }
  }

  private ApiException refusal(Optional<String> secret) {
    return assertThrows(ApiException.class, () -> gate.authenticate(secret));
  }

  private static void within(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within " + limit);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
