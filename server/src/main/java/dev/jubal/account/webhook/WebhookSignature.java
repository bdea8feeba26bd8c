package dev.jubal.account.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The headers of a signed call, in the form of Standard Webhooks: HMAC-SHA256 over id, time and
 * body, joined by dots.
 */
final class WebhookSignature {
  private static final String ALGORITHM = "HmacSHA256";

  private WebhookSignature() {}

  /** The headers; each key signs. */
  static Map<String, String> headers(String id, Instant at, byte[] body, List<byte[]> keys) {
    String time = Long.toString(at.getEpochSecond());
    String signatures =
        keys.stream()
            .map(key -> "v1," + sign(key, id + "." + time + ".", body))
            .collect(Collectors.joining(" "));
    return Map.of(
        "content-type", "application/json",
        "webhook-id", id,
        "webhook-timestamp", time,
        "webhook-signature", signatures);
  }

  private static String sign(byte[] key, String head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(head.getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }
}
