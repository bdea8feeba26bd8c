package dev.jubal.api.messages;

import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.RecordShape;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages become items: of one message the texts and pictures that follow each other are one
 * item, and each call, result and thought is one of its own, in the order of the blocks.
 */
final class MessagesInput {
  private static final String BLOCKS =
      "text, image, tool_use, tool_result, thinking or redacted_thinking";

  private final Thoughts thoughts;
  private final List<String> ignored;
  private final List<Item> items = new ArrayList<>();
  private final List<String> pictures = new ArrayList<>();

  /** Names of fields without effect are added to the list. */
  MessagesInput(Thoughts thoughts, List<String> ignored) {
    this.thoughts = thoughts;
    this.ignored = ignored;
  }

  List<Item> items(@Nullable JsonNode system, List<MessagesWire.Message> messages) {
    if (system != null) {
      system(system);
    }
    for (int i = 0; i < messages.size(); i++) {
      add(messages.get(i), "messages[" + i + "].content");
    }
    return items;
  }

  /** Where the pictures stand, in order. */
  List<String> pictures() {
    return pictures;
  }

  private void system(JsonNode system) {
    List<Item.Part> parts = new ArrayList<>();
    if (system.isString()) {
      parts.add(new Item.Part.Text(system.stringValue()));
    }
    for (int i = 0; i < system.size(); i++) {
      String at = "system[" + i + "]";
      ObjectNode block = object(system.get(i), at, "a text block");
      String type = type(block, at);
      if (!type.equals("text")) {
        throw unavailable(at + ".type", type, "text");
      }
      parts.add(text(block, at));
    }
    if (!Item.Part.text(parts).isEmpty()) {
      items.add(new Item.Message(Role.SYSTEM, parts));
    }
  }

  private void add(MessagesWire.Message message, String at) {
    Role role = Role.valueOf(message.role().toUpperCase(Locale.ROOT));
    JsonNode content = message.content();
    if (content.isString()) {
      items.add(Item.Message.text(role, content.stringValue()));
      return;
    }
    if (content.isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE, at, at + ": [] (expected: at least one block).");
    }
    List<Item.Part> said = new ArrayList<>();
    for (int i = 0; i < content.size(); i++) {
      String here = at + "[" + i + "]";
      ObjectNode block = object(content.get(i), here, "a block with a type");
      String type = type(block, here);
      switch (type) {
        case "text" -> said.add(text(block, here));
        case "image" -> said.add(image(block, here));
        default -> {
          say(role, said);
          Item item = item(role, type, block, here);
          if (!(item instanceof Item.Reasoning r && r.text().isEmpty())) {
            items.add(item);
          }
        }
      }
    }
    say(role, said);
  }

  /** What was said up to a block of another kind is a message. */
  private void say(Role role, List<Item.Part> said) {
    if (!said.isEmpty()) {
      items.add(new Item.Message(role, said));
      said.clear();
    }
  }

  private Item item(Role role, String type, ObjectNode block, String at) {
    return switch (type) {
      case "tool_use" -> {
        only(Role.ASSISTANT, role, type, at);
        MessagesWire.ToolUse call = read(block, MessagesWire.ToolUse.class, at);
        yield new Item.FunctionCall(call.id(), call.name(), Json.string(call.input()));
      }
      case "tool_result" -> {
        only(Role.USER, role, type, at);
        yield result(read(block, MessagesWire.ToolResult.class, at), at);
      }
      case "thinking" -> {
        only(Role.ASSISTANT, role, type, at);
        yield new Item.Reasoning(
            thoughts.checked(read(block, MessagesWire.ThinkingBlock.class, at), at));
      }
      case "redacted_thinking" -> {
        only(Role.ASSISTANT, role, type, at);
        yield new Item.Reasoning(
            thoughts.opened(read(block, MessagesWire.RedactedThinking.class, at), at));
      }
      default -> throw unavailable(at + ".type", type, BLOCKS);
    };
  }

  /** The result of a call; of one that failed it begins with that, as models know no flag. */
  private Item result(MessagesWire.ToolResult result, String at) {
    List<Item.Part> parts = new ArrayList<>();
    if (Boolean.TRUE.equals(result.isError())) {
      parts.add(new Item.Part.Text("Error: "));
    }
    JsonNode content = result.content();
    if (content == null || content.isString()) {
      parts.add(new Item.Part.Text(content == null ? "" : content.stringValue()));
      return new Item.FunctionCallOutput(result.toolUseId(), parts);
    }
    for (int i = 0; i < content.size(); i++) {
      String here = at + ".content[" + i + "]";
      ObjectNode block = object(content.get(i), here, "a text or image block");
      String type = type(block, here);
      parts.add(
          switch (type) {
            case "text" -> text(block, here);
            case "image" -> image(block, here);
            default -> throw unavailable(here + ".type", type, "text or image");
          });
    }
    return new Item.FunctionCallOutput(result.toolUseId(), parts);
  }

  private Item.Part.Text text(ObjectNode block, String at) {
    return new Item.Part.Text(read(block, MessagesWire.TextBlock.class, at).text());
  }

  private Item.Part.Image image(ObjectNode block, String at) {
    MessagesWire.ImageSource source = read(block, MessagesWire.ImageBlock.class, at).source();
    String in = at + ".source";
    if (source.type().equals("url")) {
      pictures.add(in + ".url");
      return new Item.Part.Image(needed(source.url(), in + ".url"), Optional.empty());
    }
    String media = needed(source.mediaType(), in + ".media_type");
    String data = needed(source.data(), in + ".data");
    pictures.add(in + ".data");
    return new Item.Part.Image("data:" + media + ";base64," + data, Optional.empty());
  }

  private static String needed(@Nullable String value, String at) {
    if (value == null) {
      throw missing(at, "a string");
    }
    return value;
  }

  private <T extends Record> T read(ObjectNode block, Class<T> type, String at) {
    WireReader.Body<T> body = WireReader.read(block, type, at);
    ignored.addAll(body.ignored());
    return body.value();
  }

  private static void only(Role wanted, Role found, String type, String at) {
    if (found != wanted) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at + ".type",
          at
              + ".type: \""
              + type
              + "\" (expected: only in a message of the role "
              + wanted.name().toLowerCase(Locale.ROOT)
              + ").");
    }
  }

  private static String type(ObjectNode block, String at) {
    JsonNode type = block.path("type");
    if (!type.isString()) {
      throw missing(at + ".type", "one of " + BLOCKS);
    }
    return type.stringValue();
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

  private static ApiException missing(String at, String expected) {
    return ApiException.of(
        ErrorCode.MISSING_FIELD, at, at + " is missing (expected: " + expected + ").");
  }

  private static ApiException unavailable(String at, String found, String expected) {
    return ApiException.of(
        ErrorCode.UNSUPPORTED_PARAMETER,
        at,
        at
            + ": "
            + RecordShape.shown(Json.mapper().valueToTree(found))
            + " is not available in this version (expected: "
            + expected
            + ").");
  }
}
