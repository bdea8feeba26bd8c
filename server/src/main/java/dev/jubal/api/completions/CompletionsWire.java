package dev.jubal.api.completions;

import static dev.jubal.platform.json.Field.Support.IGNORED;
import static dev.jubal.platform.json.Field.Support.REFUSED;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.api.ChoiceFields;
import dev.jubal.api.TokenUsage;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Inline;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The records of legacy completions, named and typed as on the wire. */
final class CompletionsWire {
  private CompletionsWire() {}

  /** A request. */
  record Request(
      @Field(value = "Name or alias of a model.", required = true) String model,
      @Field(
              value = "The text to continue, or an array of one text.",
              required = true,
              types = {"string", "array"})
          JsonNode prompt,
      @Inline ChoiceFields choice,
      @Field(value = "Most tokens of each answer.", min = 1) @Nullable Integer maxTokens,
      @Field("Puts the prompt before each answer; not together with logprobs.")
          @Nullable Boolean echo,
      @Field(
              value = "true, or how many of the likeliest tokens to show, 0 to 20.",
              types = {"boolean", "integer"})
          @Nullable JsonNode logprobs,
      @Field("The caller's own user id.") @Nullable String user,
      @Field(
              support = IGNORED,
              oneOf = {"auto", "default", "priority", "fast"})
          @Nullable String serviceTier,
      @Field(support = REFUSED, neutral = "\"\"") @Nullable JsonNode suffix,
      @Field(
              support = REFUSED,
              neutral = {"0", "1"})
          @Nullable JsonNode bestOf) {}

  /** A whole answer, or one event of a streamed one. */
  record Completion(
      String id,
      String object,
      long created,
      String model,
      List<Choice> choices,
      @Nullable TokenUsage usage,
      String systemFingerprint,
      String serviceTier) {}

  /** One of the answers, or what an event adds to it; the reason is null before the last. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Choice(
      int index, String text, @Nullable Logprobs logprobs, @Nullable String finishReason) {}

  /**
   * How likely the tokens were.
   *
   * @param topLogprobs for each token the likely ones; null when none were asked for
   * @param textOffset where each token begins in the answer, in characters (code points)
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Logprobs(
      List<String> tokens,
      List<Double> tokenLogprobs,
      @Nullable List<Map<String, Double>> topLogprobs,
      List<Long> textOffset) {}
}
