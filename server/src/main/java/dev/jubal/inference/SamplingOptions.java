package dev.jubal.inference;

import java.util.Map;
import java.util.Optional;

/**
 * What a client said about drawing tokens; empty means it said nothing, and the catalogue row of
 * the model decides.
 *
 * @param temperature 0 to 2
 * @param topP 0 to 1
 * @param topK at least 1
 * @param minP 0 to 1
 * @param penalties each -2 to 2
 * @param logitBias token id to -100..100
 */
public record SamplingOptions(
    Optional<Double> temperature,
    Optional<Double> topP,
    Optional<Integer> topK,
    Optional<Double> minP,
    Penalties penalties,
    Map<Integer, Double> logitBias,
    Optional<Long> seed) {

  /** Both penalties; 0 is off. */
  public record Penalties(double frequency, double presence) {
    public static final Penalties NONE = new Penalties(0, 0);
  }

  public static final SamplingOptions UNSAID =
      new SamplingOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Penalties.NONE,
          Map.of(),
          Optional.empty());
}
