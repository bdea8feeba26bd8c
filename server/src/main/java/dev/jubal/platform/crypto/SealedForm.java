package dev.jubal.platform.crypto;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** Sealed bytes as the vaults write them: one byte that names the form, then what the key made. */
final class SealedForm {
  private SealedForm() {}

  static byte[] seal(byte form, Aead key, String context, byte[] clear) {
    try {
      byte[] sealed = key.encrypt(clear, bytes(context));
      byte[] all = new byte[sealed.length + 1];
      all[0] = form;
      System.arraycopy(sealed, 0, all, 1, sealed.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refused to encrypt " + context, e);
    }
  }

  /** Whether bytes are of a form. */
  static boolean is(byte form, byte[] sealed) {
    return sealed.length > 0 && sealed[0] == form;
  }

  /**
   * What bytes of a known form hold.
   *
   * @throws GeneralSecurityException when they were sealed otherwise, or changed
   */
  static byte[] open(Aead key, String context, byte[] sealed) throws GeneralSecurityException {
    return key.decrypt(Arrays.copyOfRange(sealed, 1, sealed.length), bytes(context));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
