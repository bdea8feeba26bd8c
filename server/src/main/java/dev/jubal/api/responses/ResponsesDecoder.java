package dev.jubal.api.responses;

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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Station 3: a responses body becomes a {@link GenerationRequest}. Only its texts stay alive. */
final class ResponsesDecoder {
  private static final String LOGPROBS = "message.output_text.logprobs";

  private final ResponsesWire.Request wire;
  private final List<String> ignored;

  private ResponsesDecoder(WireReader.Body<ResponsesWire.Request> body) {
    this.wire = body.value();
    this.ignored = new ArrayList<>(body.ignored());
  }

  /**
   * A read request.
   *
   * @param ignored names of fields without effect
   */
  record Decoded(GenerationRequest request, List<String> ignored, Echo echo) {}

  /** What a response repeats of its request. */
  record Echo(
      @Nullable String instructions,
      @Nullable Integer maxOutputTokens,
      @Nullable Integer maxToolCalls,
      Map<String, String> metadata,
      boolean parallelToolCalls,
      SamplingOptions.Penalties penalties,
      @Nullable String promptCacheKey,
      ResponsesWire.@Nullable Effort reasoning,
      @Nullable String safetyIdentifier,
      @Nullable Double temperature,
      String toolChoice,
      OptionalInt topLogprobs,
      @Nullable Double topP,
      @Nullable String user) {}

  static Decoded decode(byte[] body) {
    return new ResponsesDecoder(WireReader.read(body, ResponsesWire.Request.class)).decoded();
  }

  private Decoded decoded() {
    OptionalInt topLogprobs = topLogprobs();
    SamplingOptions sampling = sampling();
    GenerationRequest request =
        new GenerationRequest(
            "responses",
            wire.model(),
            new Prompt.Conversation(items()),
            sampling,
            new GenerationRequest.Limits(
                wire.maxOutputTokens() == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(wire.maxOutputTokens()),
                List.of()),
            new GenerationRequest.Options(
                1,
                topLogprobs,
                effort(),
                Optional.ofNullable(wire.user()),
                new AnswerFormat.Text(),
                Tools.NONE),
            Boolean.TRUE.equals(wire.stream()));
    return new Decoded(request, ignored, echo(sampling.penalties(), topLogprobs));
  }

  private Echo echo(SamplingOptions.Penalties penalties, OptionalInt topLogprobs) {
    JsonNode toolChoice = wire.toolChoice();
    return new Echo(
        wire.instructions(),
        wire.maxOutputTokens(),
        wire.maxToolCalls(),
        Objects.requireNonNullElse(wire.metadata(), Map.of()),
        !Boolean.FALSE.equals(wire.parallelToolCalls()),
        penalties,
        wire.promptCacheKey(),
        effort().map(e -> new ResponsesWire.Effort(e, null)).orElse(null),
        wire.safetyIdentifier(),
        wire.temperature(),
        toolChoice != null && toolChoice.isString() ? toolChoice.stringValue() : "auto",
        topLogprobs,
        wire.topP(),
        wire.user());
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
        Map.of(),
        Optional.empty());
  }

  private Optional<String> effort() {
    ResponsesWire.Reasoning reasoning = wire.reasoning();
    return Optional.ofNullable(reasoning == null ? wire.reasoningEffort() : reasoning.effort());
  }

  private OptionalInt topLogprobs() {
    int top = Objects.requireNonNullElse(wire.topLogprobs(), 0);
    boolean included = false;
    List<String> include = Objects.requireNonNullElse(wire.include(), List.of());
    for (int i = 0; i < include.size(); i++) {
      if (include.get(i).equals(LOGPROBS)) {
        included = true;
      } else {
        ignored.add("include[" + i + "]");
      }
    }
    return included || top > 0 || Boolean.TRUE.equals(wire.logprobs())
        ? OptionalInt.of(top)
        : OptionalInt.empty();
  }

  private List<Item> items() {
    List<Item> items = new ArrayList<>();
    String instructions = wire.instructions();
    if (instructions != null && !instructions.isEmpty()) {
      items.add(Item.Message.text(Role.SYSTEM, instructions));
    }
    JsonNode input = wire.input();
    if (input.isString()) {
      items.add(Item.Message.text(Role.USER, input.stringValue()));
      return items;
    }
    if (input.isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE, "input", "input: [] (expected: at least one item).");
    }
    for (int i = 0; i < input.size(); i++) {
      items.add(item(input.get(i), "input[" + i + "]"));
    }
    return items;
  }

  private Item item(JsonNode node, String at) {
    ObjectNode object = object(node, at, "a message item");
    JsonNode type = object.get("type");
    if (type != null && !type.isNull() && !"message".equals(type.asString(""))) {
      throw unavailable(at + ".type", type, "message");
    }
    WireReader.Body<ResponsesWire.InputItem> item =
        WireReader.read(object, ResponsesWire.InputItem.class, at);
    ignored.addAll(item.ignored());
    return new Item.Message(
        Role.valueOf(item.value().role().toUpperCase(Locale.ROOT)),
        content(item.value().content(), at + ".content"));
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
    WireReader.Body<ResponsesWire.InputPart> part =
        WireReader.read(object(node, at, "an input_text part"), ResponsesWire.InputPart.class, at);
    String type = part.value().type();
    if (!type.equals("input_text") && !type.equals("output_text")) {
      throw unavailable(at + ".type", node.get("type"), "input_text or output_text");
    }
    ignored.addAll(part.ignored());
    String text = part.value().text();
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
