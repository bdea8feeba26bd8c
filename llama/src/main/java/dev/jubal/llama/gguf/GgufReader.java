package dev.jubal.llama.gguf;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the key-value part of GGUF versions 2 and 3: little-endian; magic, version, number of
 * tensors, number of pairs; a pair is key, type, value; texts and arrays carry a 64-bit length.
 */
final class GgufReader {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int[] WIDTHS = {1, 1, 2, 2, 4, 4, 4, 1, -1, -1, 8, 8, 8};
  private static final long LONGEST_TEXT = 16 << 20;
  private static final long MOST_PAIRS = 1 << 16;
  private static final int DEEPEST_ARRAY = 4;
  private static final long ALIGNMENT = 32;
  private static final long MOST_TENSORS = 1 << 20;
  private static final long MOST_DIMENSIONS = 4;
  private static final long MOST_ELEMENTS = 1L << 50;

  private final CountedStream counted;
  private final DataInputStream in;
  private final Path file;

  private GgufReader(CountedStream counted, Path file) {
    this.counted = counted;
    this.in = new DataInputStream(counted);
    this.file = file;
  }

  /** The header, whatever follows it. */
  static GgufHeader read(Path file) throws IOException {
    try (CountedStream in = open(file)) {
      return new GgufReader(in, file).header();
    } catch (EOFException e) {
      throw cut(file);
    }
  }

  /** The header, after a check that all tensors it lists lie within the file. */
  static GgufHeader readWhole(Path file) throws IOException {
    try (CountedStream in = open(file)) {
      GgufReader reader = new GgufReader(in, file);
      GgufHeader header = reader.header();
      long alignment =
          header.values().get("general.alignment") instanceof Long n && n > 0 ? n : ALIGNMENT;
      long tensors = reader.bounded("tensors", header.tensors(), MOST_TENSORS);
      long end = reader.tensorsEnd(tensors, alignment);
      long size = Files.size(file);
      if (size < end) {
        throw new GgufFormatException(
            file + ": is cut short: " + size + " bytes (expected: at least " + end + ")");
      }
      return header;
    } catch (EOFException e) {
      throw cut(file);
    }
  }

  private static CountedStream open(Path file) throws IOException {
    return new CountedStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
  }

  private static GgufFormatException cut(Path file) {
    return new GgufFormatException(file + ": ends within its header (expected: a whole file)");
  }

  /** A tensor's entry: name, number of dimensions, dimensions, type, offset in the data. */
  private long tensorsEnd(long tensors, long alignment) throws IOException {
    long end = 0;
    for (long i = 0; i < tensors; i++) {
      in.skipNBytes(bounded("text length", int64(), LONGEST_TEXT));
      long dimensions = bounded("dimensions", int32(), MOST_DIMENSIONS);
      long elements = 1;
      for (long d = 0; d < dimensions; d++) {
        elements *= bounded("dimension", int64(), MOST_ELEMENTS / Math.max(elements, 1));
      }
      int type = int32();
      long offset = bounded("tensor offset", int64(), MOST_ELEMENTS);
      end = Math.max(end, offset + TensorType.bytes(type, elements));
    }
    long data = (counted.position() + alignment - 1) / alignment * alignment;
    return tensors == 0 ? counted.position() : data + end;
  }

  private GgufHeader header() throws IOException {
    int magic = int32();
    if (magic != MAGIC) {
      throw damage("magic", Integer.toHexString(magic), "47475546 (GGUF)");
    }
    int version = int32();
    if (version < 2 || version > 3) {
      throw damage("version", version, "2 or 3");
    }
    long tensors = int64();
    long pairs = bounded("pairs", int64(), MOST_PAIRS);
    Map<String, Object> values = new HashMap<>();
    for (long pair = 0; pair < pairs; pair++) {
      String key = text();
      values.put(key, value(int32()));
    }
    return new GgufHeader(version, tensors, values);
  }

  private Object value(int type) throws IOException {
    return switch (type) {
      case 0 -> (long) in.readUnsignedByte();
      case 1 -> (long) in.readByte();
      case 2 -> (long) Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
      case 3 -> (long) Short.reverseBytes(in.readShort());
      case 4 -> Integer.toUnsignedLong(int32());
      case 5 -> (long) int32();
      case 6 -> (double) Float.intBitsToFloat(int32());
      case 7 -> in.readByte() != 0;
      case STRING -> text();
      case ARRAY -> array(0);
      case 10, 11 -> int64();
      case 12 -> Double.longBitsToDouble(int64());
      default -> throw damage("value type", type, "0..12");
    };
  }

  // Arrays are vocabularies, mostly: what they hold is not needed, only how much.
  private Long array(int depth) throws IOException {
    int type = int32();
    long count = bounded("array length", int64(), 1L << 28);
    if (type == STRING) {
      for (long i = 0; i < count; i++) {
        in.skipNBytes(bounded("text length", int64(), LONGEST_TEXT));
      }
    } else if (type == ARRAY && depth < DEEPEST_ARRAY) {
      for (long i = 0; i < count; i++) {
        array(depth + 1);
      }
    } else if (type >= 0 && type < WIDTHS.length && type != ARRAY) {
      in.skipNBytes(count * WIDTHS[type]);
    } else {
      throw damage("array type", type, "0..12");
    }
    return count;
  }

  private String text() throws IOException {
    int length = (int) bounded("text length", int64(), LONGEST_TEXT);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int int32() throws IOException {
    return Integer.reverseBytes(in.readInt());
  }

  private long int64() throws IOException {
    return Long.reverseBytes(in.readLong());
  }

  private long bounded(String what, long value, long most) throws GgufFormatException {
    if (value < 0 || value > most) {
      throw damage(what, value, "0.." + most);
    }
    return value;
  }

  private GgufFormatException damage(String what, Object value, String expected) {
    return new GgufFormatException(
        file + ": " + what + ": " + value + " (expected: " + expected + ")");
  }
}
