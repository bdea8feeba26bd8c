package dev.jubal.llama;

import java.util.Optional;

/** An output form that cannot be enforced: why, and where in its schema. */
public final class FormRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 80;

  private final String pointer;
  private final String keyword;
  private final String value;
  private final String expected;
  private final String function;

  /**
   * @param pointer JSON pointer of the keyword in its schema; empty for the schema itself
   * @param keyword the keyword's name; empty if no single one is to blame
   * @param value what stands there, shortened for showing
   * @param expected what would have been taken
   */
  public FormRefusal(String pointer, String keyword, String value, String expected) {
    this(pointer, keyword, value, expected, "");
  }

  private FormRefusal(
      String pointer, String keyword, String value, String expected, String function) {
    super(message(pointer, keyword, shortened(value), expected, function), null, false, false);
    this.pointer = pointer;
    this.keyword = keyword;
    this.value = shortened(value);
    this.expected = expected;
    this.function = function;
  }

  private static String message(
      String pointer, String keyword, String value, String expected, String function) {
    return (function.isEmpty() ? "" : "function " + function + ": ")
        + (pointer.isEmpty() ? "schema" : "schema at " + pointer)
        + (value.isEmpty() ? "" : ": " + (keyword.isEmpty() ? "" : keyword + " ") + value)
        + " (expected: "
        + expected
        + ")";
  }

  private static String shortened(String value) {
    return value.length() <= MOST_SHOWN ? value : value.substring(0, MOST_SHOWN) + "…";
  }

  /** The same refusal of the schema of a function's arguments. */
  public FormRefusal of(String functionName) {
    return new FormRefusal(pointer, keyword, value, expected, functionName);
  }

  public String pointer() {
    return pointer;
  }

  public String keyword() {
    return keyword;
  }

  public String value() {
    return value;
  }

  public String expected() {
    return expected;
  }

  /** The function whose arguments are meant. */
  public Optional<String> function() {
    return function.isEmpty() ? Optional.empty() : Optional.of(function);
  }
}
