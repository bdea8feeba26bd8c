package dev.jubal.llama.template.jinja;

/**
 * A piece of a template.
 *
 * @param text as it stands there; of a STRING, its value
 * @param line where it begins, from 1
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    DATA("text"),
    PRINT_BEGIN("begin of print statement"),
    PRINT_END("end of print statement"),
    BLOCK_BEGIN("begin of statement block"),
    BLOCK_END("end of statement block"),
    NAME("name"),
    STRING("string"),
    INTEGER("integer"),
    FLOAT("float"),
    OPERATOR("operator"),
    END("end of template");

    private final String shown;

    Kind(String shown) {
      this.shown = shown;
    }

    String shown() {
      return shown;
    }
  }

  boolean operator(String wanted) {
    return kind == Kind.OPERATOR && text.equals(wanted);
  }

  boolean name(String wanted) {
    return kind == Kind.NAME && text.equals(wanted);
  }

  String shown() {
    return text.isBlank() ? kind.shown : "'" + text + "'";
  }
}
