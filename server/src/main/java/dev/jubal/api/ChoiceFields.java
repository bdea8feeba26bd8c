package dev.jubal.api;

import static dev.jubal.platform.json.Field.Support.IGNORED;

import dev.jubal.inference.SamplingOptions;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Inline;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The request fields that the dialects of choices and chunks share: chat and completions. */
public record ChoiceFields(
    @Field("Whether the answer is streamed.") @Nullable Boolean stream,
    @Nullable StreamOptions streamOptions,
    @Field(value = "Number of answers.", min = 1, max = 128) @Nullable Integer n,
    @Field(
            value = "A text or up to four that end the answer.",
            types = {"string", "array"})
        @Nullable JsonNode stop,
    @Inline SamplingFields sampling,
    @Field("Token ids to a bias from -100 to 100.") @Nullable Map<String, Double> logitBias,
    @Field("Best effort: the same seed draws the same tokens.") @Nullable Long seed) {

  /** How a stream ends. */
  public record StreamOptions(
      @Field("Sends the usage in a chunk of its own, with empty choices.")
          @Nullable Boolean includeUsage,
      @Field(support = IGNORED) @Nullable Boolean includeObfuscation) {}

  /** Whether the client takes events. */
  public boolean streamed() {
    return Boolean.TRUE.equals(stream);
  }

  /** Whether the usage is a chunk of its own; asked for without a stream it is ignored. */
  public boolean includeUsage(List<String> ignored) {
    boolean asked = streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage());
    if (asked && !streamed()) {
      ignored.add("stream_options.include_usage");
    }
    return asked && streamed();
  }

  /** How many answers. */
  public int choices() {
    return Objects.requireNonNullElse(n, 1);
  }

  /** The texts that end an answer. */
  public List<String> stopTexts() {
    return StopTexts.read(stop);
  }

  /** How tokens are drawn. */
  public SamplingOptions options() {
    return sampling.options(LogitBias.read(logitBias), Optional.ofNullable(seed));
  }
}
