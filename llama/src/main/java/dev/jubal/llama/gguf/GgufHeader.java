package dev.jubal.llama.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The metadata of a GGUF file.
 *
 * @param version of the format
 * @param tensors how many tensors the file holds
 * @param values numbers ({@code Long}, {@code Double}), {@code Boolean}s and {@code String}s by
 *     key; of an array its length as {@code Long}
 */
public record GgufHeader(int version, long tensors, Map<String, Object> values) {
  public GgufHeader {
    values = Map.copyOf(values);
  }

  /**
   * Reads the header of a file; the weights are not touched.
   *
   * @throws GgufFormatException if it is no GGUF file, or a damaged one
   * @throws IOException if it cannot be read
   */
  public static GgufHeader read(Path file) throws IOException {
    return GgufReader.read(file);
  }

  /**
   * Reads the header and checks that every tensor it lists lies within the file.
   *
   * @throws GgufFormatException if it is no GGUF file, a damaged one, or one that is cut short
   * @throws IOException if it cannot be read
   */
  public static GgufHeader readWhole(Path file) throws IOException {
    return GgufReader.readWhole(file);
  }

  /** The kind of model, such as {@code llama}. */
  public String architecture() {
    return text("general.architecture").orElse("unknown");
  }

  /** The chat template in Jinja, if the file carries one. */
  public Optional<String> chatTemplate() {
    return text("tokenizer.chat_template");
  }

  /** The licence the file names, such as {@code apache-2.0}. */
  public Optional<String> licence() {
    return text("general.license");
  }

  /** How most weights are stored, such as {@code Q4_0}; {@code unknown} if the file is silent. */
  public String quantisation() {
    OptionalLong type = number("general.file_type");
    return type.isEmpty() ? "unknown" : FileType.name(type.getAsLong());
  }

  /** In how many files the model was split; 1 for a whole one. */
  public long parts() {
    return Math.max(1, number("split.count").orElse(1));
  }

  /** The most tokens the model was trained to read at once. */
  public OptionalLong contextLength() {
    return ofArchitecture("context_length");
  }

  public OptionalLong vocabulary() {
    OptionalLong tokens = number("tokenizer.ggml.tokens");
    return tokens.isPresent() ? tokens : ofArchitecture("vocab_size");
  }

  /**
   * Bytes of the key-value cache for one token of context at 16 bits; empty if the file does not
   * say what it takes to know.
   */
  public OptionalLong cacheBytesPerToken() {
    OptionalLong layers = ofArchitecture("block_count");
    OptionalLong width = ofArchitecture("embedding_length");
    OptionalLong heads = ofArchitecture("attention.head_count");
    if (layers.isEmpty() || width.isEmpty() || heads.isEmpty() || heads.getAsLong() == 0) {
      return OptionalLong.empty();
    }
    long cacheHeads = ofArchitecture("attention.head_count_kv").orElse(heads.getAsLong());
    long usual = width.getAsLong() / heads.getAsLong();
    long key = ofArchitecture("attention.key_length").orElse(usual);
    long value = ofArchitecture("attention.value_length").orElse(usual);
    return OptionalLong.of(layers.getAsLong() * cacheHeads * (key + value) * Short.BYTES);
  }

  /** Values each token has in the widest place that scales with the batch. */
  public OptionalLong embeddingLength() {
    return ofArchitecture("embedding_length");
  }

  private OptionalLong ofArchitecture(String key) {
    return number(architecture() + "." + key);
  }

  private OptionalLong number(String key) {
    return values.get(key) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
  }

  private Optional<String> text(String key) {
    return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
  }
}
