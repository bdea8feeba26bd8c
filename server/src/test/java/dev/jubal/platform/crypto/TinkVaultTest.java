package dev.jubal.platform.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Stores.class)
final class TinkVaultTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final byte[] CLEAR = "what was said".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = on.open(folder);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Vault vault(CryptoConfig config) {
    return new TinkVault(database, LocalMasterKey.open(config, folder), InstantSource.system());
  }

  private Vault vault() {
    return vault(CryptoConfig.STANDARD);
  }

  private static CryptoConfig withKey(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return new CryptoConfig(
        Optional.of(new Secret(Base64.getEncoder().encodeToString(key))), Optional.empty());
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }

  @Test
  void opensWhatItSealedAlsoAfterARestart() {
    byte[] sealed = vault().seal("team", "response/1", CLEAR);
    assertArrayEquals(CLEAR, vault().open("team", "response/1", sealed));
  }

  @Test
  void sealsTheSameDifferentlyEachTime() {
    Vault vault = vault();
    assertFalse(Arrays.equals(vault.seal("team", "c", CLEAR), vault.seal("team", "c", CLEAR)));
  }

  @Test
  void opensForNobodyElseAndNothingElse() {
    Vault vault = vault();
    byte[] sealed = vault.seal("team", "response/1", CLEAR);
    vault.seal("other", "response/1", CLEAR);
    assertThrows(Vault.Sealed.class, () -> vault.open("other", "response/1", sealed));
    assertThrows(Vault.Sealed.class, () -> vault.open("nobody", "response/1", sealed));
    assertThrows(Vault.Sealed.class, () -> vault.open("team", "response/2", sealed));
  }

  @Test
  void noticesEveryChangedByteAndEveryCut() {
    Vault vault = vault();
    byte[] sealed = vault.seal("team", "c", CLEAR);
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThrows(Vault.Sealed.class, () -> vault.open("team", "c", changed));
      byte[] cut = Arrays.copyOf(sealed, i);
      assertThrows(Vault.Sealed.class, () -> vault.open("team", "c", cut));
    }
  }

  @Test
  void saysThatItsMasterKeyIsAnother() {
    byte[] sealed = vault(withKey(1)).seal("team", "c", CLEAR);
    Vault.Sealed e =
        assertThrows(Vault.Sealed.class, () -> vault(withKey(2)).open("team", "c", sealed));
    assertTrue(message(e).contains("is wrapped by the master key local-"), message(e));
  }

  @Test
  void manyThreadsMakeOneDataKey() {
    Vault vault = vault();
    List<byte[]> sealed =
        IntStream.range(0, 16).parallel().mapToObj(i -> vault.seal("team", "c", CLEAR)).toList();
    Vault other = vault();
    sealed.forEach(s -> assertArrayEquals(CLEAR, other.open("team", "c", s)));
  }

  @Test
  void makesItsMasterKeyForItsOwnerOnlyAndOnce() throws Exception {
    String first = LocalMasterKey.open(CryptoConfig.STANDARD, folder).id();
    Path file = folder.resolve(LocalMasterKey.FILE);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(first, LocalMasterKey.open(CryptoConfig.STANDARD, folder).id());
  }

  @Test
  void refusesAMasterKeyThatOthersMayReadOrThatIsNone() throws Exception {
    Path file = folder.resolve("k");
    Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    CryptoConfig config = new CryptoConfig(Optional.empty(), Optional.of(file));
    ConfigException open =
        assertThrows(ConfigException.class, () -> LocalMasterKey.open(config, folder));
    assertTrue(message(open).contains("rw-r--r--"), message(open));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertTrue(LocalMasterKey.open(config, folder).id().startsWith("local-"));
    for (String wrong : List.of("not base64!", Base64.getEncoder().encodeToString(new byte[31]))) {
      Files.writeString(file, wrong);
      ConfigException e =
          assertThrows(ConfigException.class, () -> LocalMasterKey.open(config, folder));
      assertFalse(message(e).contains(wrong), "the error shows the secret");
    }
  }
}
