package dev.jubal.api.responses;

import static dev.jubal.platform.json.Field.Support.IGNORED;
import static dev.jubal.platform.json.Field.Support.REFUSED;
import static dev.jubal.platform.json.Field.Support.SILENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.api.FormatFields;
import dev.jubal.api.FunctionFields;
import dev.jubal.api.SamplingFields;
import dev.jubal.api.TokenLogprob;
import dev.jubal.inference.Tools;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Inline;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The records of responses, named and typed as on the wire. */
final class ResponsesWire {
  private ResponsesWire() {}

  /** A request. */
  record Request(
      @Field(value = "Name or alias of a model.", required = true) String model,
      @Field(
              value = "A text, or messages, calls and their outputs, in any order.",
              required = true,
              types = {"string", "array"})
          JsonNode input,
      @Field("A system message put before the input.") @Nullable String instructions,
      @Field("Whether the answer is streamed.") @Nullable Boolean stream,
      @Field(value = "Most tokens of the answer.", min = 1) @Nullable Integer maxOutputTokens,
      @Inline SamplingFields sampling,
      @Nullable Boolean logprobs,
      @Field(value = "Likeliest tokens shown at each place; turns logprobs on.", min = 0, max = 20)
          @Nullable Integer topLogprobs,
      @Field(
              "message.output_text.logprobs turns logprobs on, reasoning.encrypted_content gives"
                  + " thoughts in a form to send back; the rest has no effect yet.")
          @Nullable List<String> include,
      @Field("Comes back in the answer: at most 16 texts.") @Nullable JsonNode metadata,
      @Field("The caller's own user id.") @Nullable String user,
      @Nullable Thinking reasoning,
      @Field("Counts when reasoning is absent.") @Nullable String reasoningEffort,
      @Nullable Text text,
      @Field(value = "Functions the answer may call.", max = Tools.MOST) @Nullable List<Tool> tools,
      @Field(
              value = "none, auto, required, or an object that names a function of tools.",
              types = {"string", "object"})
          @Nullable JsonNode toolChoice,
      @Field("Whether one answer may hold several calls; true when left out.")
          @Nullable Boolean parallelToolCalls,
      @Field(
              value =
                  "How it is served: priority or fast asks for before others, at the price's factor"
                      + " for it; where the price has none it is the usual way, as the answer"
                      + " says.",
              oneOf = {"auto", "default", "priority", "fast"})
          @Nullable String serviceTier,
      @Field(
              support = IGNORED,
              oneOf = {"auto", "disabled"},
              neutral = "\"disabled\"")
          @Nullable String truncation,
      @Field(support = IGNORED) @Nullable String promptCacheKey,
      @Field("The end user, where user is absent.") @Nullable String safetyIdentifier,
      @Field(support = IGNORED) @Nullable Integer maxToolCalls,
      @Field(support = IGNORED) @Nullable Integer maxTurns,
      @Field(support = SILENT) @Nullable JsonNode streamOptions,
      @Field(
              "A stored response: what it was given and said comes before the input; its"
                  + " instructions and tools hold where the request has none.")
          @Nullable String previousResponseId,
      @Field(support = REFUSED) @Nullable JsonNode conversation,
      @Field(support = REFUSED) @Nullable JsonNode prompt,
      @Field(support = REFUSED) @Nullable JsonNode contextManagement,
      @Field(support = REFUSED, neutral = "{\"mode\":\"off\"}") @Nullable JsonNode searchParameters,
      @Field("Whether the response can be read and continued later; true when left out.")
          @Nullable Boolean store,
      @Field(
              "Whether it is made in the background and read later, by GET /v1/responses/{id} or"
                  + " its events; an extension of this server.")
          @Nullable Boolean background) {}

  /** How much a model thinks. */
  record Thinking(
      @Field("How much is thought before the answer; allowed values are those of the model.")
          @Nullable String effort,
      @Field(
              value =
                  "Changes nothing: the summary is the whole thought, which is called detailed.",
              oneOf = {"auto", "concise", "detailed"})
          @Nullable String summary,
      @Field(
              value = "The older name of summary.",
              oneOf = {"auto", "concise", "detailed"})
          @Nullable String generateSummary) {}

  /** The form of the answer. */
  record Text(@Nullable AnswerForm format, @Field(support = IGNORED) @Nullable String verbosity) {}

  /** What the text of the answer must be. */
  record AnswerForm(
      @Field(
              required = true,
              oneOf = {FormatFields.TEXT, FormatFields.JSON_OBJECT, FormatFields.JSON_SCHEMA})
          String type,
      @Inline FormatFields fields) {}

