package dev.jubal.platform.crypto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.security.GeneralSecurityException;

/**
 * Seals what clients keep and may give back to any server of the same master key, whatever database
 * that has: AES-GCM of 256 bits under a key that HKDF derives from the master key and the owner. So
 * no row can be deleted to make it unreadable, as {@link TinkVault} offers for what is stored; what
 * that one sealed for clients of earlier versions still opens.
 *
 * <p>What is sealed begins with one byte, the version of the form; nonces are random, 96 bits, so
 * each owner's key is good for 2^32 values.
 */
public final class PortableVault implements Vault {
  private static final byte FORM = 2;
  private static final String PURPOSE = "sealed for clients of ";
  private static final int MOST_CACHED = 1000;

  private final MasterKey master;
  private final Vault earlier;
  private final Cache<String, Aead> keys = Caffeine.newBuilder().maximumSize(MOST_CACHED).build();

  /**
   * @param earlier opens what is of another form
   */
  public PortableVault(MasterKey master, Vault earlier) {
    this.master = master;
    this.earlier = earlier;
  }

  @Override
  public byte[] seal(String owner, String context, byte[] clear) {
    return SealedForm.seal(FORM, key(owner), context, clear);
  }

  @Override
  public byte[] open(String owner, String context, byte[] sealed) {
    if (!SealedForm.is(FORM, sealed)) {
      return earlier.open(owner, context, sealed);
    }
    try {
      return SealedForm.open(key(owner), context, sealed);
    } catch (GeneralSecurityException e) {
      throw new Sealed(
          context
              + " was sealed for something else or under another master key than "
              + master.id()
              + ", or was changed",
          e);
    }
  }

  private Aead key(String owner) {
    return keys.get(owner, this::derived);
  }

  private Aead derived(String owner) {
    try {
      return new AesGcmJce(master.derive(SealedForm.bytes(PURPOSE + owner)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the master key " + master.id() + " does not derive", e);
    }
  }
}
