package dev.jubal.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The {@code system_fingerprint} of answers: tells clients whether the same weights answered,
 * without saying which.
 */
public final class Fingerprint {
  private static final int BYTES = 5;

  private Fingerprint() {}

  /** The fingerprint of what stands behind a name, such as llama/smollm2-135m-instruct. */
  public static String of(String backend) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(backend.getBytes(StandardCharsets.UTF_8));
      return "fp_" + HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
