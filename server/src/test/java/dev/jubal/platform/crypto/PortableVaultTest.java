package dev.jubal.platform.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.Secret;
import dev.jubal.platform.sql.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortableVaultTest {
  private static final byte[] CLEAR = "what was thought".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path one;
  @TempDir private Path two;

  private static LocalMasterKey master(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    Secret secret = new Secret(Base64.getEncoder().encodeToString(key));
    return LocalMasterKey.open(
        new CryptoConfig(Optional.of(secret), Optional.empty()), Path.of("unused"));
  }

  private static Vault node(int master, Database database) {
    return new PortableVault(
        master(master), new TinkVault(database, master(master), InstantSource.system()));
  }

  @Test
  void anotherDatabaseOfTheSameMasterKeyOpensIt() {
    try (Database a = Database.open(one);
        Database b = Database.open(two)) {
      byte[] sealed = node(1, a).seal("team", "reasoning", CLEAR);
      assertArrayEquals(CLEAR, node(1, b).open("team", "reasoning", sealed));
      assertFalse(Arrays.equals(sealed, node(1, a).seal("team", "reasoning", CLEAR)));
    }
  }

  @Test
  void opensForNobodyElseNothingElseAndNoOtherMasterKey() {
    try (Database a = Database.open(one)) {
      byte[] sealed = node(1, a).seal("team", "reasoning", CLEAR);
      Vault same = node(1, a);
      assertThrows(Vault.Sealed.class, () -> same.open("other", "reasoning", sealed));
      assertThrows(Vault.Sealed.class, () -> same.open("team", "compaction", sealed));
      Vault.Sealed e =
          assertThrows(Vault.Sealed.class, () -> node(2, a).open("team", "reasoning", sealed));
      assertTrue(String.valueOf(e.getMessage()).contains(master(2).id()), e.getMessage());
    }
  }

  @Test
  void noticesEveryChangedByteAndEveryCut() {
    try (Database a = Database.open(one)) {
      Vault vault = node(1, a);
      byte[] sealed = vault.seal("team", "c", CLEAR);
      for (int i = 0; i < sealed.length; i++) {
        byte[] changed = sealed.clone();
        changed[i] ^= 1;
        assertThrows(Vault.Sealed.class, () -> vault.open("team", "c", changed));
        byte[] cut = Arrays.copyOf(sealed, i);
        assertThrows(Vault.Sealed.class, () -> vault.open("team", "c", cut));
      }
    }
  }

  @Test
  void opensWhatTheVaultOfEarlierVersionsSealed() {
    try (Database a = Database.open(one)) {
      byte[] sealed =
          new TinkVault(a, master(1), InstantSource.system()).seal("team", "reasoning", CLEAR);
      assertArrayEquals(CLEAR, node(1, a).open("team", "reasoning", sealed));
    }
  }

  @Test
  void derivedKeysDifferFromEachOtherAndFromTheMasterKey() throws Exception {
    byte[] a = master(1).derive("a".getBytes(StandardCharsets.US_ASCII));
    assertEquals(32, a.length);
    assertArrayEquals(a, master(1).derive("a".getBytes(StandardCharsets.US_ASCII)));
    assertFalse(Arrays.equals(a, master(1).derive("b".getBytes(StandardCharsets.US_ASCII))));
    assertFalse(Arrays.equals(a, master(2).derive("a".getBytes(StandardCharsets.US_ASCII))));
  }
}
