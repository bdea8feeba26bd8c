package dev.jubal.api;

import dev.jubal.inference.SamplingOptions;
import dev.jubal.platform.json.Field;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The request fields about drawing tokens that every generation dialect has. */
public record SamplingFields(
    @Field(min = 0, max = 2) @Nullable Double temperature,
    @Field(value = "0 takes the likeliest token always.", min = 0, max = 1) @Nullable Double topP,
    @Field(value = "Draws from the k likeliest tokens.", min = 1) @Nullable Integer topK,
    @Field(min = 0, max = 1) @Nullable Double minP,
    @Field(min = -2, max = 2) @Nullable Double frequencyPenalty,
    @Field(min = -2, max = 2) @Nullable Double presencePenalty) {

  /** What they say, with nothing about single tokens and no seed. */
  public SamplingOptions options() {
    return options(Map.of(), Optional.empty());
  }

  SamplingOptions options(Map<Integer, Double> bias, Optional<Long> seed) {
    return new SamplingOptions(
        Optional.ofNullable(temperature),
        Optional.ofNullable(topP),
        Optional.ofNullable(topK),
        Optional.ofNullable(minP),
        new SamplingOptions.Penalties(
            Objects.requireNonNullElse(frequencyPenalty, 0.0),
            Objects.requireNonNullElse(presencePenalty, 0.0)),
        bias,
        seed);
  }
}
