package dev.jubal.account.token;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Signs tokens and knows its own: {@code xai-client-CLAIMS.SIGNATURE}, both in base64url, the
 * claims as JSON, the signature HMAC-SHA-256 under a key that follows from the master key. Letters,
 * digits, dashes, underscores and one dot, so that a token fits into a subprotocol of WebSocket
 * too. Thread-safe.
 */
public final class ClientTokens {
  /** How long one is valid unless its maker says so. */
  public static final Duration STANDARD = Duration.ofMinutes(5);

  /** The longest. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private static final String PREFIX = "xai-client-";
  private static final int VERSION = 1;
  private static final int MOST_LENGTH = 6 * 1024;

  /** Signed with the claims, so that no other use of the same key signs the same bytes. */
  private static final byte[] PURPOSE = "jubal client token\n".getBytes(StandardCharsets.US_ASCII);

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretKeySpec key;

  /**
   * @param key at least 256 bits that all servers of a master key share
   */
  public ClientTokens(byte[] key) {
    if (key.length < 32) {
      throw new IllegalArgumentException(key.length + " bytes (expected: at least 32)");
    }
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  /** As it is signed; short names, as each request carries it. */
  private record Claims(
      int v, String k, String m, long e, List<String> a, @Nullable String u, @Nullable String o) {}

  /** Whether a secret claims to be a token. No key begins like one. */
  public static boolean is(String secret) {
    return secret.startsWith(PREFIX);
  }

  /**
   * The token.
   *
   * @throws ApiException 400 when it would not fit into a header
   */
  public String sign(ClientToken token) {
    Claims claims =
        new Claims(
            VERSION,
            token.keyId(),
            token.mark(),
            token.expires().getEpochSecond(),
            token.acls(),
            token.endUser().orElse(null),
            token.origin().orElse(null));
    byte[] bytes = Json.bytes(claims);
    String text =
        PREFIX + ENCODER.encodeToString(bytes) + "." + ENCODER.encodeToString(signature(bytes));
    if (text.length() > MOST_LENGTH) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "models",
          "models, endpoints and tools make a token of "
              + text.length()
              + " characters (expected: at most "
              + MOST_LENGTH
              + ", as it goes into one header).");
    }
    return text;
  }

  /**
   * What a token says, whether or not it has expired; empty when it was not signed here, or changed
   * since.
   */
  public Optional<ClientToken> open(String text) {
    int dot = text.indexOf('.');
    if (!is(text) || dot < 0 || text.length() > MOST_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(text.substring(PREFIX.length(), dot));
      byte[] signature = Base64.getUrlDecoder().decode(text.substring(dot + 1));
      return MessageDigest.isEqual(signature, signature(claims)) ? read(claims) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not base64
    }
  }

  /** Of claims that were signed; of another version's, nothing. */
  private static Optional<ClientToken> read(byte[] claims) {
    try {
      Claims c = Json.mapper().readValue(claims, Claims.class);
      return c.v() != VERSION
          ? Optional.empty()
          : Optional.of(
              new ClientToken(
                  c.k(),
                  c.m(),
                  Instant.ofEpochSecond(c.e()),
                  c.a(),
                  Optional.ofNullable(c.u()),
                  Optional.ofNullable(c.o())));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private byte[] signature(byte[] claims) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(PURPOSE);
      return mac.doFinal(claims);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a JDK without HMAC-SHA-256", e);
    }
  }
}
