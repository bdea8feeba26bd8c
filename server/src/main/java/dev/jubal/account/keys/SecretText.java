package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Making, hashing and showing secrets. */
public final class SecretText {
  private static final String KEY = "xai-";
  private static final String MANAGEMENT = "xai-token-";
  private static final int RANDOM_LENGTH = 80;
  // 238 bits; the stored hash is a fast one
  private static final int FEWEST = 40;
  private static final int MOST = 200;
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private SecretText() {}

  /** Of an API key: {@code xai-} and 80 random letters and digits, 476 bits. */
  static String fresh(SecureRandom random) {
    return fresh(KEY, random);
  }

  /** Of a management key: {@code xai-token-} and as many. No API key begins like that. */
  public static String freshManagement(SecureRandom random) {
    return fresh(MANAGEMENT, random);
  }

  /** Whether a secret claims to be a management key's. */
  public static boolean isManagement(String secret) {
    return secret.startsWith(MANAGEMENT);
  }

  /**
   * Passes when a secret that was made elsewhere can be an API key's.
   *
   * @throws ApiException 400 that does not show it
   */
  static void checkKey(String secret) {
    check(secret, KEY, isManagement(secret));
  }

  /**
   * Passes when a secret that was made elsewhere can be a management key's.
   *
   * @throws ApiException 400 that does not show it
   */
  public static void checkManagement(String secret) {
    check(secret, MANAGEMENT, false);
  }

  private static void check(String secret, String prefix, boolean wrongKind) {
    String rest = secret.startsWith(prefix) ? secret.substring(prefix.length()) : "";
    if (wrongKind || !rest.matches("[0-9A-Za-z]{" + FEWEST + "," + MOST + "}")) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "secret",
          "secret: a value of "
              + secret.length()
              + " characters, which is not shown (expected: "
              + prefix
              + " and "
              + FEWEST
              + " to "
              + MOST
              + " random letters and digits).");
    }
  }

  private static String fresh(String prefix, SecureRandom random) {
    StringBuilder text = new StringBuilder(prefix);
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** The stored form: SHA-256 in hex. A slow hash is for guessable secrets; these are not. */
  public static String hash(String secret) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Tells which secret of a key something was made by, and nothing of the secret: the first 64 bits
   * of its stored form.
   */
  static String mark(String hash) {
    return hash.substring(0, 16);
  }

  static boolean marks(String mark, String hash) {
    return same(mark, mark(hash));
  }

  /** Compares hashes in a time that does not tell where they differ. */
  public static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
  }

  /** How a valid key is shown to its owner: {@code xai-...b14o}. */
  public static String redacted(String secret) {
    String prefix = isManagement(secret) ? MANAGEMENT : KEY;
    return prefix + "..." + secret.substring(secret.length() - 4);
  }

  /** How a refused key is shown: {@code xx***yy}, and nothing of one shorter than 8 characters. */
  public static String masked(String secret) {
    if (secret.length() < 8) {
      return "***";
    }
    return printable(secret.substring(0, 2))
        + "***"
        + printable(secret.substring(secret.length() - 2));
  }

  private static String printable(String part) {
    return part.replaceAll("[^\\x21-\\x7e]", "?");
  }
}
