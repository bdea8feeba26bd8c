package dev.jubal.inference;

import dev.jubal.account.Principal;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.List;

/**
 * Functions that an answer may call.
 *
 * @param functions names distinct, at most {@link #MOST}
 * @param choice whether and what to call
 * @param parallel whether one answer may make several calls
 */
public record Tools(List<Function> functions, Choice choice, boolean parallel) {
  /** Most functions of one request, as api.x.ai documents. */
  public static final int MOST = 350;

  /** Nothing to call. */
  public static final Tools NONE = new Tools(List.of(), new Choice.None(), true);

  public Tools {
    functions = List.copyOf(functions);
  }

  /**
   * Passes when a caller may offer each of them.
   *
   * @throws ApiException 403 that names the missing row
   */
  void check(Principal caller) {
    for (Function function : functions) {
      if (!caller.mayOffer(function.name())) {
        throw ApiException.of(
            ErrorCode.PERMISSION_DENIED,
            "tools",
            "tools: the key "
                + caller.keyName()
                + " may not offer \""
                + function.name()
                + "\" (expected: an ACL row api-key:tool:"
                + function.name()
                + ").");
      }
    }
  }

  /** Whether an answer may call anything. */
  public boolean callable() {
    return !functions.isEmpty() && !(choice instanceof Choice.None);
  }

  /**
   * A function of the client.
   *
   * @param description what it does; empty when unsaid
   * @param parameters JSON Schema of its arguments, an object schema, as text
   */
  public record Function(String name, String description, String parameters) {}

  /** Whether and what to call. */
  public sealed interface Choice {
    /** Text only. */
    record None() implements Choice {}

    /** Text or calls. */
    record Auto() implements Choice {}

    /** At least one call. */
    record Required() implements Choice {}

    /** Calls of this function only, at least one. */
    record Named(String name) implements Choice {}
  }
}
