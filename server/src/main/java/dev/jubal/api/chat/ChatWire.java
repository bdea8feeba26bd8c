package dev.jubal.api.chat;

import static dev.jubal.platform.json.Field.Support.IGNORED;
import static dev.jubal.platform.json.Field.Support.REFUSED;
import static dev.jubal.platform.json.Field.Support.SILENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.api.TokenUsage;
import dev.jubal.platform.json.Field;
import java.util.List;
import java.util.Map;
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
      @Field("Whether the answer is streamed.") @Nullable Boolean stream,
      @Nullable StreamOptions streamOptions,
      @Field(value = "Number of answers.", min = 1, max = 128) @Nullable Integer n,
      @Field(value = "Most tokens of each answer; the newer name of max_tokens wins.", min = 1)
          @Nullable Integer maxCompletionTokens,
      @Field(value = "Most tokens of each answer.", min = 1) @Nullable Integer maxTokens,
      @Field(
              value = "A text or up to four that end the answer.",
              types = {"string", "array"})
          @Nullable JsonNode stop,
      @Field(min = 0, max = 2) @Nullable Double temperature,
      @Field(value = "0 takes the likeliest token always.", min = 0, max = 1) @Nullable Double topP,
      @Field(value = "Draws from the k likeliest tokens.", min = 1) @Nullable Integer topK,
      @Field(min = 0, max = 1) @Nullable Double minP,
      @Field(min = -2, max = 2) @Nullable Double frequencyPenalty,
      @Field(min = -2, max = 2) @Nullable Double presencePenalty,
      @Field("Token ids to a bias from -100 to 100.") @Nullable Map<String, Double> logitBias,
      @Field("Best effort: the same seed draws the same tokens.") @Nullable Long seed,
      @Nullable Boolean logprobs,
      @Field(value = "Likeliest tokens shown at each place; needs logprobs.", min = 0, max = 20)
          @Nullable Integer topLogprobs,
      @Field("Allowed values are those of the model; without effect on the embedded weights.")
          @Nullable String reasoningEffort,
      @Field("The caller's own user id.") @Nullable String user,
      @Field(
              support = IGNORED,
              oneOf = {"auto", "default", "priority", "fast"})
          @Nullable String serviceTier,
      @Field(support = IGNORED) @Nullable JsonNode metadata,
      @Field(support = IGNORED) @Nullable String promptCacheKey,
      @Field(support = IGNORED) @Nullable String safetyIdentifier,
      @Field(support = IGNORED) @Nullable JsonNode prediction,
      @Field(support = IGNORED) @Nullable String verbosity,
      @Field(support = SILENT) @Nullable Boolean parallelToolCalls,
      @Field(support = SILENT) @Nullable Boolean parallelFunctionCalling,
      @Field(support = REFUSED) @Nullable JsonNode tools,
      @Field(
              support = REFUSED,
              neutral = {"\"none\"", "\"auto\""})
          @Nullable JsonNode toolChoice,
      @Field(support = REFUSED) @Nullable JsonNode functions,
      @Field(
              support = REFUSED,
              neutral = {"\"none\"", "\"auto\""})
          @Nullable JsonNode functionCall,
      @Field(support = REFUSED, neutral = "{\"type\":\"text\"}") @Nullable JsonNode responseFormat,
      @Field(support = REFUSED, neutral = "[\"text\"]") @Nullable JsonNode modalities,
      @Field(support = REFUSED) @Nullable JsonNode audio,
      @Field(support = REFUSED, neutral = "{\"mode\":\"off\"}") @Nullable JsonNode searchParameters,
      @Field(support = REFUSED, emptyAsks = true) @Nullable JsonNode webSearchOptions,
      @Field(support = REFUSED) @Nullable JsonNode previousResponseId,
      @Field(support = REFUSED) @Nullable JsonNode store,
      @Field(support = REFUSED) @Nullable JsonNode background,
      @Field(support = REFUSED) @Nullable JsonNode deferred) {}

  /** How a stream ends. */
  record StreamOptions(
      @Field("Sends the usage in a chunk of its own, with empty choices.")
          @Nullable Boolean includeUsage,
      @Field(support = IGNORED) @Nullable Boolean includeObfuscation) {}

  /** A message of the conversation. */
  record Message(
      @Field(value = "Of tool and function messages nothing is built yet.", required = true)
          String role,
      @Field(
              value = "The text, or text parts.",
              types = {"string", "array"})
          @Nullable JsonNode content,
      @Field(support = IGNORED) @Nullable String name,
      @Field(support = IGNORED) @Nullable String refusal,
      @Field(support = IGNORED) @Nullable String reasoningContent,
      @Field(support = IGNORED) @Nullable JsonNode annotations,
      @Field(support = REFUSED) @Nullable JsonNode audio,
      @Field(support = REFUSED) @Nullable JsonNode toolCalls,
      @Field(support = REFUSED) @Nullable JsonNode functionCall,
      @Field(support = REFUSED) @Nullable JsonNode toolCallId) {}

  /** A part of a message. */
  record Part(@Field(required = true) String type, @Nullable String text) {}

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

  /** What was said. */
  record Answer(
      String role,
      String content,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String refusal) {}

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

  /** New text; the role stands in the first delta of a choice. */
  record Delta(@Nullable String role, @Nullable String content) {}

  /** How likely the tokens were. */
  record Logprobs(List<TokenLogprob> content) {}

  /** A token that was drawn. */
  record TokenLogprob(String token, double logprob, int[] bytes, List<TopLogprob> topLogprobs) {}

  /** A token that was likely. */
  record TopLogprob(String token, double logprob, int[] bytes) {}
}
