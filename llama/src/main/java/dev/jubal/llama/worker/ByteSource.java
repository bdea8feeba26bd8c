package dev.jubal.llama.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ByteSink} wrote. A damaged message ends in an {@link IllegalArgumentException}
 * or a {@link java.nio.BufferUnderflowException}, never in a huge allocation.
 */
final class ByteSource {
  private final ByteBuffer in;

  ByteSource(ByteBuffer in) {
    this.in = in;
  }

  int tag() {
    return in.get();
  }

  boolean flag() {
    return in.get() != 0;
  }

  long integer() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new IllegalArgumentException("a whole number of more than 64 bits");
  }

  int int32() {
    return Math.toIntExact(integer());
  }

  float real() {
    return in.getFloat();
  }

  byte[] bytes() {
    byte[] value = new byte[count()];
    in.get(value);
    return value;
  }

  String text() {
    int length = count();
    String value =
        new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return value;
  }

  @Nullable String optionalText() {
    return flag() ? text() : null;
  }

  int[] integers() {
    int[] values = new int[count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = int32();
    }
    return values;
  }

  <T> List<T> list(Function<ByteSource, T> reader) {
    int count = count();
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(reader.apply(this));
    }
    return Collections.unmodifiableList(values);
  }

  // Every element takes a byte at least, so a count beyond what is left is damage.
  private int count() {
    int count = int32();
    if (count < 0 || count > in.remaining()) {
      throw new IllegalArgumentException(
          "count: " + count + " (expected: 0.." + in.remaining() + ")");
    }
    return count;
  }
}
