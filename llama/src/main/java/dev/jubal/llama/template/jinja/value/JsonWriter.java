package dev.jubal.llama.template.jinja.value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as JSON, as Python's {@code json.dumps} writes them. */
public final class JsonWriter {
  /**
   * How to write.
   *
   * @param indent what each level is indented by; null for one line
   * @param comma between elements
   * @param colon between key and value
   */
  public record Style(
      @Nullable Text indent, Text comma, Text colon, boolean sorted, boolean ascii) {
    /** One line, with a blank after comma and colon. */
    public static final Style LINE =
        new Style(null, Text.literal(", "), Text.literal(": "), false, false);
  }

  private final Style style;
  private final Meter meter;
  private final TextBuilder out;
  private int level;

  private JsonWriter(Style style, Meter meter) {
    this.style = style;
    this.meter = meter;
    this.out = new TextBuilder(meter);
  }

  /**
   * A value as JSON.
   *
   * @throws TemplateException if it is none of JSON's kinds
   */
  public static Text write(Value value, Style style, Meter meter) {
    JsonWriter writer = new JsonWriter(style, meter);
    writer.write(value);
    return writer.out.build();
  }

  private void write(Value value) {
    meter.step();
    switch (value) {
      case Value.None _ -> out.add("null");
      case Value.Bool bool -> out.add(bool.truth() ? "true" : "false");
      case Value.Int number -> out.add(number.value().toString());
      case Value.Real number -> out.add(real(number.value()));
      case Text text -> quote(text);
      case Seq seq when seq.kind() == Seq.Kind.LIST || seq.kind() == Seq.Kind.TUPLE -> list(seq);
      case Dict dict -> dict(dict);
      default ->
          throw TemplateException.failed(
              "Object of type " + value.type() + " is not JSON serializable");
    }
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return Numbers.written(value);
  }

  private void list(Seq seq) {
    if (seq.items().isEmpty()) {
      out.add("[]");
      return;
    }
    begin("[");
    boolean first = true;
    for (Value item : seq.items()) {
      next(first);
      write(item);
      first = false;
    }
    end("]");
  }

  private void dict(Dict dict) {
    if (dict.size() == 0) {
      out.add("{}");
      return;
    }
    begin("{");
    boolean first = true;
    for (Dict.Entry entry : style.sorted ? sorted(dict) : dict.entries()) {
      next(first);
      quote(key(entry.key()));
      out.add(style.colon);
      write(entry.value());
      first = false;
    }
    end("}");
  }

  private Collection<Dict.Entry> sorted(Dict dict) {
    List<Dict.Entry> entries = new ArrayList<>(dict.entries());
    entries.sort(
        Comparator.comparing(Dict.Entry::key, (a, b) -> Equality.compare(a, b, "<", meter)));
    return entries;
  }

  private static Text key(Value key) {
    return switch (key) {
      case Text text -> text;
      case Value.None _ -> Text.literal("null");
      case Value.Bool bool -> Text.literal(bool.truth() ? "true" : "false");
      case Value.Int number -> Text.literal(number.value().toString());
      case Value.Real number -> Text.literal(real(number.value()));
      default ->
          throw TemplateException.failed(
              "keys must be str, int, float, bool or None, not " + key.type());
    };
  }

  private void begin(String bracket) {
    meter.enter();
    level++;
    out.add(bracket);
  }

  private void next(boolean first) {
    if (!first) {
      out.add(style.comma);
    }
    line();
  }

  private void end(String bracket) {
    meter.leave();
    level--;
    line();
    out.add(bracket);
  }

  private void line() {
    if (style.indent != null) {
      out.add("\n").add(Operators.repeated(style.indent, level, meter));
    }
  }

  private void quote(Text text) {
    String s = text.string();
    StringBuilder quoted = new StringBuilder(s.length() + 2).append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          if (c < ' ' || (style.ascii && c > '~')) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    out.add(text.markup(false).derived(quoted.append('"').toString()));
  }
}
