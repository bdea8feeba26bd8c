package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.CharDfa;
import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.automaton.Writing;
import dev.jubal.llama.constraint.pattern.Pattern;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes leaves of rules for numbers. */
final class Numbers {
  private static final String INTEGER = "0|-?[1-9][0-9]{0,17}";
  private static final String NUMBER =
      "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?";
  private static final int DIGITS = 18;
  private static final int MOST_DIGITS = 40;

  private final SharedLeaves shared;
  private final Budget budget;

  Numbers(SharedLeaves shared, Budget budget) {
    this.shared = shared;
    this.budget = budget;
  }

  /** The numbers a rule allows, or null if there are none. */
  @Nullable Leaf leaf(NumberRule rule, List<BigDecimal> excluded) {
    Leaf leaf =
        shared.get(
            "number " + rule + excluded,
            budget,
            own -> Writing.plain(dfa(rule, excluded, own), own));
    return leaf.distance(leaf.start()) < Leaf.FAR ? leaf : null;
  }

  private static CharDfa dfa(NumberRule rule, List<BigDecimal> excluded, Budget own) {
    boolean free = rule.least() == null && rule.most() == null && rule.multiples().isEmpty();
    if (free && excluded.isEmpty()) {
      return Pattern.whole(rule.integer() ? INTEGER : NUMBER, own);
    }
    int digits = Math.max(DIGITS, Math.max(digits(rule.least()), digits(rule.most())) + 1);
    String fraction = rule.integer() ? "" : "(\\.[0-9]{1,20})?";
    CharDfa dfa =
        Pattern.whole("-?(0|[1-9][0-9]{0," + (digits - 1) + "})" + fraction, own)
            .minus(Pattern.whole("-0", own), own);
    BigDecimal least = rule.least();
    if (least != null) {
      dfa = dfa.and(above(least, rule.leastExcluded(), digits, own), own);
    }
    BigDecimal most = rule.most();
    if (most != null) {
      dfa = dfa.and(below(most, rule.mostExcluded(), digits, own), own);
    }
    for (BigDecimal multiple : rule.multiples()) {
      dfa = dfa.and(Multiples.of(multiple, own), own);
    }
    for (BigDecimal value : excluded) {
      dfa = dfa.minus(Pattern.whole(spellings(value), own), own);
    }
    return dfa;
  }

  private static int digits(@Nullable BigDecimal bound) {
    int digits = bound == null ? 0 : bound.precision() - bound.scale();
    if (digits > MOST_DIGITS) {
      throw new Budget.Exceeded("bounds of at most " + MOST_DIGITS + " digits");
    }
    return digits;
  }

  private static String spellings(BigDecimal value) {
    String plain = value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    String zero = plain.equals("0") ? "-?" : "";
    return zero + plain.replace(".", "\\.") + (plain.contains(".") ? "0*" : "(\\.0+)?");
  }

  private static CharDfa above(BigDecimal bound, boolean excluded, int digits, Budget own) {
    if (bound.signum() < 0) {
      String small = atMost(bound.negate(), excluded, true);
      return Pattern.whole("(0|[1-9][0-9]*)(\\.[0-9]+)?|-(" + small + ")", own);
    }
    String zero = bound.signum() == 0 && !excluded ? "|-0(\\.0+)?" : "";
    return Pattern.whole(atLeast(bound, excluded, digits) + zero, own);
  }

  private static CharDfa below(BigDecimal bound, boolean excluded, int digits, Budget own) {
    if (bound.signum() < 0 || (bound.signum() == 0 && excluded)) {
      return Pattern.whole("-(" + atLeast(bound.negate(), excluded, digits) + ")", own);
    }
    return Pattern.whole("-(0|[1-9][0-9]*)(\\.[0-9]+)?|" + atMost(bound, excluded, false), own);
  }

