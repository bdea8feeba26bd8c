package dev.jubal.llama.template.calls;

/** What a parser asks of the end of the text that it holds back. */
final class HeldText {
  private HeldText() {}

  /** Length of the longest end of what is held that could still become a text. */
  static int beginning(StringBuilder held, String wanted) {
    int most = Math.min(wanted.length() - 1, held.length());
    for (int length = most; length > 0; length--) {
      if (wanted.startsWith(held.substring(held.length() - length))) {
        return length;
      }
    }
    return 0;
  }

  /** Where the blanks before a place begin. */
  static int blanksBefore(StringBuilder held, int end) {
    int at = end;
    while (at > 0 && Character.isWhitespace(held.charAt(at - 1))) {
      at--;
    }
    return at;
  }
}
