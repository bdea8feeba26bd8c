package dev.jubal.testing;

import dev.jubal.platform.crypto.Vault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Seals without hiding: the same content always looks the same, as golden answers need it. */
public final class PlainVault implements Vault {

  @Override
  public byte[] seal(String owner, String context, byte[] clear) {
    return ByteBuffer.allocate(Long.BYTES + clear.length)
        .putLong(mark(owner, context, clear))
        .put(clear)
        .array();
  }

  @Override
  public byte[] open(String owner, String context, byte[] sealed) {
    if (sealed.length < Long.BYTES) {
      throw new Sealed("too short", null);
    }
    ByteBuffer buffer = ByteBuffer.wrap(sealed);
    long mark = buffer.getLong();
    byte[] clear = new byte[buffer.remaining()];
    buffer.get(clear);
    if (mark != mark(owner, context, clear)) {
      throw new Sealed("changed", null);
    }
    return clear;
  }

  private static long mark(String owner, String context, byte[] clear) {
    CRC32 sum = new CRC32();
    sum.update((owner + "/" + context + "/").getBytes(StandardCharsets.UTF_8));
    sum.update(clear);
    return sum.getValue();
  }
}