  /** Unsigned numbers from a bound up. */
  private static String atLeast(BigDecimal bound, boolean excluded, int digits) {
    BigInteger whole = bound.setScale(0, RoundingMode.FLOOR).toBigInteger();
    String fraction = fraction(bound);
    String above = wholeAtLeast(whole.add(BigInteger.ONE).toString(), digits) + "(\\.[0-9]+)?";
    StringBuilder same = new StringBuilder();
    for (int i = 0; i < fraction.length(); i++) {
      char digit = fraction.charAt(i);
      if (digit < '9') {
        same.append(fraction, 0, i).append('[').append((char) (digit + 1)).append("-9][0-9]*|");
      }
    }
    same.append(fraction).append(excluded ? "[0-9]*[1-9][0-9]*" : "[0-9]*");
    String exact = whole + "\\.(" + same + ")";
    return above + "|" + exact + (fraction.isEmpty() && !excluded ? "|" + whole : "");
  }

  /** Whole numbers from a bound of at least 1 up. */
  private static String wholeAtLeast(String bound, int digits) {
    int length = bound.length();
    StringBuilder forms = new StringBuilder("([1-9][0-9]{");
    forms.append(length).append(',').append(Math.max(length, digits)).append('}');
    for (int i = 0; i < length; i++) {
      char digit = bound.charAt(i);
      if (digit < '9') {
        forms.append('|').append(bound, 0, i).append('[').append((char) (digit + 1));
        forms.append("-9][0-9]{").append(length - i - 1).append('}');
      }
    }
    return forms.append('|').append(bound).append(')').toString();
  }

  /**
   * Unsigned numbers from 0 up to a bound.
   *
   * @param signed whether a minus stands before: then a zero is spelled -0.0 or not at all
   */
  private static String atMost(BigDecimal bound, boolean excluded, boolean signed) {
    BigInteger whole = bound.setScale(0, RoundingMode.FLOOR).toBigInteger();
    String fraction = fraction(bound);
    StringBuilder forms = new StringBuilder();
    if (whole.signum() > 0) {
      String below = whole.subtract(BigInteger.ONE).toString();
      forms.append(wholeAtMost(below)).append("(\\.[0-9]+)?|");
    }
    for (int i = 0; i < fraction.length(); i++) {
      char digit = fraction.charAt(i);
      if (i > 0) {
        forms.append(whole).append("\\.").append(fraction, 0, i).append('|');
      } else {
        forms.append(whole).append('|');
      }
      if (digit > '0') {
        forms.append(whole).append("\\.").append(fraction, 0, i);
        forms.append("[0-").append((char) (digit - 1)).append("][0-9]*|");
      }
    }
    String exact = fraction.isEmpty() ? whole + "(\\.0+)?" : whole + "\\." + fraction + "0*";
    forms.append(excluded ? "" : exact);
    if (excluded && !forms.isEmpty()) {
      forms.setLength(forms.length() - 1);
    }
    if (forms.isEmpty()) {
      return "[^\\s\\S]";
    }
    return signed ? "(?:" + forms + ")" : forms.toString();
  }

  private static String wholeAtMost(String bound) {
    int length = bound.length();
    StringBuilder forms = new StringBuilder("(").append(bound);
    for (int i = 0; i < length; i++) {
      char digit = bound.charAt(i);
      char from = i == 0 && length > 1 ? '1' : '0';
      if (digit > from) {
        forms.append('|').append(bound, 0, i).append('[').append(from).append('-');
        forms.append((char) (digit - 1)).append("][0-9]{").append(length - i - 1).append('}');
      }
    }
    if (length > 1) {
      forms.append("|0|[1-9][0-9]{0,").append(length - 2).append('}');
    }
    return forms.append(')').toString();
  }

  private static String fraction(BigDecimal bound) {
    BigDecimal rest = bound.remainder(BigDecimal.ONE);
    if (rest.signum() == 0) {
      return "";
    }
    String plain = rest.stripTrailingZeros().toPlainString();
    return plain.substring(plain.indexOf('.') + 1);
  }
}
