package dev.jubal.api.chat;

import static dev.jubal.platform.json.Field.Support.IGNORED;
import static dev.jubal.platform.json.Field.Support.REFUSED;
import static dev.jubal.platform.json.Field.Support.SILENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.api.ChoiceFields;
import dev.jubal.api.FormatFields;
import dev.jubal.api.FunctionFields;
import dev.jubal.api.TokenLogprob;
import dev.jubal.api.TokenUsage;
import dev.jubal.inference.Tools;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Inline;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The records of chat completions, named and typed as on the wire. */
final class ChatWire {
  private ChatWire() {}

  /** A request. */
  record Request(
      @Field(value = "Name or alias of a model.", required = true) String model,
      @Field(value = "The conversation, in any order of roles.", required = true, min = 1)
          List<Message> messages,
      @Inline ChoiceFields choice,
      @Field(value = "Most tokens of each answer; the newer name of max_tokens wins.", min = 1)
          @Nullable Integer maxCompletionTokens,
      @Field(value = "Most tokens of each answer.", min = 1) @Nullable Integer maxTokens,
      @Nullable Boolean logprobs,
      @Field(value = "Likeliest tokens shown at each place; needs logprobs.", min = 0, max = 20)
          @Nullable Integer topLogprobs,
      @Field("How much is thought before the answer; allowed values are those of the model.")
          @Nullable String reasoningEffort,
      @Field("The caller's own user id.") @Nullable String user,
      @Field(
              value =
                  "How it is served: priority or fast asks for before others, at the price's factor"
                      + " for it; where the price has none it is the usual way, as the answer"
                      + " says.",
              oneOf = {"auto", "default", "priority", "fast"})
          @Nullable String serviceTier,
      @Field(support = IGNORED) @Nullable JsonNode metadata,
      @Field(support = IGNORED) @Nullable String promptCacheKey,
      @Field("The end user, where user is absent.") @Nullable String safetyIdentifier,
      @Field(support = IGNORED) @Nullable JsonNode prediction,
      @Field(support = IGNORED) @Nullable String verbosity,
      @Field(value = "Functions the answer may call.", max = Tools.MOST) @Nullable List<Tool> tools,
      @Field(
              value = "none, auto, required, or an object that names a function of tools.",
              types = {"string", "object"})
          @Nullable JsonNode toolChoice,
      @Field("Whether one answer may hold several calls; true when left out.")
          @Nullable Boolean parallelToolCalls,
      @Field("Another name of parallel_tool_calls.") @Nullable Boolean parallelFunctionCalling,
      @Nullable ResponseFormat responseFormat,
      @Field(support = REFUSED) @Nullable JsonNode functions,
      @Field(
              support = REFUSED,
              neutral = {"\"none\"", "\"auto\""})
          @Nullable JsonNode functionCall,
      @Field(support = REFUSED, neutral = "[\"text\"]") @Nullable JsonNode modalities,
      @Field(support = REFUSED) @Nullable JsonNode audio,
      @Field(support = REFUSED, neutral = "{\"mode\":\"off\"}") @Nullable JsonNode searchParameters,
      @Field(support = REFUSED, emptyAsks = true) @Nullable JsonNode webSearchOptions,
      @Field(support = REFUSED) @Nullable JsonNode previousResponseId,
      @Field(support = REFUSED) @Nullable JsonNode store,
      @Field(support = REFUSED) @Nullable JsonNode background,
      @Field(
              "Whether the answer is collected later, by GET"
                  + " /v1/chat/deferred-completion/{request_id}; not together with stream.")
          @Nullable Boolean deferred) {}

  /** A tool: only functions are built. */
  record Tool(
      @Field(value = "function", required = true) String type, @Nullable FunctionFields function) {}

  /** What the text of the answer must be. */
  record ResponseFormat(
      @Field(
              required = true,
              oneOf = {FormatFields.TEXT, FormatFields.JSON_OBJECT, FormatFields.JSON_SCHEMA})
          String type,
      @Field("With the type json_schema.") @Nullable FormatFields jsonSchema) {}

