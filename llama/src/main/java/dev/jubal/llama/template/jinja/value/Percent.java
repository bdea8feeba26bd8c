package dev.jubal.llama.template.jinja.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operator {@code text % values}. */
public final class Percent {
  private static final int WIDEST = 1000;

  private final Text format;
  private final Value values;
  private final List<Value> row;
  private final Meter meter;
  private final TextBuilder out;
  private int at;
  private int used;
  private boolean named;

  private Percent(Text format, Value values, Meter meter) {
    this.format = format;
    this.values = values;
    this.row =
        values instanceof Seq seq && seq.kind() == Seq.Kind.TUPLE ? seq.items() : List.of(values);
    this.meter = meter;
    this.out = new TextBuilder(meter);
  }

  /**
   * A text with its placeholders filled in.
   *
   * @throws TemplateException if values are missing, left over or of the wrong kind
   */
  public static Text format(Text format, Value values, Meter meter) {
    return new Percent(format, values, meter).run();
  }

  private Text run() {
    String s = format.string();
    int from = 0;
    for (at = s.indexOf('%'); at >= 0; at = s.indexOf('%', at)) {
      out.add(format, from, at);
      at++;
      placeholder();
      from = at;
    }
    out.add(format, from, s.length());
    boolean left = used < row.size() && !named && !mapping();
    if (left) {
      throw TemplateException.failed("not all arguments converted during string formatting");
    }
    return out.build().markup(format.markup());
  }

  /** Whether the values can be asked for by name, so that none need be used. */
  private boolean mapping() {
    return switch (values) {
      case Dict _, Undefined _ -> true;
      case Seq seq -> seq.kind() == Seq.Kind.LIST || seq.kind() == Seq.Kind.RANGE;
      default -> false;
    };
  }

  private void placeholder() {
    Value key = key();
    Layout spec = new Layout();
    while ("-+ #0".indexOf(peek()) >= 0) {
      spec.flag(peek());
      at++;
    }
    spec.width(number());
    if (peek() == '.') {
      at++;
      spec.precision(Math.max(0, number()));
    }
    char conversion = peek();
    at++;
    if (conversion == '%') {
      out.add("%");
      return;
    }
    Value value = key == null ? next() : key;
    out.add(converted(value, conversion, spec));
  }

  private char peek() {
    if (at >= format.string().length()) {
      throw TemplateException.failed("incomplete format");
    }
    return format.string().charAt(at);
  }

  private @Nullable Value key() {
    if (peek() != '(') {
      return null;
    }
    int end = format.string().indexOf(')', at);
    if (end < 0) {
      throw TemplateException.failed("incomplete format key");
    }
    String name = format.string().substring(at + 1, end);
    at = end + 1;
    named = true;
    Value found = values instanceof Dict dict ? dict.get(name) : null;
    if (found == null) {
      throw TemplateException.failed("format requires a mapping with '" + name + "'");
    }
    return found;
  }

  /** -1 if there is none. */
  private int number() {
    if (peek() == '*') {
      at++;
      return width(Numbers.index(next()));
    }
    int from = at;
    while (Character.digit(peek(), 10) >= 0) {
      at++;
    }
    return from == at || at - from > 6
        ? width(from == at ? -1 : Integer.MAX_VALUE)
        : width(Integer.parseInt(format.string().substring(from, at)));
  }

  static int width(int asked) {
    if (asked > WIDEST) {
      throw new TemplateException(
          TemplateException.Kind.LIMIT,
          "a format width of " + asked + " (expected: <= " + WIDEST + ")");
    }
    return asked;
  }

  private Value next() {
    if (used >= row.size()) {
      throw TemplateException.failed("not enough arguments for format string");
    }
    return row.get(used++);
  }

  private Text converted(Value value, char conversion, Layout spec) {
    return switch (conversion) {
      case 's' -> spec.text(shown(Display.text(value, meter)), meter);
      case 'r', 'a' -> spec.text(shown(Display.representation(value, meter)), meter);
      case 'd', 'i', 'u' -> spec.number(truncated(value), 'd', meter);
      case 'x', 'X', 'o' -> spec.number(new Value.Int(Numbers.whole(value)), conversion, meter);
      case 'e', 'E', 'f', 'F', 'g', 'G' -> spec.number(real(value), conversion, meter);
      case 'c' -> spec.text(character(value), meter);
      default ->
          throw TemplateException.failed("unsupported format character '" + conversion + "'");
    };
  }

  private Text shown(Text text) {
    return format.markup() ? Operators.escaped(text, meter) : text;
  }

  private static Value truncated(Value value) {
    if (!Numbers.is(value)) {
      throw TemplateException.failed("%d format: a real number is required, not " + value.type());
    }
    return value instanceof Value.Real(double real)
        ? new Value.Int(Rounding.truncated(real))
        : new Value.Int(Numbers.whole(value));
  }

  private static Value real(Value value) {
    if (!Numbers.is(value)) {
      throw TemplateException.failed("must be real number, not " + value.type());
    }
    return new Value.Real(Numbers.real(value));
  }

  private static Text character(Value value) {
    if (value instanceof Text text) {
      if (text.points() == 1) {
        return text;
      }
      throw TemplateException.failed("%c requires int or char");
    }
    int point = Numbers.index(value);
    if (!Character.isValidCodePoint(point)) {
      throw TemplateException.failed("%c arg not in range(0x110000)");
    }
    return Text.literal(Character.toString(point));
  }
}
