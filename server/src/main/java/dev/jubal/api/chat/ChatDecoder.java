package dev.jubal.api.chat;

import dev.jubal.api.LogitBias;
import dev.jubal.api.StopTexts;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.Tools;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.RecordShape;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Station 3: a chat body becomes a {@link GenerationRequest}. Of the body only its texts stay
 * alive, so that many large prompts can be in flight.
 */
final class ChatDecoder {
  private final ChatWire.Request wire;
  private final List<String> ignored;

  private ChatDecoder(WireReader.Body<ChatWire.Request> body) {
    this.wire = body.value();
    this.ignored = new ArrayList<>(body.ignored());
  }

  /**
   * A read request.
   *
   * @param ignored names of fields without effect
   * @param includeUsage whether the usage is a chunk of its own
   */
  record Decoded(GenerationRequest request, List<String> ignored, boolean includeUsage) {}

  static Decoded decode(byte[] body) {
    return new ChatDecoder(WireReader.read(body, ChatWire.Request.class)).decoded();
  }

  private Decoded decoded() {
    boolean stream = Boolean.TRUE.equals(wire.stream());
    GenerationRequest request =
        new GenerationRequest(
            "chat",
            wire.model(),
            new Prompt.Conversation(items()),
            sampling(),
            new GenerationRequest.Limits(maxTokens(), StopTexts.read(wire.stop())),
            new GenerationRequest.Options(
                Objects.requireNonNullElse(wire.n(), 1),
                topLogprobs(),
                Optional.ofNullable(wire.reasoningEffort()),
                Optional.ofNullable(wire.user()),
                new AnswerFormat.Text(),
                Tools.NONE),
            stream);
    return new Decoded(request, ignored, includeUsage(stream));
  }

  private SamplingOptions sampling() {
    return new SamplingOptions(
        Optional.ofNullable(wire.temperature()),
        Optional.ofNullable(wire.topP()),
        Optional.ofNullable(wire.topK()),
        Optional.ofNullable(wire.minP()),
        new SamplingOptions.Penalties(
            Objects.requireNonNullElse(wire.frequencyPenalty(), 0.0),
            Objects.requireNonNullElse(wire.presencePenalty(), 0.0)),
        LogitBias.read(wire.logitBias()),
        Optional.ofNullable(wire.seed()));
  }

  private OptionalInt maxTokens() {
    Integer newer = wire.maxCompletionTokens();
    Integer older = wire.maxTokens();
    if (newer != null && older != null && !newer.equals(older)) {
      ignored.add("max_tokens");
    }
    Integer max = newer != null ? newer : older;
    return max == null ? OptionalInt.empty() : OptionalInt.of(max);
  }

  private OptionalInt topLogprobs() {
    int top = Objects.requireNonNullElse(wire.topLogprobs(), 0);
    if (Boolean.TRUE.equals(wire.logprobs())) {
      return OptionalInt.of(top);
    }
    if (top > 0) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "top_logprobs",
          "top_logprobs: " + top + " (expected: absent or 0 unless logprobs is true).");
    }
    return OptionalInt.empty();
  }

  private boolean includeUsage(boolean stream) {
    ChatWire.StreamOptions options = wire.streamOptions();
    boolean asked = options != null && Boolean.TRUE.equals(options.includeUsage());
    if (asked && !stream) {
      ignored.add("stream_options.include_usage");
    }
    return asked && stream;
  }

  private List<Item> items() {
    List<Item> items = new ArrayList<>(wire.messages().size());
    for (int i = 0; i < wire.messages().size(); i++) {
      ChatWire.Message message = wire.messages().get(i);
      String at = "messages[" + i + "]";
      items.add(new Item.Message(role(message.role(), at), content(message.content(), at)));
    }
    return items;
  }

  private static Role role(String role, String at) {
    return switch (role) {
      case "system" -> Role.SYSTEM;
      case "developer" -> Role.DEVELOPER;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "tool", "function" ->
          throw ApiException.of(
              ErrorCode.UNSUPPORTED_PARAMETER,
              at + ".role",
              at
                  + ".role: \""
                  + role
                  + "\" is not available in this version (expected: one of system, developer, user,"
                  + " assistant).");
      default ->
          throw ApiException.of(
              ErrorCode.INVALID_VALUE,
              at + ".role",
              at
                  + ".role: \""
                  + role
                  + "\" (expected: one of system, developer, user, assistant).");
    };
  }

  private List<Item.Part> content(@Nullable JsonNode content, String at) {
    if (content == null || (content.isArray() && content.isEmpty())) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD,
          at + ".content",
          at + ".content is missing (expected: a text or text parts).");
    }
    if (content.isString()) {
      return List.of(new Item.Part.Text(content.stringValue()));
    }
    List<Item.Part> parts = new ArrayList<>(content.size());
    for (int i = 0; i < content.size(); i++) {
      parts.add(part(content.get(i), at + ".content[" + i + "]"));
    }
    return parts;
  }

  private Item.Part part(JsonNode node, String at) {
    if (!(node instanceof ObjectNode object)) {
      throw ApiException.of(
          ErrorCode.INVALID_TYPE,
          at,
          at + ": " + RecordShape.shown(node) + " (expected: an object with type and text).");
    }
    WireReader.Body<ChatWire.Part> part = WireReader.read(object, ChatWire.Part.class, at);
    if (!part.value().type().equals("text")) {
      throw ApiException.of(
          ErrorCode.UNSUPPORTED_PARAMETER,
          at + ".type",
          at
              + ".type: \""
              + part.value().type()
              + "\" is not available in this version (expected: text).");
    }
    ignored.addAll(part.ignored());
    String text = part.value().text();
    if (text == null) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD, at + ".text", at + ".text is missing (expected: a string).");
    }
    return new Item.Part.Text(text);
  }
}
