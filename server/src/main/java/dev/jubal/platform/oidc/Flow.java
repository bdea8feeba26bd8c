package dev.jubal.platform.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What one sign-in is known by, from its beginning to its end; to be kept by the browser that began
 * it, and read by nobody.
 *
 * @param state comes back with the browser
 * @param nonce comes back in the ID token
 * @param verifier proves to the issuer that who began it ends it (PKCE)
 */
public record Flow(String state, String nonce, String verifier) {
  private static final int BYTES = 32;

  /** A new one, of 256 bits each. */
  public static Flow begin(SecureRandom random) {
    return new Flow(text(random), text(random), text(random));
  }

  private static String text(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** What the issuer is shown of the verifier: its SHA-256. */
  String challenge() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Flow[***]";
  }
}
