package dev.jubal.api.responses;

import dev.jubal.api.FormatFields;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Tools;
import dev.jubal.platform.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** What a response repeats of its request; of the request only this stays alive. */
final class ResponseEcho {
  /** What api.x.ai calls a summary that leaves nothing out, the only kind there is. */
  private static final String SUMMARY = "detailed";

  final @Nullable String instructions;
  final @Nullable Integer maxOutputTokens;
  final @Nullable Integer maxToolCalls;
  final Map<String, String> metadata;
  final boolean parallelToolCalls;
  final double presencePenalty;
  final double frequencyPenalty;
  final @Nullable String promptCacheKey;
  final ResponsesWire.@Nullable Effort reasoning;
  final @Nullable String safetyIdentifier;
  final @Nullable Double temperature;
  final ResponsesWire.Format format;
  final JsonNode toolChoice;
  final List<ResponsesWire.FunctionTool> tools;
  final int topLogprobs;
  final @Nullable Double topP;
  final @Nullable String user;

  ResponseEcho(ResponsesWire.Request wire, GenerationRequest.Options options) {
    this.instructions = wire.instructions();
    this.maxOutputTokens = wire.maxOutputTokens();
    this.maxToolCalls = wire.maxToolCalls();
    this.metadata = Objects.requireNonNullElse(wire.metadata(), Map.of());
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
    this.temperature = wire.sampling().temperature();
    this.format = format(wire.text());
    this.toolChoice = toolChoice(wire.toolChoice(), options.tools().choice());
    this.tools =
        Objects.requireNonNullElse(wire.tools(), List.<ResponsesWire.Tool>of()).stream()
            .map(ResponseEcho::tool)
            .toList();
    this.topLogprobs = options.topLogprobs().orElse(0);
    this.topP = wire.sampling().topP();
    this.user = wire.user();
  }

  /** Only what it said about functions: objects may hold anything beside. */
  private static JsonNode toolChoice(@Nullable JsonNode asked, Tools.Choice read) {
    if (read instanceof Tools.Choice.Named named) {
      return Json.mapper().createObjectNode().put("type", "function").put("name", named.name());
    }
    return Objects.requireNonNullElseGet(asked, () -> StringNode.valueOf("auto"));
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
