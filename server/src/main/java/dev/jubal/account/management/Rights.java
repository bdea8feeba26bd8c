package dev.jubal.account.management;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a management key may do: {@code AREA:read}, {@code AREA:write}, {@code AREA:*} or all. */
public final class Rights {
  /** Everything, what later versions add among it. */
  public static final String ALL = "*";

  /** What there is to manage. */
  private static final Set<String> AREAS =
      Set.of("api-keys", "teams", "users", "projects", "end-users", "billing", "alerts");

  private Rights() {}

  /** What there is to manage, in order. */
  public static List<String> areas() {
    return AREAS.stream().sorted().toList();
  }

  /** Whether rows name a right such as api-keys:read. */
  static boolean hold(List<String> rows, String right) {
    return rows.contains(ALL)
        || rows.contains(right)
        || rows.contains(right.substring(0, right.indexOf(':') + 1) + ALL);
  }

  /**
   * Passes when each row is one.
   *
   * @throws ApiException 400 that shows the first that is not
   */
  static void check(List<String> rows) {
    for (String row : rows) {
      int colon = row.indexOf(':');
      boolean known =
          row.equals(ALL)
              || (colon > 0
                  && AREAS.contains(row.substring(0, colon))
                  && Set.of("read", "write", ALL).contains(row.substring(colon + 1)));
      if (!known) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "acl",
            "acl: \""
                + row
                + "\" (expected: * or AREA:read, AREA:write, AREA:* with AREA one of "
                + String.join(", ", new TreeSet<>(AREAS))
                + ").");
      }
    }
  }
}
