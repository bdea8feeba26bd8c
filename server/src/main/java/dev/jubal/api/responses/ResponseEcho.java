package dev.jubal.api.responses;

import dev.jubal.api.FormatFields;
import dev.jubal.api.MetadataField;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Tools;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What a response repeats of its request; of the request only this stays alive. */
final class ResponseEcho {
  /** What api.x.ai calls a summary that leaves nothing out, the only kind there is. */
  private static final String SUMMARY = "detailed";

  final @Nullable String instructions;
  final @Nullable String previousResponseId;
  final boolean store;
  final boolean background;
  final @Nullable Integer maxOutputTokens;
  final @Nullable Integer maxToolCalls;
  final Map<String, String> metadata;
  final boolean parallelToolCalls;
  final double presencePenalty;
  final double frequencyPenalty;
  final @Nullable String promptCacheKey;
  final ResponsesWire.@Nullable Effort reasoning;
  final @Nullable String safetyIdentifier;
  final double temperature;
  final ResponsesWire.Format format;
  final JsonNode toolChoice;
  final List<ResponsesWire.FunctionTool> tools;
  final int topLogprobs;
  final double topP;
  final @Nullable String user;

  /**
   * What the request did not say itself.
   *
   * @param instructions those of the previous response, when it had none of its own
   * @param store whether the response is stored
   * @param defaults what the model's row says where the request says nothing
   */
  record Around(Optional<String> instructions, boolean store, Model.Defaults defaults) {}

  ResponseEcho(ResponsesWire.Request wire, GenerationRequest.Options options, Around around) {
    this.instructions = around.instructions().orElse(null);
    this.previousResponseId = wire.previousResponseId();
    this.store = around.store();
    this.background = Boolean.TRUE.equals(wire.background());
    this.maxOutputTokens = wire.maxOutputTokens();
    this.maxToolCalls = wire.maxToolCalls();
    this.metadata = MetadataField.read(wire.metadata());
    this.parallelToolCalls = !Boolean.FALSE.equals(wire.parallelToolCalls());
    this.presencePenalty = Objects.requireNonNullElse(wire.sampling().presencePenalty(), 0.0);
    this.frequencyPenalty = Objects.requireNonNullElse(wire.sampling().frequencyPenalty(), 0.0);
    this.promptCacheKey = wire.promptCacheKey();
    this.reasoning =
        options
            .thought()
            .effort()
            .map(e -> new ResponsesWire.Effort(e, SUMMARY))
            .orElse(wire.reasoning() == null ? null : new ResponsesWire.Effort(null, SUMMARY));
    this.safetyIdentifier = wire.safetyIdentifier();
    this.temperature = first(wire.sampling().temperature(), around.defaults().temperature());
    this.format = format(wire.text());
    this.toolChoice = toolChoice(wire.toolChoice(), options.tools().choice());
    this.tools =
        wire.tools() == null
            ? options.tools().functions().stream().map(ForeignResponse::tool).toList()
            : wire.tools().stream().map(ResponseEcho::tool).toList();
    this.topLogprobs = options.topLogprobs().orElse(0);
    this.topP = first(wire.sampling().topP(), around.defaults().topP());
    this.user = wire.user();
  }

  /** What holds: what was asked, else what the model's row says, else 1, which changes nothing. */
  private static double first(@Nullable Double asked, Optional<Double> usual) {
    return asked == null ? usual.orElse(1.0) : asked;
  }

  /** Only what it said about functions: objects may hold anything beside. */
  private static JsonNode toolChoice(@Nullable JsonNode asked, Tools.Choice read) {
    if (asked != null && asked.path("type").asString("").equals("allowed_tools")) {
      return allowed(asked);
    }
    if (read instanceof Tools.Choice.Named named) {
      return Json.mapper().createObjectNode().put("type", "function").put("name", named.name());
    }
    return Objects.requireNonNullElseGet(asked, () -> StringNode.valueOf("auto"));
  }

  private static JsonNode allowed(JsonNode asked) {
    ObjectNode shown = Json.mapper().createObjectNode().put("type", "allowed_tools");
    ArrayNode tools = shown.putArray("tools");
    for (JsonNode tool : asked.path("tools")) {
      tools.addObject().put("type", "function").put("name", tool.path("name").asString(""));
    }
    return shown.put("mode", asked.path("mode").asString("auto"));
  }

  private static ResponsesWire.Format format(ResponsesWire.@Nullable Text text) {
    ResponsesWire.AnswerForm form = text == null ? null : text.format();
    if (form == null || !form.type().equals(FormatFields.JSON_SCHEMA)) {
      String type = form == null ? FormatFields.TEXT : form.type();
      return new ResponsesWire.Format(type, null, null, null, null);
    }
    FormatFields fields = form.fields();
    return new ResponsesWire.Format(
        form.type(),
        Objects.requireNonNullElse(fields.name(), ""),
        fields.description(),
        fields.schema(),
        fields.strict());
  }

  private static ResponsesWire.FunctionTool tool(ResponsesWire.Tool tool) {
    return new ResponsesWire.FunctionTool(
        tool.type(),
        Objects.requireNonNull(tool.function().name(), "checked by the decoder"),
        tool.function().description(),
        tool.function().parameters(),
        tool.function().strict());
  }
}
