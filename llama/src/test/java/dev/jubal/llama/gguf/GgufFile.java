package dev.jubal.llama.gguf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes headers of GGUF files, sound or damaged. */
public final class GgufFile {
  private final ByteBuffer pairs = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer table = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private int count;
  private long tensors;

  public GgufFile text(String key, String value) {
    key(key, 8);
    string(value);
    return this;
  }

  public GgufFile number(String key, int value) {
    key(key, 4);
    pairs.putInt(value);
    return this;
  }

  public GgufFile texts(String key, String... values) {
    key(key, 9);
    pairs.putInt(8).putLong(values.length);
    for (String value : values) {
      string(value);
    }
    return this;
  }

  public GgufFile floats(String key, float... values) {
    key(key, 9);
    pairs.putInt(6).putLong(values.length);
    for (float value : values) {
      pairs.putFloat(value);
    }
    return this;
  }

  GgufFile type(String key, int type) {
    key(key, type);
    return this;
  }

  /** A tensor of one dimension, whose data begins at an offset. */
  public GgufFile tensor(String name, long elements, int type, long offset) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    table.putLong(bytes.length).put(bytes).putInt(1).putLong(elements).putInt(type).putLong(offset);
    tensors++;
    return this;
  }

  /** Writes header and tensor table, the data padded to its place, and so many bytes of data. */
  public Path writeWhole(Path file, int data) throws IOException {
    int size = 24 + pairs.position() + table.position();
    ByteBuffer head = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x46554747).putInt(3).putLong(tensors).putLong(count);
    head.put(pairs.array(), 0, pairs.position()).put(table.array(), 0, table.position());
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(head.array());
      out.setLength((size + 31L) / 32 * 32 + data);
    }
    return file;
  }

  /** Writes the header and as many bytes behind it, which take no room on the disk. */
  public Path write(Path file, int padding) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(24 + pairs.position()).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x46554747).putInt(3).putLong(7).putLong(count);
    head.put(pairs.array(), 0, pairs.position());
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(head.array());
      out.setLength((long) head.capacity() + padding);
    }
    return file;
  }

  private void key(String key, int type) {
    string(key);
    pairs.putInt(type);
    count++;
  }

  private void string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    pairs.putLong(bytes.length).put(bytes);
  }
}
