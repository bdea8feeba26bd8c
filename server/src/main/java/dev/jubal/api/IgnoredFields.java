package dev.jubal.api;

import java.util.List;
import java.util.stream.Collectors;

/** The value of {@code x-jubal-ignored}: field names a request holds that have no effect. */
public final class IgnoredFields {
  private static final int MOST = 32;
  private static final int LONGEST = 64;

  private IgnoredFields() {}

  /** Names joined by commas, safe inside a header whatever a client called its fields. */
  public static String header(List<String> names) {
    return names.stream()
        .distinct()
        .limit(MOST)
        .map(n -> n.length() > LONGEST ? n.substring(0, LONGEST) : n)
        .map(n -> n.replaceAll("[^A-Za-z0-9_.\\[\\]-]", "?"))
        .collect(Collectors.joining(", "));
  }
}
