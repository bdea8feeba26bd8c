package dev.jubal.api.embeddings;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.jubal.platform.json.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The records of {@code POST /v1/embeddings}. */
final class EmbeddingsWire {
  private EmbeddingsWire() {}

  /** A request. */
  record Request(
      @Field(value = "Name of an embedding model.", required = true) String model,
      @Field(
              value =
                  "A text, a list of at most 128 texts, the token ids of a text, or a list of"
                      + " such lists.",
              required = true,
              types = {"string", "array"})
          JsonNode input,
      @Field(
              value =
                  "Length of the vectors: below the model's own they are cut and brought back to"
                      + " unit length.",
              min = 1)
          @Nullable Integer dimensions,
      @Field(
              value =
                  "Numbers as JSON, or as base64 of 32-bit floats, least significant byte first.",
              oneOf = {"float", "base64"})
          @Nullable String encodingFormat,
      @Field("The client's own user id.") @Nullable String user,
      @Field(support = Field.Support.IGNORED) @Nullable Boolean preview) {}

  /** An answer. */
  record Response(String object, List<Item> data, String model, Usage usage) {
    Response(List<Item> data, String model, Usage usage) {
      this("list", data, model, usage);
    }
  }

  /** The vector of one input. */
  record Item(String object, int index, Vector embedding) {
    Item(int index, Vector embedding) {
      this("embedding", index, embedding);
    }
  }

  /** A vector in one of two forms. */
  sealed interface Vector {
    /** Plain numbers. */
    record Floats(@JsonValue float[] values) implements Vector {}

    /** 32-bit floats, least significant byte first. */
    record Base64(@JsonValue String text) implements Vector {}
  }

  /**
   * Tokens read.
   *
   * @param costInUsdTicks 1e-10 USD
   */
  record Usage(long promptTokens, long totalTokens, long costInUsdTicks) {}
}
