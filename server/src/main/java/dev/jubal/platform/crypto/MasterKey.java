package dev.jubal.platform.crypto;

import java.security.GeneralSecurityException;

/**
 * What wraps data keys: bytes at hand, or a key management service that never shows its own.
 * Thread-safe.
 */
public interface MasterKey {
  /** Tells one master key from another, and nothing about it; 1 to 64 characters. */
  String id();

  /** Encrypts a data key; {@code owner} is authenticated with it. */
  byte[] wrap(byte[] dataKey, byte[] owner) throws GeneralSecurityException;

  /**
   * Decrypts a data key.
   *
   * @throws GeneralSecurityException when it was wrapped by another master key or for another owner
   */
  byte[] unwrap(byte[] wrapped, byte[] owner) throws GeneralSecurityException;

  /**
   * 256 bits that follow from this master key and {@code info}, and tell nothing about the key: a
   * pseudo-random function, as HKDF or the MAC of a key management service is one.
   */
  byte[] derive(byte[] info) throws GeneralSecurityException;
}
