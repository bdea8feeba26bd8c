package dev.jubal.inference.sight;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers in bytes. Every read outside of them is an IndexOutOfBoundsException.
 *
 * @param all the bytes themselves, not a copy
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Bytes(byte[] all) {
  int size() {
    return all.length;
  }

  int u8(int at) {
    return all[at] & 0xff;
  }

  int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16le(int at) {
    return u8(at + 1) << 8 | u8(at);
  }

  int u24le(int at) {
    return u8(at + 2) << 16 | u16le(at);
  }

  long u32(int at) {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  long u32le(int at) {
    return (long) u16le(at + 2) << 16 | u16le(at);
  }

  /** Four or more characters. */
  String text(int at, int length) {
    if (at < 0 || at + length > all.length) {
      throw new IndexOutOfBoundsException(at);
    }
    return new String(all, at, length, StandardCharsets.ISO_8859_1);
  }

  byte[] copy(int at, int length) {
    if (length < 0 || at + length > all.length) {
      throw new IndexOutOfBoundsException(at);
    }
    return Arrays.copyOfRange(all, at, at + length);
  }
}
