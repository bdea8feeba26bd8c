package dev.jubal.platform.crypto;

import org.jspecify.annotations.Nullable;

/**
 * Encrypts what is stored, or handed to a client who may give it back but not read or change it.
 * Each owner, a team, has a data key of its own. Thread-safe.
 */
public interface Vault {

  /**
   * Encrypts and authenticates.
   *
   * @param owner whose data key: a team's id
   * @param context what it is, such as {@code response/ID}; the same is needed to open it, so that
   *     one sealed thing cannot be put in the place of another
   */
  byte[] seal(String owner, String context, byte[] clear);

  /**
   * Decrypts.
   *
   * @throws Sealed when it was not sealed for this owner and context, or was changed
   */
  byte[] open(String owner, String context, byte[] sealed);

  /** It cannot be opened. */
  final class Sealed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Sealed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