  /** A message of the conversation. */
  record Message(
      @Field(value = "system, developer, user, assistant or tool.", required = true) String role,
      @Field("The text, or text parts; of a tool message any JSON.") @Nullable JsonNode content,
      @Field(support = IGNORED) @Nullable String name,
      @Field(support = IGNORED) @Nullable String refusal,
      @Field("Of an assistant message: what was thought before it.")
          @Nullable String reasoningContent,
      @Field(support = IGNORED) @Nullable JsonNode annotations,
      @Field(support = REFUSED) @Nullable JsonNode audio,
      @Field("Calls that an assistant message made.") @Nullable List<MadeCall> toolCalls,
      @Field(support = REFUSED) @Nullable JsonNode functionCall,
      @Field("Of a tool message: the call it answers; left out, the first one unanswered.")
          @Nullable String toolCallId) {}

  /** A call that was made. */
  record MadeCall(
      @Field(required = true) String id,
      @Field("function, also when left out.") @Nullable String type,
      @Field(support = SILENT) @Nullable Integer index,
      @Field(required = true) MadeFunction function) {}

  /** What was called. */
  record MadeFunction(
      @Field(required = true) String name,
      @Field(
              value = "The text as the model wrote it, or the object.",
              types = {"string", "object"})
          @Nullable JsonNode arguments) {}

  /** A part of a message. */
  record Part(
      @Field(value = "text or image_url.", required = true) String type,
      @Nullable String text,
      @Field(
              value = "A URL, or an object of url and detail: http, https, or data with base64.",
              types = {"string", "object"})
          @Nullable JsonNode imageUrl,
      @Nullable JsonNode detail,
      @Nullable JsonNode fileId) {}

  /** Where a deferred answer can be collected. */
  record Deferred(String requestId) {}

  /** A whole answer. */
  record Completion(
      String id,
      String object,
      long created,
      String model,
      List<Choice> choices,
      TokenUsage usage,
      String systemFingerprint,
      String serviceTier) {}

  /** One of the answers. */
  record Choice(int index, Answer message, String finishReason, @Nullable Logprobs logprobs) {}

  /**
   * What was said; the content is empty when there are calls alone.
   *
   * @param reasoningContent what was thought before
   */
  record Answer(
      String role,
      String content,
      @Nullable String reasoningContent,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String refusal,
      @Nullable List<ToolCall> toolCalls) {}

  /** A call, whole. */
  record ToolCall(String id, String type, CalledFunction function) {}

  /** What is called; the arguments are the text of a JSON object. */
  record CalledFunction(String name, String arguments) {}

  /** One event of a streamed answer. */
  record Chunk(
      String id,
      String object,
      long created,
      String model,
      List<ChunkChoice> choices,
      @Nullable TokenUsage usage,
      String systemFingerprint,
      String serviceTier) {}

  /** What an event adds to a choice; the reason is null before the last. */
  record ChunkChoice(
      int index,
      Delta delta,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String finishReason,
      @Nullable Logprobs logprobs) {}

  /** New thought, text or calls; the role stands in the first delta of a choice. */
  record Delta(
      @Nullable String role,
      @Nullable String content,
      @Nullable String reasoningContent,
      @Nullable List<ToolCallDelta> toolCalls) {

    static Delta text(@Nullable String role, @Nullable String text) {
      return new Delta(role, text, null, null);
    }
  }

  /** A whole call; or, with compat.tool-deltas=openai, its head and then more of its arguments. */
  record ToolCallDelta(
      int index, @Nullable String id, @Nullable String type, FunctionDelta function) {}

  /** What an event adds to a call. */
  record FunctionDelta(@Nullable String name, String arguments) {}

  /** How likely the tokens were. */
  record Logprobs(List<TokenLogprob> content) {}
}
