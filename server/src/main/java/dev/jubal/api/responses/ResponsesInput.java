package dev.jubal.api.responses;

import dev.jubal.api.CallTexts;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.RecordShape;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The input of a response becomes items; those it does not know are refused by their type. */
final class ResponsesInput {
  private static final String KINDS = "message, reasoning, function_call or function_call_output";
  private static final String PARAGRAPH = "\n\n";

  private final List<String> ignored;
  private final BinaryOperator<String> unseal;

  /**
   * Names of fields without effect are added to the list.
   *
   * @param unseal makes the thought of encrypted content and the path where it stands
   */
  ResponsesInput(List<String> ignored, BinaryOperator<String> unseal) {
    this.ignored = ignored;
    this.unseal = unseal;
  }

  List<Item> items(@Nullable String instructions, JsonNode input) {
    List<Item> items = new ArrayList<>();
    if (instructions != null && !instructions.isEmpty()) {
      items.add(Item.Message.text(Role.SYSTEM, instructions));
    }
    if (input.isString()) {
      items.add(Item.Message.text(Role.USER, input.stringValue()));
      return items;
    }
    if (input.isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE, "input", "input: [] (expected: at least one item).");
    }
    for (int i = 0; i < input.size(); i++) {
      item(input.get(i), "input[" + i + "]").ifPresent(items::add);
    }
    return items;
  }

  private Optional<Item> item(JsonNode node, String at) {
    ObjectNode object = object(node, at, "a " + KINDS + " item");
    JsonNode type = object.get("type");
    if (type == null || type.isNull()) {
      return Optional.of(message(object, at));
    }
    return switch (type.asString("")) {
      case "message" -> Optional.of(message(object, at));
      case "reasoning" -> thought(object, at);
      case "function_call" -> Optional.of(call(object, at));
      case "function_call_output" -> Optional.of(output(object, at));
      default -> throw unavailable(at + ".type", type, KINDS);
    };
  }

  /** What says nothing is no item: other servers keep thoughts to themselves. */
  private Optional<Item> thought(ObjectNode object, String at) {
    ResponsesWire.InputThought thought = read(object, ResponsesWire.InputThought.class, at);
    String text =
        thought.encryptedContent() == null
            ? said(thought)
            : unseal.apply(thought.encryptedContent(), at + ".encrypted_content");
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
    return Item.FunctionCallOutput.text(
        output.callId(), CallTexts.output(output.output(), at + ".output"));
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
          ErrorCode.INVALID_VALUE, at, at + ": [] (expected: at least one text part).");
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
    if (!part.type().equals("input_text") && !part.type().equals("output_text")) {
      throw unavailable(at + ".type", node.get("type"), "input_text or output_text");
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
