package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The ACL rows of a key, in xAI's spelling. */
public final class Acls {
  /** How a row about a model begins. */
  public static final String MODEL = "api-key:model:";

  /** How a row about an endpoint begins. */
  public static final String ENDPOINT = "api-key:endpoint:";

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
   * What rows allow that lie within others: less than either where neither holds the other.
   *
   * @param asked of something made from a key
   * @param held of the key as they are now
   */
  public static List<String> within(List<String> asked, List<String> held) {
    List<String> rows = new ArrayList<>();
    rows.addAll(common(MODEL, asked, held));
    rows.addAll(common(ENDPOINT, asked, held));
    if (anyTool(asked)) {
      held.stream().filter(row -> row.startsWith(TOOL)).forEach(rows::add);
    } else if (anyTool(held)) {
      asked.stream().filter(row -> row.startsWith(TOOL)).forEach(rows::add);
    } else {
      List<String> tools = common(TOOL, asked, held);
      rows.addAll(tools.isEmpty() ? List.of(TOOL) : tools); // a row of no tool, not no row
    }
    return List.copyOf(rows);
  }

  private static boolean anyTool(List<String> rows) {
    return rows.stream().noneMatch(row -> row.startsWith(TOOL));
  }

  private static List<String> common(String kind, List<String> asked, List<String> held) {
    String all = kind + "*";
    List<String> of = asked.contains(all) ? held : asked;
    List<String> by = asked.contains(all) ? asked : held;
    return of.stream()
        .filter(row -> row.startsWith(kind) && (by.contains(all) || by.contains(row)))
        .toList();
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
