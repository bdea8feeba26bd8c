package dev.jubal.llama.template.jinja.value;

import java.util.Iterator;
import java.util.List;

/** Values as text, as Python prints them. */
public final class Display {
  private Display() {}

  /** What printing a value writes. */
  public static Text text(Value value, Meter meter) {
    return switch (value) {
      case Text text -> text;
      case Undefined _ -> Text.EMPTY;
      default -> {
        TextBuilder out = new TextBuilder(meter);
        represent(value, out, meter);
        yield out.build();
      }
    };
  }

  /** A value as it would stand in a program. */
  static Text representation(Value value, Meter meter) {
    TextBuilder out = new TextBuilder(meter);
    represent(value, out, meter);
    return out.build();
  }

  private static void represent(Value value, TextBuilder out, Meter meter) {
    meter.step();
    switch (value) {
      case Value.None _ -> out.add("None");
      case Value.Bool bool -> out.add(bool.truth() ? "True" : "False");
      case Value.Int number -> out.add(number.value().toString());
      case Value.Real number -> out.add(Numbers.written(number.value()));
      case Text text -> quote(text, out);
      case Undefined _ -> out.add("Undefined");
      case Seq seq -> represent(seq, out, meter);
      case Dict dict -> represent(dict, out, meter);
      case Namespace namespace -> {
        out.add("<Namespace ");
        represent(namespace.dict(), out, meter);
        out.add(">");
      }
      case Callable callable -> out.add(callable.shown());
    }
  }

  private static void represent(Seq seq, TextBuilder out, Meter meter) {
    meter.enter();
    switch (seq.kind()) {
      case LIST -> list(seq.items(), "[", "]", out, meter);
      case TUPLE -> list(seq.items(), "(", seq.items().size() == 1 ? ",)" : ")", out, meter);
      case KEYS, VALUES, ITEMS -> list(seq.items(), seq.type() + "([", "])", out, meter);
      case RANGE -> out.add(String.valueOf(seq.range()));
      case GENERATOR -> out.add("<generator object>");
    }
    meter.leave();
  }

  private static void list(
      List<Value> items, String begin, String end, TextBuilder out, Meter meter) {
    out.add(begin);
    String separator = "";
    for (Value item : items) {
      out.add(separator);
      represent(item, out, meter);
      separator = ", ";
    }
    out.add(end);
  }

  private static void represent(Dict dict, TextBuilder out, Meter meter) {
    meter.enter();
    out.add("{");
    for (Iterator<Dict.Entry> i = dict.entries().iterator(); i.hasNext(); ) {
      Dict.Entry entry = i.next();
      represent(entry.key(), out, meter);
      out.add(": ");
      represent(entry.value(), out, meter);
      out.add(i.hasNext() ? ", " : "");
    }
    out.add("}");
    meter.leave();
  }

  private static void quote(Text text, TextBuilder out) {
    String string = text.string();
    char mark = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder quoted = new StringBuilder(string.length() + 2).append(mark);
    string.codePoints().forEach(c -> quote(c, mark, quoted));
    quoted.append(mark);
    if (text.markup()) {
      out.add("Markup(").add(text.markup(false).derived(quoted.toString())).add(")");
    } else {
      out.add(text.derived(quoted.toString()));
    }
  }

  private static void quote(int c, char mark, StringBuilder out) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\\' -> out.append("\\\\");
      default -> {
        if (c == mark) {
          out.append('\\').append(mark);
        } else if (printable(c)) {
          out.appendCodePoint(c);
        } else if (c < 0x100) {
          out.append(String.format("\\x%02x", c));
        } else {
          out.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
        }
      }
    }
  }

  static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
