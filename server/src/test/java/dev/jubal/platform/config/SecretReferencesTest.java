package dev.jubal.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.LoopbackVault;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret that stands elsewhere arrives, and one that does not is told without its value. */
final class SecretReferencesTest {
  private static final String TOKEN = "hvs.only-for-tests-0123456789";

  @TempDir private Path folder;

  record Mail(@Key(doc = "The password.") Optional<Secret> password) {}

  record Root(Mail mail, VaultConfig vault) {}

  private static String password(Map<String, String> environment, Map<String, String> file) {
    return ConfigReader.read(Root.class, Map.of(), environment, file)
        .mail()
        .password()
        .orElseThrow()
        .reveal();
  }

  private static String refusal(Map<String, String> environment, Map<String, String> file) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> password(environment, file)).getMessage());
  }

  private static Map<String, String> setting(String reference) {
    return Map.of("mail.password", reference);
  }

  @Test
  void aValueStandsForItself() {
    assertEquals("in clear", password(Map.of(), setting("in clear")));
    assertEquals("env:odd", password(Map.of(), setting("plain:env:odd")));
  }

  @Test
  void theEnvironmentAndFiles() throws IOException {
    assertEquals("hush-hush", password(Map.of("MAIL", "hush-hush"), setting("env:MAIL")));
    Path file = Files.writeString(folder.resolve("mail"), "hush\nhush \n");
    assertEquals("hush\nhush ", password(Map.of(), setting("file:" + file)));
    // a reference may itself come by a variable
    assertEquals("hush\nhush ", password(Map.of("JUBAL_MAIL_PASSWORD", "file:" + file), Map.of()));
  }

  @Test
  void whatLeadsNowhereIsTold() throws IOException {
    assertEquals(
        "mail.password: the reference env:MAIL names a variable that the environment does not have"
            + " (expected: env:NAME of one that is set).",
        refusal(Map.of(), setting("env:MAIL")));
    assertTrue(refusal(Map.of("MAIL", " "), setting("env:MAIL")).contains("nothing but white"));
    String absent = refusal(Map.of(), setting("file:" + folder.resolve("absent")));
    assertTrue(absent.contains("cannot be read"), absent);
    assertTrue(refusal(Map.of(), setting("file:mail")).contains("a whole path"));
    assertTrue(refusal(Map.of(), setting("vault:secret#x")).contains("has no mount"));
    assertTrue(refusal(Map.of(), setting("vault:secret/x")).contains("PATH#FIELD"));
    assertTrue(refusal(Map.of(), setting("vault:secret/x#y")).contains("vault.address"));
  }

  @Test
  void aFieldOfAVault() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    try (LoopbackVault vault = new LoopbackVault(TOKEN)) {
      vault.put("secret/data/jubal/my mail", Map.of("password", "of the vault", "port", 25));
      vault.put("kv/eu/data/jubal", Map.of("password", "of the other mount"));
      Map<String, String> file = new LinkedHashMap<>();
      file.put("vault.address", vault.address() + "/");
      file.put("vault.token-file", token.toString());
      file.put("mail.password", "vault:secret/jubal/my mail#password");
      assertTrue(refusal(Map.of(), file).contains("PATH#FIELD"));
      vault.put("secret/data/jubal/mail", Map.of("password", "of the vault", "port", 25));
      file.put("mail.password", "vault:secret/jubal/mail#password");
      assertEquals("of the vault", password(Map.of(), file));
      Map<String, String> environment =
          Map.of(
              "VAULT_ADDR",
              vault.address(),
              "VAULT_TOKEN",
              TOKEN,
              "VAULT_NAMESPACE",
              "team-a",
              "JUBAL_VAULT_MOUNT",
              "kv/eu");
      assertEquals(
          "of the other mount", password(environment, setting("vault:kv/eu/jubal#password")));
      assertEquals(
          List.of("/v1/secret/data/jubal/mail", "team-a:/v1/kv/eu/data/jubal"), vault.asked());
      assertEquals(
          "of the vault",
          password(
              Map.of("VAULT_ADDR", vault.address(), "VAULT_TOKEN_FILE", token.toString()),
              setting("vault:secret/jubal/mail#password")));
    }
  }

  @Test
  void aVaultThatRefusesIsToldWithoutTokenOrValue() throws IOException {
    try (LoopbackVault vault = new LoopbackVault(TOKEN)) {
      vault.put("secret/data/jubal", Map.of("password", "of the vault", "port", 25));
      Map<String, String> right = Map.of("VAULT_ADDR", vault.address(), "VAULT_TOKEN", TOKEN);
      String field = refusal(right, setting("vault:secret/jubal#user"));
      assertTrue(field.contains("has no field \"user\" (expected: one of ["), field);
      assertTrue(refusal(right, setting("vault:secret/jubal#port")).contains("other than a text"));
      assertTrue(refusal(right, setting("vault:secret/none#x")).contains("there is no secret"));
      Map<String, String> wrong =
          Map.of("VAULT_ADDR", vault.address(), "VAULT_TOKEN", "hvs.wrong-0123456789");
      String denied = refusal(wrong, setting("vault:secret/jubal#password"));
      assertTrue(denied.contains("may not read secret/jubal"), denied);
      vault.seal();
      String sealed = refusal(right, setting("vault:secret/jubal#password"));
      assertTrue(sealed.contains("is sealed"), sealed);
      for (String message : List.of(field, denied, sealed)) {
        assertFalse(message.contains("hvs.") || message.contains("of the vault"), message);
      }
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertTrue(
        refusal(
                Map.of("VAULT_ADDR", "http://127.0.0.1:" + port, "VAULT_TOKEN", TOKEN),
                setting("vault:secret/jubal#password"))
            .contains("cannot be reached"));
  }

  @Test
  void aTokenIsNotSentInPlainTextBeyondTheMachine() {
    String refused =
        refusal(
            Map.of("VAULT_ADDR", "http://vault.example.com:8200", "VAULT_TOKEN", TOKEN),
            setting("vault:secret/jubal#password"));
    assertTrue(refused.contains("expected: https://HOST:PORT"), refused);
    assertThrows(
        ConfigException.class,
        () ->
            password(Map.of(), Map.of("vault.address", "vault.example.com", "mail.password", "x")));
    assertTrue(
        refusal(
                Map.of("VAULT_ADDR", "https://127.0.0.1:1"),
                Map.of("vault.token", "vault:a/b#c", "mail.password", "vault:a/b#c"))
            .contains("cannot lead through it"));
  }
}
