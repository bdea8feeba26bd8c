package dev.jubal.api;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The field {@code logit_bias}: token ids, as text, to a bias from -100 to 100. */
public final class LogitBias {
  private static final double MOST = 100;

  private LogitBias() {}

  /** The biases; none when the field is absent. */
  public static Map<Integer, Double> read(@Nullable Map<String, Double> field) {
    if (field == null) {
      return Map.of();
    }
    Map<Integer, Double> biases = new HashMap<>();
    field.forEach((token, bias) -> biases.put(token(token), checked(token, bias)));
    return Map.copyOf(biases);
  }

  private static int token(String name) {
    try {
      int id = Integer.parseInt(name);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // reported below like a negative id
    }
    throw refused("logit_bias: \"" + name + "\" (expected: token ids as names).");
  }

  private static double checked(String token, double bias) {
    if (bias >= -MOST && bias <= MOST) {
      return bias;
    }
    throw refused("logit_bias." + token + ": " + bias + " (expected: a number from -100 to 100).");
  }

  private static ApiException refused(String message) {
    return ApiException.of(ErrorCode.INVALID_VALUE, "logit_bias", message);
  }
}
