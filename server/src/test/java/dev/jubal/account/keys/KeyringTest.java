package dev.jubal.account.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Stores.class)
final class KeyringTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();
  private Database database;
  private KeyStore store;
  private Keyring keyring;

  @BeforeEach
  void open() {
    database = on.open(folder);
    store = new KeyStore(database, InstantSource.system());
    keyring = new Keyring(store, InstantSource.system(), nanos::get);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aHotKeyCostsNoQuery() {
    IssuedKey made = store.create("ci", Acls.ALL, Optional.empty());
    String secret = made.secret().reveal();
    assertEquals(Optional.of(made.key()), keyring.valid(secret));
    assertEquals(Optional.empty(), keyring.valid("unknown"));
    database.close();
    assertEquals(Optional.of(made.key()), keyring.valid(secret));
    assertEquals(Optional.empty(), keyring.valid("unknown"));
    assertThrows(DatabaseException.class, () -> keyring.valid("another"));
    nanos.addAndGet(HALF_A_SECOND.toNanos());
    assertThrows(DatabaseException.class, () -> keyring.valid(secret));
    assertThrows(DatabaseException.class, () -> keyring.valid("unknown"));
  }

  @Test
  void aChangeIsSeenAfterHalfASecond() {
    String secret = store.create("ci", Acls.ALL, Optional.empty()).secret().reveal();
    assertTrue(keyring.valid(secret).isPresent());
    store.revoke("ci");
    nanos.addAndGet(HALF_A_SECOND.toNanos());
    assertThrows(ApiException.class, () -> keyring.valid(secret));
  }

  @Test
  void guessingEvictsNobody() {
    String secret = store.create("ci", Acls.ALL, Optional.empty()).secret().reveal();
    keyring.valid(secret);
    for (int i = 0; i < 12_000; i++) {
      keyring.valid("guess" + i);
    }
    database.close();
    assertTrue(keyring.valid(secret).isPresent());
  }

  /** The command line as another process. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] args) {
      try (Database database = Database.open(Path.of(args[0]))) {
        KeyStore store = new KeyStore(database, InstantSource.system());
        if (args[1].equals("create")) {
          System.out.println(store.create(args[2], Acls.ALL, Optional.empty()).secret().reveal());
        } else {
          store.revoke(args[2]);
        }
      }
    }
  }

  @Test
  void anotherProcessMakesAndRevokesAKey() throws Exception {
    assumeTrue(on == Stores.SQLITE, "of a file");
    Keyring running = new Keyring(store, InstantSource.system());
    String secret = inAnotherProcess("create").strip();
    assertEquals("ci", running.valid(secret).orElseThrow().name());
    inAnotherProcess("revoke");
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (isValid(running, secret)) {
      assertTrue(System.nanoTime() < end, "not seen within a second");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean isValid(Keyring keyring, String secret) {
    try {
      return keyring.valid(secret).isPresent();
    } catch (ApiException e) {
      return false;
    }
  }

  private String inAnotherProcess(String what) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                folder.toString(),
                what,
                "ci")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return said;
  }
}
