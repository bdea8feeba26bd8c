package dev.jubal.account.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClientTokensTest {
  private static final ClientToken TOKEN =
      new ClientToken(
          "key-1",
          "0123456789abcdef",
          Instant.ofEpochSecond(1_800_000_000),
          List.of("api-key:model:grok-3", "api-key:endpoint:*"),
          Optional.of("anna \"A\" é"),
          Optional.of("https://app.example.com"));

  private final ClientTokens tokens = new ClientTokens(key(1));

  private static byte[] key(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return key;
  }

  @Test
  void whatWasSignedIsRead() {
    String text = tokens.sign(TOKEN);
    assertTrue(ClientTokens.is(text));
    assertTrue(text.matches("[A-Za-z0-9._-]+"), text);
    assertEquals(Optional.of(TOKEN), tokens.open(text));
    assertEquals(Optional.of(TOKEN), new ClientTokens(key(1)).open(text));
  }

  @Test
  void whatIsNotSignedHereIsNothing() {
    String text = tokens.sign(TOKEN);
    assertEquals(Optional.empty(), new ClientTokens(key(2)).open(text));
    int dot = text.indexOf('.');
    String claims =
        new String(
            Base64.getUrlDecoder().decode(text.substring("xai-client-".length(), dot)),
            StandardCharsets.UTF_8);
    String wider =
        "xai-client-"
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.replace("grok-3", "*").getBytes(StandardCharsets.UTF_8))
            + text.substring(dot);
    assertEquals(Optional.empty(), tokens.open(wider));
    for (String broken :
        List.of(
            "",
            "xai-client-",
            "xai-client-.",
            "xai-client-!.!",
            text.substring(0, dot),
            text.substring(0, dot + 1),
            text.substring(0, text.length() - 2),
            "x" + text,
            "xai-client-" + "A".repeat(20_000) + ".A")) {
      assertEquals(Optional.empty(), tokens.open(broken), broken);
    }
  }

  @Test
  void keysAreNoTokens() {
    assertFalse(ClientTokens.is("xai-" + "c".repeat(80)));
    assertFalse(ClientTokens.is("xai-token-" + "c".repeat(80)));
    assertThrows(IllegalArgumentException.class, () -> new ClientTokens(new byte[16]));
  }
}
