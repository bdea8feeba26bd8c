package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.List;
import java.util.stream.Stream;

/** The ACL rows of a key, in xAI's spelling. */
public final class Acls {
  private static final String MODEL = "api-key:model:";
  private static final String ENDPOINT = "api-key:endpoint:";

  /** How a row about a tool begins. A key without such a row may use every tool. */
  public static final String TOOL = "api-key:tool:";

  /** Every model at every endpoint. */
  public static final List<String> ALL = of(List.of(), List.of());

  private Acls() {}

  /** Rows for the named models and endpoints; none named means all of that kind. */
  public static List<String> of(List<String> models, List<String> endpoints) {
    return Stream.concat(rows(MODEL, models), rows(ENDPOINT, endpoints)).distinct().toList();
  }

  private static Stream<String> rows(String kind, List<String> names) {
    return names.isEmpty() ? Stream.of(kind + "*") : names.stream().map(n -> kind + n);
  }

  /**
   * Passes when each text has the form of a row.
   *
   * @throws ApiException 400 that shows the first that has not
   */
  static void check(List<String> acls) {
    for (String acl : acls) {
      if (!acl.matches("api-key:(model|endpoint|tool):[\\x21-\\x7e]{1,200}")) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "acls",
            "acls: \""
                + acl
                + "\" (expected: api-key:model:NAME, api-key:endpoint:NAME or api-key:tool:NAME,"
                + " with * for every name).");
      }
    }
  }
}
