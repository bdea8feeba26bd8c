package dev.jubal.account.keys;

import java.util.List;
import java.util.stream.Stream;

/** The ACL rows of a key, in xAI's spelling. */
public final class Acls {
  private static final String MODEL = "api-key:model:";
  private static final String ENDPOINT = "api-key:endpoint:";

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

  /** Whether a text has the form of a row. */
  static boolean wellFormed(String acl) {
    return acl.matches("api-key:(model|endpoint):[\\x21-\\x7e]{1,200}");
  }
}
