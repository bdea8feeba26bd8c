package dev.jubal.api.xaigrpc;

import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.SampleTextRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The numbers of a request, checked; chat and sample have the same ones. */
final class SamplingReader {
  private static final int MOST_STOPS = 8;
  private static final int MOST_CHOICES = 128;
  private static final int MOST_TOP = 8;

  private SamplingReader() {}

  static SamplingOptions options(GetCompletionsRequest r) {
    return new SamplingOptions(
        number("temperature", r.hasTemperature(), r.getTemperature(), 0, 2),
        number("top_p", r.hasTopP(), r.getTopP(), 0, 1),
        Optional.empty(),
        Optional.empty(),
        new SamplingOptions.Penalties(
            penalty("frequency_penalty", r.hasFrequencyPenalty(), r.getFrequencyPenalty()),
            penalty("presence_penalty", r.hasPresencePenalty(), r.getPresencePenalty())),
        Map.of(),
        r.hasSeed() ? Optional.of((long) r.getSeed()) : Optional.empty());
  }

  static SamplingOptions options(SampleTextRequest r) {
    return new SamplingOptions(
        number("temperature", r.hasTemperature(), r.getTemperature(), 0, 2),
        number("top_p", r.hasTopP(), r.getTopP(), 0, 1),
        Optional.empty(),
        Optional.empty(),
        new SamplingOptions.Penalties(
            penalty("frequency_penalty", r.hasFrequencyPenalty(), r.getFrequencyPenalty()),
            penalty("presence_penalty", r.hasPresencePenalty(), r.getPresencePenalty())),
        Map.of(),
        r.hasSeed() ? Optional.of((long) r.getSeed()) : Optional.empty());
  }

  static GenerationRequest.Limits limits(boolean hasMax, int max, List<String> stop) {
    if (hasMax && max < 1) {
      throw Refusal.value("max_tokens", max, "at least 1");
    }
    if (stop.size() > MOST_STOPS) {
      throw Refusal.count("stop", stop.size(), "texts", "at most " + MOST_STOPS);
    }
    for (int i = 0; i < stop.size(); i++) {
      if (stop.get(i).isEmpty()) {
        throw Refusal.value("stop[" + i + "]", "", "a text of at least one character");
      }
    }
    return new GenerationRequest.Limits(
        hasMax ? OptionalInt.of(max) : OptionalInt.empty(), List.copyOf(stop));
  }

  static int choices(boolean has, int n) {
    if (has && (n < 1 || n > MOST_CHOICES)) {
      throw Refusal.value("n", n, "1 to " + MOST_CHOICES);
    }
    return has ? n : 1;
  }

  static OptionalInt topLogprobs(boolean asked, boolean has, int top) {
    if (has && (top < 0 || top > MOST_TOP)) {
      throw Refusal.value("top_logprobs", top, "0 to " + MOST_TOP);
    }
    if (!asked && has && top > 0) {
      throw Refusal.value("top_logprobs", top, "absent or 0 unless logprobs is true");
    }
    return asked ? OptionalInt.of(has ? top : 0) : OptionalInt.empty();
  }

  private static double penalty(String name, boolean has, float value) {
    return number(name, has, value, -2, 2).orElse(0.0);
  }

  /** The shortest decimal of a float is what the client wrote: 0.7, not 0.699999988079071. */
  private static Optional<Double> number(
      String name, boolean has, float value, double least, double most) {
    if (!has) {
      return Optional.empty();
    }
    if (!(value >= least && value <= most)) { // NaN is none of them
      throw Refusal.value(name, value, plain(least) + " to " + plain(most));
    }
    return Optional.of(Double.parseDouble(Float.toString(value)));
  }

  private static String plain(double whole) {
    return Long.toString((long) whole);
  }
}
