package dev.jubal.llama.template.jinja.value;

import java.math.BigInteger;

/**
 * A value of a template. Values never change, but for {@link Namespace}s, half read generators and
 * dictionaries that are still being built.
 */
public sealed interface Value
    permits Value.None,
        Value.Bool,
        Value.Int,
        Value.Real,
        Text,
        Seq,
        Dict,
        Undefined,
        Namespace,
        Callable {

  /** What Python calls the kind. */
  String type();

  /** Whether it counts as true. */
  boolean truth();

  /** Nothing. */
  enum None implements Value {
    NONE;

    @Override
    public String type() {
      return "NoneType";
    }

    @Override
    public boolean truth() {
      return false;
    }
  }

  /** True or false, which Python counts as 1 and 0. */
  enum Bool implements Value {
    FALSE,
    TRUE;

    public static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public String type() {
      return "bool";
    }

    @Override
    public boolean truth() {
      return this == TRUE;
    }
  }

  /** A whole number. */
  record Int(BigInteger value) implements Value {
    public static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }

    @Override
    public String type() {
      return "int";
    }

    @Override
    public boolean truth() {
      return value.signum() != 0;
    }
  }

  /** A number with a point. */
  record Real(double value) implements Value {
    @Override
    public String type() {
      return "float";
    }

    @Override
    public boolean truth() {
      return value != 0;
    }
  }
}
