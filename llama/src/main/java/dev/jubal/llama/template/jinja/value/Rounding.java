package dev.jubal.llama.template.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Doubles rounded and written with a number of digits, by their exact value as C does. */
public final class Rounding {
  private Rounding() {}

  /** A double without what follows the point. */
  public static BigInteger truncated(double value) {
    if (!Double.isFinite(value)) {
      throw TemplateException.failed(
          "cannot convert float " + Numbers.written(value) + " to integer");
    }
    return new BigDecimal(value).toBigInteger();
  }

  /** A double rounded to a number of digits after the point, which may be negative. */
  public static double rounded(double value, int digits, RoundingMode mode) {
    if (!Double.isFinite(value) || digits > 330) {
      return value;
    }
    double result = new BigDecimal(value).setScale(Math.max(digits, -330), mode).doubleValue();
    return Math.copySign(result, value);
  }

  /** Digits after the point as asked. */
  static String fixed(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** One digit before the point, an exponent of at least two digits. */
  static String scientific(double value, int digits) {
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    String all = rounded.unscaledValue().toString();
    int exponent = value == 0 ? 0 : all.length() - 1 - rounded.scale();
    String mantissa = (all + "0".repeat(digits + 1)).substring(0, digits + 1);
    String shown = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return mantissa.charAt(0)
        + (digits == 0 ? "" : "." + mantissa.substring(1))
        + (exponent < 0 ? "e-" : "e+")
        + shown;
  }

  /** The shorter of both, with that many digits in all. */
  static String general(double value, int asked, boolean keepZeros) {
    int digits = Math.max(1, asked);
    String scientific = scientific(value, digits - 1);
    int exponent = Integer.parseInt(scientific.substring(scientific.indexOf('e') + 1));
    boolean plain = exponent >= -4 && exponent < digits;
    if (keepZeros) {
      return plain ? fixed(value, digits - 1 - exponent) : scientific;
    }
    if (plain) {
      return trimmed(fixed(value, digits - 1 - exponent));
    }
    int mark = scientific.indexOf('e');
    return trimmed(scientific.substring(0, mark)) + scientific.substring(mark);
  }

  private static String trimmed(String number) {
    if (number.indexOf('.') < 0) {
      return number;
    }
    String shorter = number.replaceFirst("0+$", "");
    return shorter.endsWith(".") ? shorter.substring(0, shorter.length() - 1) : shorter;
  }
}
