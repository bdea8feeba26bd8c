package dev.jubal.llama.template.jinja.value;

/**
 * What a name without a value gives: empty when printed, an error when used.
 *
 * @param reason the error's message
 */
public record Undefined(String reason) implements Value {

  /** A name that nobody set. */
  public static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  /** An attribute or element that a value lacks. */
  public static Undefined member(Value of, String name) {
    String owner = of == Value.None.NONE ? "None" : "'" + of.type() + " object'";
    return new Undefined(owner + " has no attribute '" + name + "'");
  }

  /** The error of using it. */
  public TemplateException error() {
    return TemplateException.failed(reason);
  }

  @Override
  public String type() {
    return "Undefined";
  }

  @Override
  public boolean truth() {
    return false;
  }
}