  /** A tool: only functions are built. */
  record Tool(
      @Field(value = "function", required = true) String type, @Inline FunctionFields function) {}

  /** A message of the input. */
  record InputMessage(
      @Field("message, also when left out.") @Nullable String type,
      @Field(
              required = true,
              oneOf = {"system", "developer", "user", "assistant"})
          String role,
      @Field(
              value = "The text, or text parts.",
              required = true,
              types = {"string", "array"})
          JsonNode content,
      @Field(support = SILENT) @Nullable JsonNode id,
      @Field(support = SILENT) @Nullable JsonNode status,
      @Field(
              value = "Of an assistant's message: what it was.",
              oneOf = {"commentary", "final_answer"})
          @Nullable String phase,
      @Field(support = IGNORED) @Nullable String name) {}

  /** A call of an earlier answer. */
  record InputCall(
      @Field(required = true) String type,
      @Field(required = true) String callId,
      @Field(required = true) String name,
      @Field(
              value = "The text as the model wrote it, or the object.",
              types = {"string", "object"})
          @Nullable JsonNode arguments,
      @Field(support = SILENT) @Nullable JsonNode id,
      @Field(support = SILENT) @Nullable JsonNode status) {}

  /** What stands for an earlier part of a conversation. */
  record InputCompaction(
      @Field(required = true) String type,
      @Field(value = "As a compaction gave it.", required = true) String encryptedContent,
      @Field(support = SILENT) @Nullable JsonNode id,
      @Field(support = SILENT) @Nullable JsonNode createdBy) {}

  /** An item of a stored response, by its id. */
  record InputReference(
      @Field("item_reference, also when left out.") @Nullable String type,
      @Field(required = true) String id) {}

  /** A thought of an earlier answer; its encrypted content counts before all else. */
  record InputThought(
      @Field(required = true) String type,
      @Nullable List<InputThoughtPart> summary,
      @Nullable List<InputThoughtPart> content,
      @Field("As an answer gave it.") @Nullable String encryptedContent,
      @Field(support = SILENT) @Nullable JsonNode id,
      @Field(support = SILENT) @Nullable JsonNode status) {}

  /** A part of a thought: summary_text or reasoning_text. */
  record InputThoughtPart(
      @Field(
              required = true,
              oneOf = {"summary_text", "reasoning_text"})
          String type,
      @Field(required = true) String text) {}

  /** What a call gave. */
  record InputOutput(
      @Field(required = true) String type,
      @Field(required = true) String callId,
      @Field("A text, text parts, or any other JSON.") @Nullable JsonNode output,
      @Field(support = SILENT) @Nullable JsonNode id,
      @Field(support = SILENT) @Nullable JsonNode status) {}

  /** A part of a message; output_text parts are earlier answers. */
  record InputPart(
      @Field(value = "input_text, output_text or input_image.", required = true) String type,
      @Nullable String text,
      @Field(
              value = "Of input_image: http, https, or data with base64.",
              types = {"string", "object"})
          @Nullable JsonNode imageUrl,
      @Nullable JsonNode detail,
      @Nullable JsonNode fileId,
      @Field(support = SILENT) @Nullable JsonNode annotations,
      @Field(support = SILENT) @Nullable JsonNode logprobs) {}

  /** A response, whole or as far as it has come; what is unknown or unset is null. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Response(
      String id,
      String object,
      long createdAt,
      @Nullable Long completedAt,
      String status,
      boolean background,
      @Nullable Failure error,
      @Nullable IncompleteDetails incompleteDetails,
      @Nullable String instructions,
      @Nullable Integer maxOutputTokens,
      @Nullable Integer maxToolCalls,
      Map<String, String> metadata,
      String model,
      List<OutputItem> output,
      boolean parallelToolCalls,
      double presencePenalty,
      double frequencyPenalty,
      @Nullable String previousResponseId,
      @Nullable String promptCacheKey,
      @Nullable Effort reasoning,
      @Nullable String safetyIdentifier,
      String serviceTier,
      boolean store,
      @Nullable Double temperature,
      TextConfig text,
      JsonNode toolChoice,
      List<FunctionTool> tools,
      int topLogprobs,
      @Nullable Double topP,
      String truncation,
      @Nullable Usage usage,
      @Nullable String user) {}

  /** Why a response failed. */
  record Failure(String code, String message) {}

