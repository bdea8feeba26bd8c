package dev.jubal.backend.llama.decision;

import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;

/**
 * A logistic regression: does a text ask for something to be done or looked up, and how near is it
 * to the best function?
 *
 * @param bias added to every score
 * @param similarity weight of the cosine to the nearest function
 * @param weights one for each component of the text's vector
 */
public record IntentProbe(double bias, double similarity, double[] weights) {
  private static final String RESOURCE = "/call-intent.json";

  /** The probe that comes with the product. */
  public static IntentProbe standard() {
    try (InputStream in = IntentProbe.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + RESOURCE);
      }
      return of(Json.tree(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IntentProbe of(JsonNode stored) {
    JsonNode list = stored.path("weights");
    double[] weights = new double[list.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = list.get(i).asDouble();
    }
    return new IntentProbe(
        stored.path("bias").asDouble(), stored.path("similarity").asDouble(), weights);
  }

  /** The logarithm of the odds that a call is due. */
  double score(float[] text, double nearest) {
    double sum = bias + similarity * nearest;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * text[i];
    }
    return sum;
  }
}
