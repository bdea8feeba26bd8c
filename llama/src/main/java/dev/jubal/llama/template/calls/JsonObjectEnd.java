package dev.jubal.llama.template.calls;

/** Finds where a JSON object ends that arrives in pieces. */
final class JsonObjectEnd {
  private int depth;
  private boolean quoted;
  private boolean escaped;

  void reset() {
    depth = 0;
    quoted = false;
    escaped = false;
  }

  /** The place behind the object's last bracket, or -1 if it goes on behind this piece. */
  int end(CharSequence piece) {
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (escaped) {
        escaped = false;
      } else if (quoted) {
        escaped = c == '\\';
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return i + 1;
      }
    }
    return -1;
  }
}