  /** Why a response is not complete. */
  record IncompleteDetails(String reason) {}

  /** The reasoning that was asked for. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Effort(@Nullable String effort, @Nullable String summary) {}

  /** The form of the answer. */
  record TextConfig(Format format) {}

  /** The format that was asked for. */
  record Format(
      String type,
      @Nullable String name,
      @Nullable String description,
      @Nullable JsonNode schema,
      @Nullable Boolean strict) {}

  /** A function that was offered. */
  record FunctionTool(
      String type,
      String name,
      @Nullable String description,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable JsonNode parameters,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Boolean strict) {}

  /** A piece of a response. */
  sealed interface OutputItem {}

  /** What was said. */
  record Message(String id, String type, String status, String role, List<OutputText> content)
      implements OutputItem {}

  /** A call that was made; one that was cut by length is incomplete. */
  record FunctionCall(
      String id, String type, String callId, String name, String arguments, String status)
      implements OutputItem {}

  /**
   * What was thought; the summary is the whole of it.
   *
   * @param encryptedContent the same, for the client to give back
   */
  record Reasoning(
      String id,
      String type,
      List<SummaryText> summary,
      @Nullable String encryptedContent,
      String status)
      implements OutputItem {}

  /** A part of a thought. */
  record SummaryText(String type, String text) {}

  /** Text that was said. */
  record OutputText(
      String type, String text, List<JsonNode> annotations, List<TokenLogprob> logprobs) {}

  /** What a request used and cost; output tokens hold reasoning ones. */
  record Usage(
      long inputTokens,
      InputTokensDetails inputTokensDetails,
      long outputTokens,
      OutputTokensDetails outputTokensDetails,
      long totalTokens,
      long numSourcesUsed,
      long numServerSideToolsUsed,
      long costInUsdTicks) {

    static Usage of(dev.jubal.account.ledger.Usage used, long costTicks) {
      return new Usage(
          used.prompt(),
          new InputTokensDetails(used.cached(), 0),
          used.completion() + used.reasoning(),
          new OutputTokensDetails(used.reasoning()),
          used.total(),
          0,
          0,
          costTicks);
    }
  }

  /** Writing to the cache is never charged, hence no tokens of it. */
  record InputTokensDetails(long cachedTokens, long cacheWriteTokens) {}

  /** Output tokens by kind. */
  record OutputTokensDetails(long reasoningTokens) {}

  /** response.created, in_progress, completed, incomplete, failed. */
  record ResponseEvent(String type, long sequenceNumber, Response response) {}

  /** response.output_item.added and done. */
  record ItemEvent(String type, long sequenceNumber, int outputIndex, OutputItem item) {}

  /** response.content_part.added and done. */
  record PartEvent(
      String type,
      long sequenceNumber,
      String itemId,
      int outputIndex,
      int contentIndex,
      OutputText part) {}

  /** response.reasoning_summary_part.added and done. */
  record SummaryPartEvent(
      String type,
      long sequenceNumber,
      String itemId,
      int outputIndex,
      int summaryIndex,
      SummaryText part) {}

  /** response.reasoning_summary_text.delta. */
  record SummaryDelta(
      String type,
      long sequenceNumber,
      String itemId,
      int outputIndex,
      int summaryIndex,
      String delta) {}

  /** response.reasoning_summary_text.done. */
  record SummaryDone(
      String type,
      long sequenceNumber,
      String itemId,
      int outputIndex,
      int summaryIndex,
      String text) {}

  /** response.output_text.delta. */
  record TextDelta(
      String type,
      long sequenceNumber,
      String itemId,
      int outputIndex,
      int contentIndex,
      String delta,
      List<TokenLogprob> logprobs) {}

  /** response.output_text.done. */
  record TextDone(
      String type,
      long sequenceNumber,
      String itemId,
      int outputIndex,
      int contentIndex,
      String text,
      List<TokenLogprob> logprobs) {}

  /** response.function_call_arguments.delta. */
  record ArgumentsDelta(
      String type, long sequenceNumber, String itemId, int outputIndex, String delta) {}

  /** response.function_call_arguments.done. */
  record ArgumentsDone(
      String type,
      long sequenceNumber,
      String itemId,
      int outputIndex,
      String name,
      String arguments) {}

  /**
   * error, the last event of a stream that failed.
   *
   * @param error what the body of a failed request has under this name: SDKs raise when they see it
   */
  record ErrorEvent(
      String type,
      long sequenceNumber,
      String code,
      String message,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String param,
      JsonNode error) {}
}
