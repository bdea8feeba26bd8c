package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.Commands;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.LoopbackVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose secrets stand in a Vault starts, and does not where they cannot be had. */
final class SecretsAtStartTest {
  private static final String TOKEN = "hvs.only-for-tests-0123456789";
  private static final String MASTER = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}";

  @TempDir private Path folder;

  @Test
  void theMasterKeyComesFromAVault() throws Exception {
    try (LoopbackVault vault = new LoopbackVault(TOKEN)) {
      vault.put("secret/data/jubal", Map.of("master", MASTER));
      try (JubalServer server =
          JubalServer.scripted(
              SCRIPT,
              "crypto.master-key",
              "vault:secret/jubal#master",
              "vault.address",
              vault.address(),
              "vault.token",
              TOKEN)) {
        assertEquals(200, server.http().get("/v1/models").statusCode());
        assertFalse(Files.exists(server.dataFolder().resolve("master.key")));
      }
    }
  }

  @Test
  void aReferenceThatLeadsNowhereStopsTheStart() throws Exception {
    Commands.Said said =
        new Commands(
                folder.resolve("data"),
                Map.of("JUBAL_CRYPTO_MASTER_KEY", "file:" + folder.resolve("absent")))
            .run("serve", "--port", "0", "--offline");
    assertEquals(1, said.status());
    assertTrue(
        said.err()
            .contains(
                "jubal: crypto.master-key: the reference file:"
                    + folder.resolve("absent")
                    + " names a file that cannot be read"),
        said.err());
  }
}
