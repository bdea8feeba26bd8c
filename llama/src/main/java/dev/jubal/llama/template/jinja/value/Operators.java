package dev.jubal.llama.template.jinja.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operators of expressions. */
public final class Operators {
  private Operators() {}

  static TemplateException unsupported(String operator, Value a, Value b) {
    if (a instanceof Undefined undefined) {
      return undefined.error();
    }
    if (b instanceof Undefined undefined) {
      return undefined.error();
    }
    return TemplateException.failed(
        "unsupported operand types for "
            + operator
            + ": '"
            + a.type()
            + "' and '"
            + b.type()
            + "'");
  }

  /** {@code a operator b} for + - * / // % and **. */
  public static Value arithmetic(String operator, Value a, Value b, Meter meter) {
    meter.step();
    if (Numbers.is(a) && Numbers.is(b)) {
      return Numbers.arithmetic(operator, a, b);
    }
    if (operator.equals("%") && a instanceof Text text) {
      return Percent.format(text, b, meter);
    }
    return switch (operator) {
      case "+" -> add(a, b, meter);
      case "*" -> multiply(a, b, meter);
      default -> throw unsupported(operator, a, b);
    };
  }

  private static Value add(Value a, Value b, Meter meter) {
    if (a instanceof Text x && b instanceof Text y) {
      return concatenated(x, y, meter);
    }
    if (a instanceof Seq x && b instanceof Seq y && x.kind() == y.kind() && grows(x)) {
      meter.items(x.items().size() + (long) y.items().size());
      List<Value> all = new ArrayList<>(x.items());
      all.addAll(y.items());
      return new Seq(x.kind(), all);
    }
    throw unsupported("+", a, b);
  }

  private static boolean grows(Seq seq) {
    return seq.kind() == Seq.Kind.LIST || seq.kind() == Seq.Kind.TUPLE;
  }

  static Text concatenated(Text a, Text b, Meter meter) {
    boolean markup = a.markup() || b.markup();
    Text x = markup ? escaped(a, meter) : a;
    Text y = markup ? escaped(b, meter) : b;
    return new TextBuilder(meter).add(x).add(y).build().markup(markup);
  }

  private static Value multiply(Value a, Value b, Meter meter) {
    boolean turned = Numbers.is(a);
    Value repeated = turned ? b : a;
    Value count = turned ? a : b;
    boolean counts = count instanceof Value.Int || count instanceof Value.Bool;
    if (counts && repeated instanceof Text text) {
      return repeated(text, Math.max(0, Numbers.index(count)), meter);
    }
    if (counts && repeated instanceof Seq seq && grows(seq)) {
      int times = Math.max(0, Numbers.index(count));
      meter.items((long) times * seq.items().size());
      List<Value> all = new ArrayList<>();
      for (int i = 0; i < times && !seq.items().isEmpty(); i++) {
        all.addAll(seq.items());
      }
      return new Seq(seq.kind(), all);
    }
    throw unsupported("*", a, b);
  }

  /** A text so many times over. */
  public static Text repeated(Text text, int times, Meter meter) {
    long length = (long) text.string().length() * times;
    meter.text(length);
    return text.derived(text.string().repeat(length == 0 ? 0 : times));
  }

  /** {@code -a}. */
  public static Value negated(Value a) {
    if (Numbers.is(a)) {
      return Numbers.negated(a);
    }
    throw wrongOperand("-", a);
  }

  /** {@code +a}. */
  public static Value positive(Value a) {
    if (a instanceof Value.Bool) {
      return new Value.Int(Numbers.whole(a));
    }
    if (Numbers.is(a)) {
      return a;
    }
    throw wrongOperand("+", a);
  }

  private static TemplateException wrongOperand(String operator, Value a) {
    return a instanceof Undefined undefined
        ? undefined.error()
        : TemplateException.failed(
            "bad operand type for unary " + operator + ": '" + a.type() + "'");
  }

  /** {@code member in container}. */
  public static boolean contains(Value container, Value member, Meter meter) {
    return switch (container) {
      case Text text -> {
        if (member instanceof Text part) {
          meter.text(text.string().length());
          yield text.string().contains(part.string());
        }
        throw member instanceof Undefined undefined
            ? undefined.error()
            : TemplateException.failed(
                "'in <string>' requires string as left operand, not " + member.type());
      }
      case Dict dict -> dict.get(member) != null;
      case Undefined _ -> false;
      case Seq seq -> Equality.among(member, seq.take(), meter);
      default ->
          throw TemplateException.failed(
              "argument of type '" + container.type() + "' is not iterable");
    };
  }

  /** What a loop goes through. The elements of a generator are then gone. */
  public static List<Value> elements(Value value, Meter meter) {
    return switch (value) {
      case Seq seq -> seq.take();
      case Dict dict -> dict.keys();
      case Text text -> characters(text, meter);
      case Undefined _ -> List.of();
      default -> throw TemplateException.failed("'" + value.type() + "' object is not iterable");
    };
  }

  static List<Value> characters(Text text, Meter meter) {
    String string = text.string();
    meter.items(string.length());
    List<Value> characters = new ArrayList<>(string.length());
    for (int at = 0; at < string.length(); ) {
      int next = string.offsetByCodePoints(at, 1);
      characters.add(text.slice(at, next).markup(false));
      at = next;
    }
    return characters;
  }

  /** The first of what a loop goes through, or an undefined value that says so. */
  public static Value first(Value value, Meter meter) {
    List<Value> found =
        value instanceof Seq seq
            ? seq.take(1)
            : value instanceof Text text
                ? characters(text.slice(0, text.offset(Math.min(1, text.points()))), meter)
                : elements(value, meter);
    return found.isEmpty() ? new Undefined("No first item, sequence was empty.") : found.getFirst();
  }

  /** Number of elements or characters. */
  public static int length(Value value) {
    return switch (value) {
      case Text text -> text.points();
      case Dict dict -> dict.size();
      case Undefined _ -> 0;
      case Seq seq when seq.kind() != Seq.Kind.GENERATOR -> seq.items().size();
      default ->
          throw TemplateException.failed("object of type '" + value.type() + "' has no len()");
    };
  }

  /** A value as HTML. */
  public static Text escaped(Value value, Meter meter) {
    Text text = Display.text(value, meter);
    if (text.markup()) {
      return text;
    }
    TextBuilder html = new TextBuilder(meter);
    int done = 0;
    for (int i = 0; i < text.string().length(); i++) {
      String entity = entity(text.string().charAt(i));
      if (entity != null) {
        html.add(text, done, i).add(entity);
        done = i + 1;
      }
    }
    return html.add(text, done, text.string().length()).build().markup(true);
  }

  private static @Nullable String entity(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '\'' -> "&#39;";
      case '"' -> "&#34;";
      default -> null;
    };
  }
}
