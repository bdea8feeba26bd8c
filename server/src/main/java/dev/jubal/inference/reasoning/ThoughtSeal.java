package dev.jubal.inference.reasoning;

import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Thoughts in a form that a client keeps and gives back, but can neither read nor change: what the
 * Grok API calls encrypted content. It opens for the team it was sealed for. Thread-safe.
 */
public final class ThoughtSeal {
  private static final String CONTEXT = "reasoning";

  private final Vault vault;

  public ThoughtSeal(Vault vault) {
    this.vault = vault;
  }

  /** A thought as ASCII text without line ends. */
  public String seal(String team, String thought) {
    byte[] clear = thought.getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(vault.seal(team, CONTEXT, clear));
  }

  /**
   * The thought.
   *
   * @param field where in the request it stands
   * @throws ApiException 400 that names the field, when it was changed, cut, or sealed for another
   *     team or under another key
   */
  public String open(String team, String sealed, String field) {
    try {
      byte[] bytes = Base64.getDecoder().decode(sealed);
      return new String(vault.open(team, CONTEXT, bytes), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException | Vault.Sealed e) {
      throw new ApiException(
          ErrorCode.INVALID_VALUE,
          field
              + ": "
              + sealed.length()
              + " characters that cannot be opened (expected: encrypted content as an answer to"
              + " this team gave it, unchanged).",
          field,
          null,
          e);
    }
  }
}
