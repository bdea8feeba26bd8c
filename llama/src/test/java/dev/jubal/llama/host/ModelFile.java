package dev.jubal.llama.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes GGUF files that hold a header and no tensor. */
final class ModelFile {
  private final ByteBuffer pairs = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private int count;

  ModelFile text(String key, String value) {
    key(key, 8);
    string(value);
    return this;
  }

  ModelFile number(String key, int value) {
    key(key, 4);
    pairs.putInt(value);
    return this;
  }

  ModelFile texts(String key, String... values) {
    key(key, 9);
    pairs.putInt(8).putLong(values.length);
    for (String value : values) {
      string(value);
    }
    return this;
  }

  /** Writes the header and as many bytes behind it, which take no room on the disk. */
  Path write(Path file, int padding) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(24 + pairs.position()).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x46554747).putInt(3).putLong(0).putLong(count);
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
