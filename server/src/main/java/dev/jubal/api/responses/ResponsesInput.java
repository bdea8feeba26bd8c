package dev.jubal.api.responses;

import dev.jubal.api.CallTexts;
import dev.jubal.api.PictureParts;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.Kept;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.RecordShape;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The input of a response becomes items; those it does not know are refused by their type. */
final class ResponsesInput {
  private static final String KINDS =
      "message, reasoning, function_call, function_call_output, compaction or item_reference";
  private static final String PARAGRAPH = "\n\n";

  private final List<String> ignored;
  private final Recall recall;
  private final String responseId;
  private final Conversation before;
  private final PictureParts pictures = new PictureParts();
  private final List<Kept> items = new ArrayList<>();

  /**
   * A reader of one input.
   *
   * @param ignored names of fields without effect are added to it
   * @param responseId makes ids of items that have none
   * @param before what the input continues
   */
  ResponsesInput(List<String> ignored, Recall recall, String responseId, Conversation before) {
    this.ignored = ignored;
    this.recall = recall;
    this.responseId = responseId;
    this.before = before;
  }

  /** Where the pictures of what was read stand, in order. */
  List<String> pictures() {
    return pictures.fields();
  }

  /** The items of an input; none when it is absent. */
  List<Kept> kept(Optional<JsonNode> input) {
    if (input.isEmpty()) {
      return List.of();
    }
    JsonNode node = input.get();
    if (node.isString()) {
      add(Json.mapper().createObjectNode(), Item.Message.text(Role.USER, node.stringValue()));
      return items;
    }
    if (node.isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE, "input", "input: [] (expected: at least one item).");
    }
    for (int i = 0; i < node.size(); i++) {
      item(node.get(i), "input[" + i + "]");
    }
    return items;
  }

  private void item(JsonNode node, String at) {
    ObjectNode object = object(node, at, "a " + KINDS + " item");
    JsonNode type = object.get("type");
    if (type == null || type.isNull()) {
      if (object.has("id") && !object.has("role")) {
        refer(object, at);
      } else {
        add(object, message(object, at));
      }
      return;
    }
    switch (type.asString("")) {
      case "message" -> add(object, message(object, at));
      case "reasoning" -> thought(object, at).ifPresent(t -> add(object, t));
      case "function_call" -> add(object, call(object, at));
      case "function_call_output" -> add(object, output(object, at));
      case "compaction" -> compaction(object, at);
      case "item_reference" -> refer(object, at);
      default -> throw unavailable(at + ".type", type, KINDS);
    }
  }

  private void add(ObjectNode object, Item item) {
    items.add(
        new Kept(
            id(object, prefix(item)),
            List.of(item),
            object.path("phase").stringValueOpt(),
            Optional.empty()));
  }

  /** The id it came with, or else one of its response and place. */
  private String id(ObjectNode object, String prefix) {
    String own = object.path("id").isString() ? object.path("id").stringValue() : "";
    return own.isEmpty() ? prefix + "_" + responseId + "_in" + items.size() : own;
  }

  private static String prefix(Item item) {
    return switch (item) {
      case Item.Message _ -> "msg";
      case Item.FunctionCall _ -> "fc";
      case Item.FunctionCallOutput _ -> "fco";
      case Item.Reasoning _ -> "rs";
    };
  }

  private void compaction(ObjectNode object, String at) {
    String sealed = read(object, ResponsesWire.InputCompaction.class, at).encryptedContent();
    items.add(
        new Kept(
            id(object, "cmp"),
            recall.compacted(sealed, at + ".encrypted_content"),
            Optional.empty(),
            Optional.of(sealed)));
    pictures.stand(items.getLast().items(), at);
  }

  /** What the conversation before has already is not said twice. */
  private void refer(ObjectNode object, String at) {
    String id = read(object, ResponsesWire.InputReference.class, at).id();
    if (before.find(id).isEmpty()) {
      items.add(
          recall
              .item(id)
              .orElseThrow(
                  () ->
                      ApiException.of(
                          ErrorCode.INVALID_VALUE,
                          at + ".id",
                          at
                              + ".id: \""
                              + id
                              + "\" was not found (expected: the id of an item of a response of"
                              + " this team that is stored).")));
      pictures.stand(items.getLast().items(), at);
    }
  }

  /** What says nothing is no item: other servers keep thoughts to themselves. */
  private Optional<Item> thought(ObjectNode object, String at) {
    ResponsesWire.InputThought thought = read(object, ResponsesWire.InputThought.class, at);
    String text =
        thought.encryptedContent() == null
            ? said(thought)
            : recall.thought(thought.encryptedContent(), at + ".encrypted_content");
    return text.isEmpty() ? Optional.empty() : Optional.of(new Item.Reasoning(text));
  }

  /** The thought itself, or else its summary. */
  private static String said(ResponsesWire.InputThought thought) {
    List<ResponsesWire.InputThoughtPart> whole =
        Objects.requireNonNullElse(thought.content(), List.of());
    List<ResponsesWire.InputThoughtPart> parts =
        whole.isEmpty() ? Objects.requireNonNullElse(thought.summary(), List.of()) : whole;
    return parts.stream()
        .map(ResponsesWire.InputThoughtPart::text)
        .collect(Collectors.joining(PARAGRAPH));
  }

  private Item message(ObjectNode object, String at) {
    ResponsesWire.InputMessage message = read(object, ResponsesWire.InputMessage.class, at);
    return new Item.Message(
        Role.valueOf(message.role().toUpperCase(Locale.ROOT)),
        content(message.content(), at + ".content"));
  }

  private Item call(ObjectNode object, String at) {
    ResponsesWire.InputCall call = read(object, ResponsesWire.InputCall.class, at);
    return new Item.FunctionCall(call.callId(), call.name(), CallTexts.arguments(call.arguments()));
  }

  private Item output(ObjectNode object, String at) {
    ResponsesWire.InputOutput output = read(object, ResponsesWire.InputOutput.class, at);
    return new Item.FunctionCallOutput(
        output.callId(), CallTexts.output(output.output(), at + ".output", pictures));
  }

  private <T extends Record> T read(ObjectNode object, Class<T> type, String at) {
    WireReader.Body<T> body = WireReader.read(object, type, at);
    ignored.addAll(body.ignored());
    return body.value();
  }

  private List<Item.Part> content(JsonNode content, String at) {
    if (content.isString()) {
      return List.of(new Item.Part.Text(content.stringValue()));
    }
    if (content.isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE, at, at + ": [] (expected: at least one part).");
    }
    List<Item.Part> parts = new ArrayList<>(content.size());
    for (int i = 0; i < content.size(); i++) {
      parts.add(part(content.get(i), at + "[" + i + "]"));
    }
    return parts;
  }

  private Item.Part part(JsonNode node, String at) {
    ResponsesWire.InputPart part =
        read(object(node, at, "an input_text part"), ResponsesWire.InputPart.class, at);
    if (PictureParts.is(part.type())) {
      return pictures.read(part.imageUrl(), part.detail(), part.fileId(), at);
    }
    if (!part.type().equals("input_text") && !part.type().equals("output_text")) {
      throw unavailable(at + ".type", node.get("type"), "input_text, output_text or input_image");
    }
    String text = part.text();
    if (text == null) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD, at + ".text", at + ".text is missing (expected: a string).");
    }
    return new Item.Part.Text(text);
  }

  private static ObjectNode object(JsonNode node, String at, String expected) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.of(
        ErrorCode.INVALID_TYPE,
        at,
        at + ": " + RecordShape.shown(node) + " (expected: " + expected + ").");
  }

  private static ApiException unavailable(String at, JsonNode found, String expected) {
    return ApiException.of(
        ErrorCode.UNSUPPORTED_PARAMETER,
        at,
        at
            + ": "
            + RecordShape.shown(found)
            + " is not available in this version (expected: "
            + expected
            + ").");
  }
}
