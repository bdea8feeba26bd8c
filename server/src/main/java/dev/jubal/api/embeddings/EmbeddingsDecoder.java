package dev.jubal.api.embeddings;

import dev.jubal.api.EndUserField;
import dev.jubal.inference.embedding.Embedder;
import dev.jubal.inference.embedding.EmbeddingBackend.Text;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.RecordShape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** A wire request as what the embedder takes. */
final class EmbeddingsDecoder {
  private static final int MOST_INPUTS = 128;

  private EmbeddingsDecoder() {}

  static Embedder.Request decode(EmbeddingsWire.Request wire) {
    Integer dimensions = wire.dimensions();
    return new Embedder.Request(
        "embeddings",
        wire.model(),
        inputs(wire.input()),
        dimensions == null ? OptionalInt.empty() : OptionalInt.of(dimensions),
        EndUserField.of("user", wire.user()));
  }

  private static List<Text> inputs(JsonNode input) {
    if (input.isString()) {
      return List.of(text(input, "input"));
    }
    if (input.isEmpty()) {
      throw bad("input", input, "at least one text");
    }
    if (input.get(0).isNumber()) {
      return List.of(tokens(input, "input"));
    }
    if (input.size() > MOST_INPUTS) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "input",
          "input has " + input.size() + " elements (expected: at most " + MOST_INPUTS + ").");
    }
    List<Text> texts = new ArrayList<>(input.size());
    for (int i = 0; i < input.size(); i++) {
      String at = "input[" + i + "]";
      JsonNode element = input.get(i);
      texts.add(element.isArray() ? tokens(element, at) : text(element, at));
    }
    return texts;
  }

  private static Text text(JsonNode node, String at) {
    if (!node.isString()) {
      throw ApiException.of(
          ErrorCode.INVALID_TYPE,
          at,
          at + ": " + RecordShape.shown(node) + " (expected: a text, or an array of token ids).");
    }
    if (node.stringValue().isEmpty()) {
      throw bad(at, node, "a text that is not empty");
    }
    return new Text.Plain(node.stringValue());
  }

  private static Text tokens(JsonNode node, String at) {
    if (node.isEmpty()) {
      throw bad(at, node, "at least one token id");
    }
    List<Integer> ids = new ArrayList<>(node.size());
    for (JsonNode id : node) {
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw ApiException.of(
            ErrorCode.INVALID_TYPE,
            at,
            at + ": " + RecordShape.shown(id) + " (expected: token ids, whole numbers).");
      }
      ids.add(id.intValue());
    }
    return new Text.Tokens(ids);
  }

  private static ApiException bad(String at, JsonNode node, String expected) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE,
        at,
        at + ": " + RecordShape.shown(node) + " (expected: " + expected + ").");
  }
}
