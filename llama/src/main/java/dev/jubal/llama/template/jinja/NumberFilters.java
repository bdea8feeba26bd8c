package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Functions.Filter;
import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Numbers;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.Pieces;
import dev.jubal.llama.template.jinja.value.Rounding;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that give a number. */
final class NumberFilters {
  private static final Pattern REAL =
      Pattern.compile(
          "[+-]?(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)([eE][+-]?\\d+(_\\d+)*)?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9a-zA-Z]+(_[0-9a-zA-Z]+)*");

  private NumberFilters() {}

  static void addTo(Map<String, Filter> filters) {
    filters.put("abs", NumberFilters::absolute);
    filters.put("round", NumberFilters::rounded);
    filters.put("int", NumberFilters::whole);
    filters.put("float", NumberFilters::real);
  }

  private static Value absolute(Value value, Arguments arguments, Meter meter) {
    arguments.bind("abs", 0);
    if (!Numbers.is(value)) {
      throw wrong("abs", value);
    }
    return value instanceof Value.Real(double real)
        ? new Value.Real(Math.abs(real))
        : new Value.Int(Numbers.whole(value).abs());
  }

  private static TemplateException wrong(String filter, Value value) {
    return value instanceof Undefined undefined
        ? undefined.error()
        : TemplateException.failed(filter + ": '" + value.type() + "' is not a number");
  }

  private static Value rounded(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("round", 0, "precision", "method");
    String method = bound.has(1) ? bound.text(1).string() : "common";
    int precision = bound.integer(0, 0);
    if (!Numbers.is(value)) {
      throw wrong("round", value);
    }
    if (method.equals("common") && !(value instanceof Value.Real)) {
      return precision >= 0 ? new Value.Int(Numbers.whole(value)) : tens(value, -precision);
    }
    double number = Numbers.real(value);
    double scale = Math.pow(10, precision);
    return new Value.Real(
        switch (method) {
          case "common" -> Rounding.rounded(number, precision, RoundingMode.HALF_EVEN);
          case "ceil" -> Math.ceil(number * scale) / scale;
          case "floor" -> Math.floor(number * scale) / scale;
          default -> throw TemplateException.failed("method must be common, ceil or floor");
        });
  }

  private static Value tens(Value value, int zeros) {
    double rounded = Rounding.rounded(Numbers.real(value), -zeros, RoundingMode.HALF_EVEN);
    return new Value.Int(Rounding.truncated(rounded));
  }

  private static Value whole(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("int", 0, "default", "base");
    Value otherwise = bound.get(0, Value.Int.of(0));
    return switch (value) {
      case Value.Int number -> number;
      case Value.Bool _ -> new Value.Int(Numbers.whole(value));
      case Value.Real(double real) ->
          Double.isNaN(real) ? otherwise : new Value.Int(Rounding.truncated(real));
      case Undefined undefined -> throw undefined.error();
      case Text text -> {
        BigInteger read = whole(text, bound.integer(1, 10));
        yield read == null ? truncated(text, otherwise) : new Value.Int(read);
      }
      default -> otherwise;
    };
  }

  private static @Nullable BigInteger whole(Text text, int base) {
    String digits = Pieces.stripped(text, null, true, true).string();
    if (!WHOLE.matcher(digits).matches() || digits.length() > 4300) {
      return null;
    }
    String sign = digits.startsWith("-") ? "-" : "";
    String bare = digits.replace("_", "").replaceFirst("^[+-]", "").toLowerCase(Locale.ROOT);
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "\0";
    try {
      return new BigInteger(sign + (bare.startsWith(prefix) ? bare.substring(2) : bare), base);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Value truncated(Text text, Value otherwise) {
    Double read = real(text);
    return read == null || !Double.isFinite(read)
        ? otherwise
        : new Value.Int(Rounding.truncated(read));
  }

  private static Value real(Value value, Arguments arguments, Meter meter) {
    Value otherwise = arguments.bind("float", 0, "default").get(0, new Value.Real(0));
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (Numbers.is(value)) {
      return new Value.Real(Numbers.real(value));
    }
    Double read = value instanceof Text text ? real(text) : null;
    return read == null ? otherwise : new Value.Real(read);
  }

  private static @Nullable Double real(Text text) {
    String trimmed = Pieces.stripped(text, null, true, true).string();
    if (REAL.matcher(trimmed).matches()) {
      return Double.valueOf(trimmed.replace("_", ""));
    }
    String lower = trimmed.toLowerCase(Locale.ROOT);
    String bare = lower.replaceFirst("^[+-]", "");
    return switch (bare) {
      case "inf", "infinity" ->
          lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> null;
    };
  }

  /** The sum of elements, as the filter {@code sum} has it. */
  static Value sum(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("sum", 0, "attribute", "start");
    Value sum = bound.get(1, Value.Int.of(0));
    if (sum instanceof Text) {
      throw TemplateException.failed("sum() can't sum strings");
    }
    for (Value item : Operators.elements(value, meter)) {
      Value part = bound.some(0) ? Attributes.of(item, bound.get(0), meter) : item;
      sum = Operators.arithmetic("+", sum, part, meter);
    }
    return sum;
  }
}
