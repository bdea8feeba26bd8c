package dev.jubal.api.xaigrpc;

import dev.jubal.api.CallTexts;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.ImageUrlContent;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.ToolCall;
import dev.jubal.proto.xai.ToolCallType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.node.StringNode;

/**
 * The messages of a chat become items: an assistant message is its thought, its text and an item
 * for each call, as far as it has them.
 *
 * <p>Roles may stand in any order, and the result of a call that is not in the conversation is
 * taken as it is: clients cut old turns away.
 */
final class MessageReader {
  private static final String ROLES =
      "ROLE_SYSTEM, ROLE_DEVELOPER, ROLE_USER, ROLE_ASSISTANT or ROLE_TOOL";

  private final List<String> ignored;
  private final Remembered.Recall recall;
  private final List<String> pictures = new ArrayList<>();
  private final List<Item> items = new ArrayList<>();
  private final Deque<String> unanswered = new ArrayDeque<>();

  /** Names of fields without effect are added to the list. */
  MessageReader(List<String> ignored, Remembered.Recall recall) {
    this.ignored = ignored;
    this.recall = recall;
  }

  /** Where the pictures stand, in order. */
  List<String> pictures() {
    return pictures;
  }

  /** {@code field} is what the request calls its messages. */
  List<Item> items(List<Message> messages, String field) {
    if (messages.isEmpty()) {
      throw Refusal.missing(field, "at least one message");
    }
    for (int i = 0; i < messages.size(); i++) {
      String at = field + "[" + i + "]";
      FieldTable.check(messages.get(i), at, ignored);
      add(messages.get(i), at);
    }
    return items;
  }

  private void add(Message message, String at) {
    switch (message.getRole()) {
      case ROLE_SYSTEM -> say(Role.SYSTEM, message, at);
      case ROLE_DEVELOPER -> say(Role.DEVELOPER, message, at);
      case ROLE_USER -> say(Role.USER, message, at);
      case ROLE_ASSISTANT -> assistant(message, at);
      case ROLE_TOOL -> output(message, at);
      case ROLE_FUNCTION -> throw Refusal.unavailable(at + ".role", message.getRole(), ROLES);
      case INVALID_ROLE, UNRECOGNIZED ->
          throw Refusal.value(at + ".role", message.getRoleValue(), ROLES);
    }
  }

  private void say(Role role, Message message, String at) {
    if (message.getToolCallsCount() > 0) {
      throw Refusal.count(
          at + ".tool_calls",
          message.getToolCallsCount(),
          "calls",
          "none, as only assistant messages make calls");
    }
    String sealed = message.getEncryptedContent();
    if (!sealed.isEmpty()) { // a compaction, which the SDK puts into a user's message
      items.addAll(recall.compacted(sealed, at + ".encrypted_content"));
    }
    if (sealed.isEmpty() || message.getContentCount() > 0) {
      items.add(new Item.Message(role, parts(message, at)));
    }
  }

  private void assistant(Message message, String at) {
    String sealed = message.getEncryptedContent();
    if (!sealed.isEmpty()) {
      items.add(new Item.Reasoning(recall.thought(sealed, at + ".encrypted_content")));
    } else if (!message.getReasoningContent().isEmpty()) {
      items.add(new Item.Reasoning(message.getReasoningContent()));
    }
    if (message.getToolCallsCount() == 0 || !silent(message)) {
      items.add(new Item.Message(Role.ASSISTANT, parts(message, at)));
    }
    for (int i = 0; i < message.getToolCallsCount(); i++) {
      call(message.getToolCalls(i), at + ".tool_calls[" + i + "]");
    }
  }

  /** SDKs give back an answer of calls alone with an empty text. */
  private static boolean silent(Message message) {
    return message.getContentList().stream().allMatch(c -> c.hasText() && c.getText().isEmpty());
  }

  private void call(ToolCall call, String at) {
    if (call.getType() != ToolCallType.TOOL_CALL_TYPE_INVALID
        && call.getType() != ToolCallType.TOOL_CALL_TYPE_CLIENT_SIDE_TOOL) {
      throw Refusal.unavailable(
          at + ".type", call.getTypeValue(), "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL");
    }
    if (!call.hasFunction() || call.getFunction().getName().isEmpty()) {
      throw Refusal.missing(at + ".function.name", "the name of what was called");
    }
    if (call.getId().isEmpty()) {
      throw Refusal.missing(at + ".id", "the id that its result names");
    }
    unanswered.add(call.getId());
    items.add(
        new Item.FunctionCall(
            call.getId(),
            call.getFunction().getName(),
            CallTexts.arguments(StringNode.valueOf(call.getFunction().getArguments()))));
  }

  private void output(Message message, String at) {
    String id =
        message.getToolCallId().isEmpty()
            ? Objects.requireNonNullElse(unanswered.peek(), "")
            : message.getToolCallId();
    unanswered.remove(id);
    items.add(
        new Item.FunctionCallOutput(
            id,
            message.getContentCount() == 0 ? List.of(new Item.Part.Text("")) : parts(message, at)));
  }

  private List<Item.Part> parts(Message message, String at) {
    if (message.getContentCount() == 0) {
      throw Refusal.missing(at + ".content", "at least one part");
    }
    List<Item.Part> parts = new ArrayList<>(message.getContentCount());
    for (int i = 0; i < message.getContentCount(); i++) {
      parts.add(part(message.getContent(i), at + ".content[" + i + "]"));
    }
    return parts;
  }

  private Item.Part part(Content content, String at) {
    return switch (content.getContentCase()) {
      case TEXT -> new Item.Part.Text(content.getText());
      case IMAGE_URL -> image(content.getImageUrl(), at + ".image_url");
      case FILE -> throw Refusal.unavailable(at + ".file", content.getFile(), "text or image_url");
      case CONTENT_NOT_SET -> throw Refusal.missing(at, "text or image_url");
    };
  }

  private Item.Part image(ImageUrlContent image, String at) {
    FieldTable.check(image, at, ignored);
    if (image.getImageUrl().isEmpty()) {
      throw Refusal.missing(at + ".image_url", "an http, https or data URL");
    }
    pictures.add(at + ".image_url");
    return new Item.Part.Image(
        image.getImageUrl(),
        switch (image.getDetail()) {
          case DETAIL_INVALID -> Optional.empty();
          case DETAIL_AUTO -> Optional.of("auto");
          case DETAIL_LOW -> Optional.of("low");
          case DETAIL_HIGH -> Optional.of("high");
          case UNRECOGNIZED ->
              throw Refusal.value(
                  at + ".detail", image.getDetailValue(), "DETAIL_AUTO, DETAIL_LOW or DETAIL_HIGH");
        });
  }
}
