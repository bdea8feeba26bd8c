package dev.jubal.llama.template.jinja.value;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** When two values are equal, and where they stand in an order, as Python has it. */
public final class Equality {
  private Equality() {}

  /**
   * What stands for a value in a hash table.
   *
   * @throws TemplateException for lists and dictionaries
   */
  public static Object key(Value value) {
    return switch (value) {
      case Text text -> text.string();
      case Value.None none -> none;
      case Value.Bool _, Value.Int _ -> Numbers.whole(value);
      case Value.Real real -> realKey(real.value());
      case Undefined _ -> Undefined.class;
      case Seq seq when seq.kind() == Seq.Kind.TUPLE -> {
        List<Object> keys = new ArrayList<>();
        seq.items().forEach(item -> keys.add(key(item)));
        yield keys;
      }
      case Seq seq when seq.kind() == Seq.Kind.GENERATOR -> seq;
      case Seq seq when seq.kind() == Seq.Kind.RANGE -> List.of(seq.items(), Seq.Kind.RANGE);
      case Namespace namespace -> namespace;
      case Seq _, Dict _ ->
          throw TemplateException.failed("unhashable type: '" + value.type() + "'");
      case Callable callable -> callable;
    };
  }

  private static Object realKey(double value) {
    if (value == Math.rint(value) && !Double.isInfinite(value)) {
      return new BigDecimal(value).toBigInteger();
    }
    return value;
  }

  /** Whether two values are equal. */
  public static boolean equal(Value a, Value b, Meter meter) {
    meter.step();
    if (Numbers.is(a) && Numbers.is(b)) {
      return Numbers.compare(a, b) == 0 && !Numbers.nan(a) && !Numbers.nan(b);
    }
    return switch (a) {
      case Text text -> b instanceof Text other && text.equals(other);
      case Undefined _ -> b instanceof Undefined;
      case Seq seq -> b instanceof Seq other && (seq == other || equal(seq, other, meter));
      case Dict dict -> b instanceof Dict other && equal(dict, other, meter);
      default -> a.equals(b);
    };
  }

  private static boolean equal(Seq a, Seq b, Meter meter) {
    if (a.kind() != b.kind() || !a.kind().indexed() || a.items().size() != b.items().size()) {
      return false;
    }
    meter.enter();
    boolean equal = true;
    for (int i = 0; equal && i < a.items().size(); i++) {
      equal = equal(a.items().get(i), b.items().get(i), meter);
    }
    meter.leave();
    return equal;
  }

  private static boolean equal(Dict a, Dict b, Meter meter) {
    if (a.size() != b.size()) {
      return false;
    }
    meter.enter();
    boolean equal = true;
    for (Dict.Entry entry : a.entries()) {
      Value other = b.get(entry.key());
      equal &= other != null && equal(entry.value(), other, meter);
    }
    meter.leave();
    return equal;
  }

  /** Whether one of some values is equal to a value. */
  public static boolean among(Value value, Collection<Value> values, Meter meter) {
    for (Value other : values) {
      if (equal(other, value, meter)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Less than 0, 0 or more than 0, as the first is before, at or after the second.
   *
   * @throws TemplateException if these kinds have no order
   */
  public static int compare(Value a, Value b, String operator, Meter meter) {
    meter.step();
    if (Numbers.is(a) && Numbers.is(b)) {
      return Numbers.compare(a, b);
    }
    if (a instanceof Text x && b instanceof Text y) {
      return compare(x.string(), y.string());
    }
    if (a instanceof Seq x && b instanceof Seq y && x.kind() == y.kind() && ordered(x)) {
      return compare(x, y, operator, meter);
    }
    throw Operators.unsupported(operator, a, b);
  }

  private static boolean ordered(Seq seq) {
    return seq.kind() == Seq.Kind.LIST || seq.kind() == Seq.Kind.TUPLE;
  }

  private static int compare(Seq a, Seq b, String operator, Meter meter) {
    int common = Math.min(a.items().size(), b.items().size());
    for (int i = 0; i < common; i++) {
      if (!equal(a.items().get(i), b.items().get(i), meter)) {
        return compare(a.items().get(i), b.items().get(i), operator, meter);
      }
    }
    return Integer.compare(a.items().size(), b.items().size());
  }

  /** By code points: UTF-16 would put emoji before some letters. */
  private static int compare(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean xHigh = Character.isSurrogate(x);
        boolean yHigh = Character.isSurrogate(y);
        return xHigh == yHigh ? Character.compare(x, y) : xHigh ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
