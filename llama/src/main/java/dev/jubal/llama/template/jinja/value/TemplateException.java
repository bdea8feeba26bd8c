package dev.jubal.llama.template.jinja.value;

/** Why a template cannot be read, or gives no text for some variables. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds a caller treats differently. */
  public enum Kind {
    /** The template itself is wrong or uses what is not offered; the message names the line. */
    SYNTAX,
    /** The template refused its variables by {@code raise_exception}; the message is its own. */
    RAISED,
    /** An operation is not possible with these values. */
    FAILED,
    /** A limit of {@link Limits} was reached. */
    LIMIT
  }

  private final Kind kind;

  public TemplateException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** An operation that these values do not allow. */
  public static TemplateException failed(String message) {
    return new TemplateException(Kind.FAILED, message);
  }

  public Kind kind() {
    return kind;
  }

  /** The message, never null. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
