package dev.jubal.account.limits;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;

/**
 * One limit as it is stored.
 *
 * @param model a name of the catalogue, or how names begin with a {@code *} behind it; {@code *}
 *     alone for a scope that counts all models together
 * @param most its value; {@link #NONE} says that there is no such limit
 */
public record Rule(Scope scope, String model, Quota quota, long most) {
  /** As a value: no limit. */
  public static final long NONE = -1;

  static final int LONGEST = 256;

  public Rule {
    if (most < NONE) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE, "most", "most: " + most + " (expected: 0 or more, or -1).");
    }
    int star = model.indexOf('*');
    if (model.isBlank() || model.length() > LONGEST || (star >= 0 && star < model.length() - 1)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "model",
          "model: \"" + model + "\" (expected: a name, or its beginning and a * at the end).");
    }
    if (scope != Scope.MODEL && !model.equals("*")) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "model",
          "model: \""
              + model
              + "\" for the scope "
              + scope.id()
              + ", which counts all models together (expected: *, or the scope model).");
    }
  }

  boolean holdsFor(String name) {
    return model.endsWith("*")
        ? name.startsWith(model.substring(0, model.length() - 1))
        : name.equals(model);
  }

  /** Whether it says more of the name than another rule that holds for it too. */
  boolean nearerThan(Rule other) {
    boolean exact = !model.endsWith("*");
    boolean otherExact = !other.model.endsWith("*");
    return exact != otherExact ? exact : model.length() > other.model.length();
  }
}
