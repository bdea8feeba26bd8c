package dev.jubal.llama.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Growing bytes of one message. Whole numbers are written in as few bytes as they need. */
final class ByteSink {
  private byte[] bytes = new byte[96];
  private int size = Integer.BYTES; // room for the length, filled in by frame()

  ByteSink tag(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  ByteSink flag(boolean value) {
    return tag(value ? 1 : 0);
  }

  ByteSink integer(long value) {
    room(10);
    long rest = (value << 1) ^ (value >> 63); // small negatives stay short
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  ByteSink real(float value) {
    room(Float.BYTES);
    ByteBuffer.wrap(bytes, size, Float.BYTES).putFloat(value);
    size += Float.BYTES;
    return this;
  }

  ByteSink bytes(byte[] value) {
    integer(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  ByteSink text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  ByteSink optionalText(@Nullable String value) {
    return value == null ? flag(false) : flag(true).text(value);
  }

  ByteSink integers(int[] values) {
    integer(values.length);
    for (int value : values) {
      integer(value);
    }
    return this;
  }

  <T> ByteSink list(List<T> values, BiConsumer<ByteSink, T> writer) {
    integer(values.size());
    values.forEach(value -> writer.accept(this, value));
    return this;
  }

  /** The message as it goes over the socket, its length first. */
  ByteBuffer frame() {
    return ByteBuffer.wrap(bytes, 0, size).putInt(0, size - Integer.BYTES);
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
