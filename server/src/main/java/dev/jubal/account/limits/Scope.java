package dev.jubal.account.limits;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Whose requests are counted together. The order is the order in which counters are locked. */
public enum Scope {
  /** All requests of a team. */
  TEAM,
  /** Those of a team for one name of the catalogue. */
  MODEL,
  /** Those of one key. */
  KEY,
  /** Those of one end user of a team, as the client names them. */
  USER;

  /** Its name as it is stored and shown. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of a name.
   *
   * @throws IllegalArgumentException with the names there are
   */
  public static Scope of(String id) {
    return Arrays.stream(values())
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\""
                        + id
                        + "\" (expected: one of "
                        + Arrays.stream(values()).map(Scope::id).collect(Collectors.joining(", "))
                        + ")"));
  }
}
