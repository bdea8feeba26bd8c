package dev.jubal.platform.error;

/** Texts of one line: names, subjects, sources. */
public final class Printable {
  private Printable() {}

  /** Whether it has 1 to so many characters, none of them a control and not all of them blank. */
  public static boolean is(String text, int longest) {
    return !text.isBlank()
        && text.length() <= longest
        && text.chars().noneMatch(Character::isISOControl);
  }

  /**
   * Passes when a text {@linkplain #is is one}.
   *
   * @throws ApiException 400 that names the field
   */
  public static void check(String field, String text, int longest) {
    if (!is(text, longest)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": \"" + text + "\" (expected: 1-" + longest + " printable characters).");
    }
  }
}
