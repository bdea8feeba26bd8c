package dev.jubal.llama.template.jinja.value;

import dev.jubal.llama.template.jinja.value.TemplateException.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Arithmetic of whole numbers of any size and of doubles, as Python has it. */
public final class Numbers {
  private static final int MOST_BITS = 1 << 14;

  private Numbers() {}

  /** Whether a value counts as a number: whole, with a point, or a truth value. */
  public static boolean is(Value value) {
    return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
  }

  static boolean nan(Value value) {
    return value instanceof Value.Real(double real) && Double.isNaN(real);
  }

  static boolean wholes(Value a, Value b) {
    return !(a instanceof Value.Real) && !(b instanceof Value.Real);
  }

  /** A whole number's value. */
  public static BigInteger whole(Value value) {
    return switch (value) {
      case Value.Int number -> number.value();
      case Value.Bool bool -> bool.truth() ? BigInteger.ONE : BigInteger.ZERO;
      case Undefined undefined -> throw undefined.error();
      default ->
          throw TemplateException.failed(
              "'" + value.type() + "' object cannot be interpreted as an integer");
    };
  }

  /** A whole number that counts something; what is too large for that becomes the largest. */
  public static int index(Value value) {
    BigInteger whole = whole(value);
    if (whole.bitLength() > 31) {
      return whole.signum() < 0 ? -Integer.MAX_VALUE : Integer.MAX_VALUE;
    }
    return whole.intValue();
  }

  /** A number as a double. */
  public static double real(Value value) {
    return value instanceof Value.Real(double real) ? real : whole(value).doubleValue();
  }

  static int compare(Value a, Value b) {
    if (wholes(a, b)) {
      return whole(a).compareTo(whole(b));
    }
    double x = real(a);
    double y = real(b);
    if (Double.isFinite(x) && Double.isFinite(y)) {
      return exact(a).compareTo(exact(b));
    }
    return x == y ? 0 : Double.compare(x, y);
  }

  private static BigDecimal exact(Value value) {
    return value instanceof Value.Real(double real)
        ? new BigDecimal(real)
        : new BigDecimal(whole(value));
  }

  static Value arithmetic(String operator, Value a, Value b) {
    return wholes(a, b) ? wholes(operator, whole(a), whole(b)) : reals(operator, real(a), real(b));
  }

  private static Value wholes(String operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case "+" -> bounded(a.add(b));
      case "-" -> bounded(a.subtract(b));
      case "*" -> bounded(a.multiply(b));
      case "/" -> new Value.Real(divided(a, b));
      case "//" -> new Value.Int(floor(a, b)[0]);
      case "%" -> new Value.Int(floor(a, b)[1]);
      default -> power(a, b);
    };
  }

  private static double divided(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw TemplateException.failed("division by zero");
    }
    return a.doubleValue() / b.doubleValue();
  }

  /** Quotient and rest, rounded down. */
  private static BigInteger[] floor(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw TemplateException.failed("integer division or modulo by zero");
    }
    BigInteger[] result = a.divideAndRemainder(b);
    if (result[1].signum() != 0 && result[1].signum() != b.signum()) {
      result[0] = result[0].subtract(BigInteger.ONE);
      result[1] = result[1].add(b);
    }
    return result;
  }

  private static Value power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      if (base.signum() == 0) {
        throw TemplateException.failed("0.0 cannot be raised to a negative power");
      }
      return new Value.Real(Math.pow(base.doubleValue(), exponent.doubleValue()));
    }
    if (base.abs().bitLength() <= 1) {
      return new Value.Int(exponent.signum() == 0 ? BigInteger.ONE : unit(base, exponent));
    }
    if (exponent.bitLength() > 31 || (long) base.bitLength() * exponent.intValue() > MOST_BITS) {
      throw tooLarge();
    }
    return bounded(base.pow(exponent.intValue()));
  }

  /** A power of -1, 0 or 1. */
  private static BigInteger unit(BigInteger base, BigInteger exponent) {
    return exponent.testBit(0) ? base : base.abs();
  }

  private static Value.Int bounded(BigInteger value) {
    if (value.bitLength() > MOST_BITS) {
      throw tooLarge();
    }
    return new Value.Int(value);
  }

  private static TemplateException tooLarge() {
    return new TemplateException(
        Kind.LIMIT, "a number of more than " + MOST_BITS + " bits (expected: a smaller one)");
  }

  private static Value reals(String operator, double a, double b) {
    if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw TemplateException.failed("float division by zero");
    }
    return new Value.Real(
        switch (operator) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> a / b;
          case "//" -> floor(a, b);
          case "%" -> modulo(a, b);
          default -> power(a, b);
        });
  }

  private static double floor(double a, double b) {
    double quotient = (a - modulo(a, b)) / b;
    if (quotient == 0) {
      return Math.copySign(0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double modulo(double a, double b) {
    double rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest == 0 ? Math.copySign(0, b) : rest;
  }

  private static double power(double a, double b) {
    if (a == 0 && b < 0) {
      throw TemplateException.failed("0.0 cannot be raised to a negative power");
    }
    if (a < 0 && b != Math.rint(b)) {
      throw TemplateException.failed("complex numbers are not offered");
    }
    double power = Math.pow(a, b);
    if (Double.isInfinite(power) && Double.isFinite(a) && Double.isFinite(b)) {
      throw TemplateException.failed("(34, 'Numerical result out of range')");
    }
    return power;
  }

  static Value negated(Value value) {
    return value instanceof Value.Real(double real)
        ? new Value.Real(-real)
        : new Value.Int(whole(value).negate());
  }

  /** A double as Python writes it: the shortest digits that give it back. */
  public static String written(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    String sign = value < 0 ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
      String rest = digits.length() == 1 ? "" : "." + digits.substring(1);
      String shown = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
      return sign + digits.charAt(0) + rest + "e" + (exponent < 0 ? "-" : "+") + shown;
    }
    String plain = shortest.toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }
}
