package dev.jubal.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.account.keys.KeySettings;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.Keyring;
import dev.jubal.account.keys.TeamPolicy;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.token.ClientToken;
import dev.jubal.account.token.ClientTokens;
import dev.jubal.platform.error.ApiException;
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

/** A token is worth what its key is worth at that moment, and less. */
@ParameterizedClass
@EnumSource(Stores.class)
final class ClientTokenGateTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOW);
  private final ClientTokens tokens = new ClientTokens(new byte[32]);
  private Database database;
  private KeyStore store;

  @BeforeEach
  void open() {
    database = on.open(folder);
    store = new KeyStore(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A gate that remembers nothing yet. */
  private Gate gate() {
    return new Gate(new Keyring(store, clock), tokens, clock);
  }

  private String token(IssuedKey key, List<String> acls) {
    String mark = gate().authenticate(secret(key)).credential().mark();
    return tokens.sign(
        new ClientToken(
            key.key().id(),
            mark,
            NOW.plusSeconds(300),
            acls,
            Optional.of("anna"),
            Optional.of("https://app.example.com")));
  }

  private static Optional<String> secret(IssuedKey key) {
    return Optional.of(key.secret().reveal());
  }

  private String refusal(String token) {
    return String.valueOf(
        assertThrows(ApiException.class, () -> gate().authenticate(Optional.of(token)))
            .getMessage());
  }

  @Test
  void itIsItsKeyWithLess() {
    IssuedKey key =
        store.create("shop", Acls.of(List.of("a", "b"), List.of("chat")), Optional.empty());
    Principal who =
        gate()
            .authenticate(
                Optional.of(token(key, List.of("api-key:model:a", "api-key:endpoint:*"))));
    assertEquals(key.key().id(), who.keyId());
    assertEquals(key.key().teamId(), who.teamId());
    assertTrue(who.mayUse("a") && who.mayCall("chat"));
    assertTrue(!who.mayUse("b") && !who.mayCall("responses"));
    assertEquals(Optional.of("anna"), who.endUser(Optional.empty()));
    assertEquals(Optional.of("anna"), who.endUser(Optional.of("anna")));
    assertThrows(ApiException.class, () -> who.endUser(Optional.of("bert")));
    Gate gate = gate();
    gate.checkOrigin(who, Optional.of("https://APP.example.com"));
    assertThrows(ApiException.class, () -> gate.checkOrigin(who, Optional.empty()));
    assertThrows(ApiException.class, () -> gate.checkOrigin(who, Optional.of("https://evil.test")));
    assertThrows(ApiException.class, () -> gate.checkOwner(who, "client-tokens"));
  }

  @Test
  void itEndsWithItsTime() {
    IssuedKey key = store.create("shop", Acls.ALL, Optional.empty());
    String token = token(key, Acls.ALL);
    clock.move(Duration.ofSeconds(299));
    gate().authenticate(Optional.of(token));
    clock.move(Duration.ofSeconds(1));
    assertTrue(refusal(token).contains("expired at"), refusal(token));
  }

  @Test
  void itEndsWithItsKey() {
    IssuedKey key = store.create("shop", Acls.ALL, Optional.of(NOW.plusSeconds(60)));
    String token = token(key, Acls.ALL);
    store.update(
        key.key().id(),
        s -> new KeySettings(s.name(), s.acls(), s.expires(), true, s.limits(), s.project()));
    assertTrue(refusal(token).contains("is disabled"), refusal(token));
    store.update(
        key.key().id(),
        s -> new KeySettings(s.name(), s.acls(), s.expires(), false, s.limits(), s.project()));
    gate().authenticate(Optional.of(token));
    clock.move(Duration.ofSeconds(61));
    assertTrue(refusal(token).contains("expired at"), refusal(token));
    IssuedKey other = store.create("other", Acls.ALL, Optional.empty());
    String ofOther = token(other, Acls.ALL);
    store.revoke("other");
    assertTrue(refusal(ofOther).contains("is revoked"), refusal(ofOther));
  }

  @Test
  void itsRowsShrinkWithThoseOfItsKey() {
    IssuedKey key = store.create("shop", Acls.ALL, Optional.empty());
    String token = token(key, Acls.ALL);
    store.update(
        key.key().id(),
        s ->
            new KeySettings(
                s.name(),
                Acls.of(List.of("a"), List.of("chat")),
                s.expires(),
                s.disabled(),
                s.limits(),
                s.project()));
    Principal who = gate().authenticate(Optional.of(token));
    assertTrue(who.mayUse("a") && !who.mayUse("b") && !who.mayCall("responses"));
  }

  @Test
  void itEndsWithTheSecretItWasMadeBy() {
    IssuedKey key = store.create("shop", Acls.ALL, Optional.empty());
    String token = token(key, Acls.ALL);
    store.rotate(key.key().id(), Duration.ofSeconds(60));
    gate().authenticate(Optional.of(token));
    clock.move(Duration.ofSeconds(61));
    assertTrue(refusal(token).contains("was rotated"), refusal(token));
  }

  @Test
  void aBlockedTeamsTokenIsToldSo() {
    IssuedKey key = store.create("shop", Acls.ALL, Optional.empty());
    String token = token(key, Acls.ALL);
    new TeamStore(database)
        .set(
            key.key().teamId(),
            new TeamStore.Change(
                Optional.empty(), Optional.empty(), Optional.of(new TeamPolicy(true))));
    assertTrue(refusal(token).contains("is blocked"), refusal(token));
    assertEquals(key.key().id(), gate().identify(Optional.of(token)).keyId());
  }

  @Test
  void anotherMasterKeysTokenIsUnknown() {
    IssuedKey key = store.create("shop", Acls.ALL, Optional.empty());
    String mark = gate().authenticate(secret(key)).credential().mark();
    byte[] other = new byte[32];
    other[0] = 1;
    String token =
        new ClientTokens(other)
            .sign(
                new ClientToken(
                    key.key().id(),
                    mark,
                    NOW.plusSeconds(300),
                    Acls.ALL,
                    Optional.empty(),
                    Optional.empty()));
    assertTrue(refusal(token).contains("not one of this server"), refusal(token));
  }
}
