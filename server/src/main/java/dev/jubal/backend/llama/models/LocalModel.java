package dev.jubal.backend.llama.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;

/**
 * A model on this machine, as its {@code model.json} says.
 *
 * @param name what clients and the catalogue call it
 * @param file the weights' file name, beside model.json
 * @param sha256 of that file as it was installed
 * @param bytes of that file
 * @param licence as its publisher names it, or unknown
 * @param contextTokens the context the model was trained for
 * @param architecture the kind of model, such as llama
 * @param quantisation how most weights are stored, such as Q4_0
 * @param source where it came from
 * @param installed when
 * @param speed empty until measured
 */
public record LocalModel(
    String name,
    String file,
    String sha256,
    long bytes,
    String licence,
    long contextTokens,
    String architecture,
    String quantisation,
    String source,
    Instant installed,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Speed> speed) {

  /**
   * What a measurement on this machine gave, for one stream alone.
   *
   * @param promptTokensPerSecond read
   * @param tokensPerSecond written
   * @param threads that computed
   */
  public record Speed(
      double promptTokensPerSecond, double tokensPerSecond, int threads, Instant measured) {}

  LocalModel withSpeed(Speed value) {
    return new LocalModel(
        name,
        file,
        sha256,
        bytes,
        licence,
        contextTokens,
        architecture,
        quantisation,
        source,
        installed,
        Optional.of(value));
  }
}
