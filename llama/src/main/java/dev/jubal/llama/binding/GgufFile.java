package dev.jubal.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.jubal.llama.EngineFailure;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a GGUF file, read without the library: enough to tell a damaged file from a good one,
 * and how much memory a model will take, before anything is loaded.
 *
 * @param version of the format
 * @param tensors how many there are
 * @param fileBytes size of the file
 * @param values the scalar metadata (String, Long, Double or Boolean); arrays are left out
 * @param tokens the texts of the tokens that chat templates name, such as bos_token
 */
public record GgufFile(
    int version,
    long tensors,
    long fileBytes,
    Map<String, Object> values,
    Map<String, String> tokens) {
  private static final int MAGIC = 0x46554747;
  private static final long MOST = 1L << 24;
  private static final long MOST_ELEMENTS = 1L << 44;

  public GgufFile {
    values = Map.copyOf(values);
    tokens = Map.copyOf(tokens);
  }

  /**
   * Reads and checks the head.
   *
   * @throws EngineFailure LOAD_FAILED if the file cannot be read, is no GGUF file or is cut short
   */
  public static GgufFile read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      long size = channel.size();
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return new Reader(bytes).file();
    } catch (IOException e) {
      throw failed(file, "cannot be read: " + e);
    } catch (IndexOutOfBoundsException e) {
      throw failed(file, "is cut short");
    } catch (IllegalArgumentException e) {
      throw failed(file, String.valueOf(e.getMessage()));
    }
  }

  private static EngineFailure failed(Path file, String reason) {
    return new EngineFailure(EngineFailure.Kind.LOAD_FAILED, "model " + file + " " + reason);
  }

  /** What kind of model it is, such as "llama". */
  public String architecture() {
    return String.valueOf(values.getOrDefault("general.architecture", "unknown"));
  }

  /** The context the model was trained for, in tokens; 0 if the file does not say. */
  public int trainedContext() {
    return (int) number("context_length", 0);
  }

  /** The chat template the file carries, or null. */
  public @Nullable String template() {
    return values.get("tokenizer.chat_template") instanceof String text ? text : null;
  }

  /** The licence the file names, such as "apache-2.0", or null. */
  public @Nullable String licence() {
    return values.get("general.license") instanceof String text ? text : null;
  }

  /** How most weights are stored, such as "Q4_0"; "unknown" if the file is silent. */
  public String quantisation() {
    return values.get("general.file_type") instanceof Long type ? FileType.name(type) : "unknown";
  }

  /** In how many files the model was split; 1 for a whole one. */
  public long parts() {
    return values.get("split.count") instanceof Long parts ? Math.max(1, parts) : 1;
  }

  /**
   * Bytes of key-value memory one token of context takes at 16 bits; 0 if the file does not say
   * (some kinds of model have no such memory).
   */
  public long cacheBytesPerToken() {
    long layers = number("block_count", 0);
    long heads = number("attention.head_count", 0);
    if (layers == 0 || heads == 0) {
      return 0;
    }
    long shared = number("attention.head_count_kv", heads);
    long width = number("embedding_length", 0) / heads;
    long key = number("attention.key_length", width);
    long value = number("attention.value_length", width);
    return layers * shared * (key + value) * 2;
  }

  private long number(String key, long otherwise) {
    return values.get(architecture() + "." + key) instanceof Long found ? found : otherwise;
  }

  /** Walks over the bytes; running past their end is an IndexOutOfBoundsException. */
  private static final class Reader {
    private static final ValueLayout.OfInt INT =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int FLOAT64 = 12;

    private static final String TOKENS = "tokenizer.ggml.tokens";

    /** Names of tokens in templates, and of their ids here. */
    private static final Map<String, String> NAMED =
        Map.of(
            "bos_token", "bos",
            "eos_token", "eos",
            "unk_token", "unknown",
            "pad_token", "padding",
            "sep_token", "seperator");

    /** The ids of SentencePiece models, which need not be said. */
    private static final Map<String, Long> USUAL =
        Map.of("bos_token", 1L, "eos_token", 2L, "unk_token", 0L);

    private final MemorySegment bytes;
    private long at;

    /** Where the texts of the tokens begin, and how many there are. */
    private long texts;

    private long textCount;

    Reader(MemorySegment bytes) {
      this.bytes = bytes;
    }

    GgufFile file() {
      if (bytes.byteSize() < 4 || int32() != MAGIC) {
        throw new IllegalArgumentException("is no GGUF file (expected: the first bytes GGUF)");
      }
      int version = int32();
      if (version < 2 || version > 3) {
        throw new IllegalArgumentException(
            "has GGUF version " + version + " (expected: 2 or 3, little endian)");
      }
      long tensors = bounded(int64(), "tensors");
      long count = bounded(int64(), "metadata entries");
      Map<String, Object> values = new HashMap<>();
      for (long i = 0; i < count; i++) {
        String key = string();
        int type = int32();
        Object value = key.equals(TOKENS) && type == ARRAY ? texts() : value(type);
        if (value != null) {
          values.put(key, value);
        }
      }
      long alignment = values.get("general.alignment") instanceof Long found ? found : 32;
      tensors(tensors, Math.max(1, alignment));
      return new GgufFile(version, tensors, bytes.byteSize(), values, named(values));
    }

    private @Nullable Object texts() {
      texts = at + 12;
      textCount = bytes.get(LONG, at + 4);
      return array();
    }

    private Map<String, String> named(Map<String, Object> values) {
      boolean usual = "llama".equals(values.get("tokenizer.ggml.model"));
      Map<Long, String> names = new HashMap<>();
      Map<String, String> found = new HashMap<>();
      NAMED.forEach(
          (name, id) -> {
            Object said = values.get("tokenizer.ggml." + id + "_token_id");
            Long token = said instanceof Long number ? number : usual ? USUAL.get(name) : null;
            if (token != null && token >= 0 && token < textCount) {
              names.merge(token, name, (a, b) -> a + " " + b);
            }
          });
      long last = names.keySet().stream().mapToLong(Long::longValue).max().orElse(-1);
      at = texts;
      for (long token = 0; token <= last; token++) {
        String name = names.get(token);
        if (name == null) {
          skip(bounded(int64(), "bytes of a string"));
        } else {
          String text = string();
          for (String each : name.split(" ")) {
            found.put(each, text);
          }
        }
      }
      return found;
    }

    private void tensors(long count, long alignment) {
      long last = 0;
      for (long i = 0; i < count; i++) {
        skip(bounded(int64(), "bytes of a name"));
        int dimensions = int32();
        if (dimensions < 0 || dimensions > 8) {
          throw new IllegalArgumentException(
              "has a tensor of " + dimensions + " dimensions (expected: 1 to 8)");
        }
        long elements = elements(dimensions);
        int type = int32();
        last = Math.max(last, int64() + TensorType.leastBytes(type, elements));
      }
      long data = (at + alignment - 1) / alignment * alignment;
      long end = data + last;
      if (count > 0 && (last < 0 || end > bytes.byteSize())) {
        throw new IllegalArgumentException(
            "is cut short: " + bytes.byteSize() + " bytes (expected: at least " + end + ")");
      }
    }

    private long elements(int dimensions) {
      long elements = 1;
      for (int d = 0; d < dimensions; d++) {
        long size = int64();
        if (size < 0 || size > MOST_ELEMENTS / Math.max(1, elements)) {
          throw new IllegalArgumentException(
              "has a tensor of "
                  + Long.toUnsignedString(size)
                  + " by "
                  + elements
                  + " elements (expected: at most "
                  + MOST_ELEMENTS
                  + ")");
        }
        elements *= size;
      }
      return elements;
    }

    private @Nullable Object value(int type) {
      if (type < 0 || type >= SIZES.length) {
        throw new IllegalArgumentException(
            "has a metadata value of type "
                + type
                + " (expected: 0 to "
                + (SIZES.length - 1)
                + ")");
      }
      return switch (type) {
        case STRING -> string();
        case ARRAY -> array();
        case BOOL -> byte8() != 0;
        case FLOAT32 -> (double) Float.intBitsToFloat(int32());
        case FLOAT64 -> Double.longBitsToDouble(int64());
        default -> whole(SIZES[type]);
      };
    }

    private long whole(int size) {
      long value = 0;
      for (int i = 0; i < size; i++) {
        value |= (byte8() & 0xFFL) << (8 * i);
      }
      return value;
    }

    private @Nullable Object array() {
      int type = int32();
      long count = bounded(int64(), "elements of an array");
      if (type == STRING) {
        for (long i = 0; i < count; i++) {
          skip(bounded(int64(), "bytes of a string"));
        }
      } else if (type >= 0 && type < SIZES.length && type != ARRAY) {
        skip(count * SIZES[type]);
      } else {
        throw new IllegalArgumentException("has an array of type " + type);
      }
      return null;
    }

    private static long bounded(long count, String what) {
      if (count < 0 || count > MOST) {
        throw new IllegalArgumentException(
            "claims "
                + Long.toUnsignedString(count)
                + " "
                + what
                + " (expected: at most "
                + MOST
                + ")");
      }
      return count;
    }

    private String string() {
      int length = (int) bounded(int64(), "bytes of a string");
      byte[] text = new byte[Math.toIntExact(Math.min(length, bytes.byteSize() - at))];
      MemorySegment.copy(bytes, JAVA_BYTE, at, text, 0, text.length);
      skip(length);
      return new String(text, StandardCharsets.UTF_8);
    }

    private byte byte8() {
      return bytes.get(JAVA_BYTE, at++);
    }

    private int int32() {
      int value = bytes.get(INT, at);
      at += 4;
      return value;
    }

    private long int64() {
      long value = bytes.get(LONG, at);
      at += 8;
      return value;
    }

    private void skip(long count) {
      at += count;
      if (at > bytes.byteSize()) {
        throw new IndexOutOfBoundsException();
      }
    }
  }
}
