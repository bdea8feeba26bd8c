package dev.jubal.api.chat;

import dev.jubal.api.CallTexts;
import dev.jubal.api.PictureParts;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.RecordShape;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of a chat become items: an assistant message with calls is its text, if it has any,
 * and an item for each call, after what was thought before.
 *
 * <p>Roles may stand in any order, and the result of a call that is not in the conversation is
 * taken as it is: clients cut old turns away.
 */
final class ChatMessages {
  private static final String ROLES = "one of system, developer, user, assistant, tool";

  private final List<String> ignored;
  private final PictureParts pictures;
  private final List<Item> items = new ArrayList<>();
  private final Deque<String> unanswered = new ArrayDeque<>();

  /** Names of fields without effect are added to the list, places of pictures to theirs. */
  ChatMessages(List<String> ignored, PictureParts pictures) {
    this.ignored = ignored;
    this.pictures = pictures;
  }

  List<Item> items(List<ChatWire.Message> messages) {
    for (int i = 0; i < messages.size(); i++) {
      add(messages.get(i), "messages[" + i + "]");
    }
    return items;
  }

  private void add(ChatWire.Message message, String at) {
    switch (message.role()) {
      case "system" -> say(Role.SYSTEM, message, at);
      case "developer" -> say(Role.DEVELOPER, message, at);
      case "user" -> say(Role.USER, message, at);
      case "assistant" -> assistant(message, at);
      case "tool" -> output(message, at);
      case "function" -> throw unavailable(at + ".role", message.role(), ROLES);
      default ->
          throw ApiException.of(
              ErrorCode.INVALID_VALUE,
              at + ".role",
              at + ".role: \"" + message.role() + "\" (expected: " + ROLES + ").");
    }
  }

  private void say(Role role, ChatWire.Message message, String at) {
    if (message.toolCalls() != null && !message.toolCalls().isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at + ".tool_calls",
          at
              + ".tool_calls: "
              + message.toolCalls().size()
              + " calls (expected: none, as only assistant messages make calls).");
    }
    items.add(new Item.Message(role, content(message.content(), at)));
  }

  private void assistant(ChatWire.Message message, String at) {
    List<ChatWire.MadeCall> calls = Objects.requireNonNullElse(message.toolCalls(), List.of());
    JsonNode content = message.content();
    String thought = message.reasoningContent();
    if (thought != null && !thought.isEmpty()) {
      items.add(new Item.Reasoning(thought));
    }
    if (calls.isEmpty() || !silent(content)) {
      items.add(new Item.Message(Role.ASSISTANT, content(content, at)));
    }
    for (int i = 0; i < calls.size(); i++) {
      ChatWire.MadeCall call = calls.get(i);
      String type = Objects.requireNonNullElse(call.type(), "function");
      if (!type.equals("function")) {
        throw unavailable(at + ".tool_calls[" + i + "].type", type, "function");
      }
      unanswered.add(call.id());
      items.add(
          new Item.FunctionCall(
              call.id(), call.function().name(), CallTexts.arguments(call.function().arguments())));
    }
  }

  private static boolean silent(@Nullable JsonNode content) {
    return content == null
        || (content.isString() && content.stringValue().isEmpty())
        || (content.isArray() && content.isEmpty());
  }

  private void output(ChatWire.Message message, String at) {
    String id = message.toolCallId();
    if (id == null) {
      id = Objects.requireNonNullElse(unanswered.peek(), "");
    }
    unanswered.remove(id);
    items.add(
        new Item.FunctionCallOutput(
            id, CallTexts.output(message.content(), at + ".content", pictures)));
  }

  private List<Item.Part> content(@Nullable JsonNode content, String at) {
    if (content == null || (content.isArray() && content.isEmpty())) {
      throw missing(at + ".content", "a text or text parts");
    }
    if (content.isString()) {
      return List.of(new Item.Part.Text(content.stringValue()));
    }
    if (!content.isArray()) {
      throw wrong(at + ".content", content, "string or array");
    }
    List<Item.Part> parts = new ArrayList<>(content.size());
    for (int i = 0; i < content.size(); i++) {
      parts.add(part(content.get(i), at + ".content[" + i + "]"));
    }
    return parts;
  }

  private Item.Part part(JsonNode node, String at) {
    if (!(node instanceof ObjectNode object)) {
      throw wrong(at, node, "an object with type and text");
    }
    WireReader.Body<ChatWire.Part> part = WireReader.read(object, ChatWire.Part.class, at);
    ignored.addAll(part.ignored());
    if (PictureParts.is(part.value().type())) {
      ChatWire.Part p = part.value();
      return pictures.read(p.imageUrl(), p.detail(), p.fileId(), at);
    }
    if (!part.value().type().equals("text")) {
      throw unavailable(at + ".type", part.value().type(), "text or image_url");
    }
    String text = part.value().text();
    if (text == null) {
      throw missing(at + ".text", "a string");
    }
    return new Item.Part.Text(text);
  }

  private static ApiException missing(String at, String expected) {
    return ApiException.of(
        ErrorCode.MISSING_FIELD, at, at + " is missing (expected: " + expected + ").");
  }

  private static ApiException wrong(String at, JsonNode found, String expected) {
    return ApiException.of(
        ErrorCode.INVALID_TYPE,
        at,
        at + ": " + RecordShape.shown(found) + " (expected: " + expected + ").");
  }

  private static ApiException unavailable(String at, String found, String expected) {
    return ApiException.of(
        ErrorCode.UNSUPPORTED_PARAMETER,
        at,
        at + ": \"" + found + "\" is not available in this version (expected: " + expected + ").");
  }
}
