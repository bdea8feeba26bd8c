package dev.jubal.api;

/** The {@code bytes} of a token: numbers from 0 to 255. */
public final class TokenBytes {
  private TokenBytes() {}

  /** The unsigned values of some bytes. */
  public static int[] of(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return values;
  }
}
