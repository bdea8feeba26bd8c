package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Functions.Filter;
import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Callable;
import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.Display;
import dev.jubal.llama.template.jinja.value.JsonWriter;
import dev.jubal.llama.template.jinja.value.Letters;
import dev.jubal.llama.template.jinja.value.Members;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.Percent;
import dev.jubal.llama.template.jinja.value.Pieces;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.TextBuilder;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that give a text. */
final class TextFilters {
  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final int TRUNCATE_LEEWAY = 5;

  private TextFilters() {}

  static void addTo(Map<String, Filter> filters) {
    filters.put("upper", cased("upper", Letters::upper));
    filters.put("lower", cased("lower", Letters::lower));
    filters.put("capitalize", cased("capitalize", Letters::capitalized));
    filters.put("title", cased("title", TextFilters::titled));
    filters.put("string", (v, a, m) -> Display.text(v, m));
    filters.put("safe", (v, a, m) -> Display.text(v, m).markup(true));
    filters.put("escape", (v, a, m) -> Operators.escaped(v, m));
    filters.put("e", (v, a, m) -> Operators.escaped(v, m));
    filters.put("forceescape", (v, a, m) -> Operators.escaped(Display.text(v, m).markup(false), m));
    filters.put("trim", TextFilters::trim);
    filters.put("replace", TextFilters::replace);
    filters.put("join", TextFilters::join);
    filters.put("indent", TextFilters::indent);
    filters.put("truncate", TextFilters::truncate);
    filters.put("center", TextFilters::center);
    filters.put("format", TextFilters::format);
    filters.put("tojson", TextFilters::json);
    filters.put("urlencode", TextFilters::encoded);
    filters.put("wordcount", TextFilters::words);
  }

  private static Filter cased(String name, UnaryOperator<String> change) {
    return (value, arguments, meter) -> {
      arguments.bind(name, 0);
      Text text = Display.text(value, meter);
      meter.text(text.string().length());
      return text.mapped(change.apply(text.string()));
    };
  }

  private static String titled(String text) {
    StringBuilder out = new StringBuilder(text.length());
    Matcher between = BETWEEN_WORDS.matcher(text);
    int from = 0;
    while (from <= text.length()) {
      boolean found = between.find();
      int end = found ? between.start() : text.length();
      if (end > from) {
        int first = text.offsetByCodePoints(from, 1);
        out.append(Letters.upper(text.substring(from, first)));
        out.append(Letters.lower(text.substring(first, end)));
      }
      if (!found) {
        break;
      }
      out.append(between.group());
      from = between.end();
    }
    return out.toString();
  }

  private static Value trim(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("trim", 0, "chars");
    String characters = bound.some(0) ? bound.text(0).string() : null;
    return Pieces.stripped(Display.text(value, meter), characters, true, true);
  }

  private static Value replace(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
    return Pieces.replaced(
        Display.text(value, meter).markup(false),
        Display.text(bound.get(0), meter).string(),
        Display.text(bound.get(1), meter).markup(false),
        bound.some(2) ? bound.integer(2, -1) : -1,
        meter);
  }

  private static Value join(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("join", 0, "d", "attribute");
    Text separator = Display.text(bound.get(0, Text.EMPTY), meter).markup(false);
    TextBuilder out = new TextBuilder(meter);
    boolean first = true;
    for (Value item : Operators.elements(value, meter)) {
      if (!first) {
        out.add(separator);
      }
      Value part = bound.some(1) ? Attributes.of(item, bound.get(1), meter) : item;
      out.add(Display.text(part, meter));
      first = false;
    }
    return out.build();
  }

  private static Value indent(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("indent", 0, "width", "first", "blank");
    Text by =
        bound.has(0) && bound.get(0) instanceof Text text
            ? text
            : Operators.repeated(Text.literal(" "), Math.max(0, bound.integer(0, 4)), meter);
    if (!(value instanceof Text text)) {
      throw value instanceof Undefined undefined
          ? undefined.error()
          : TemplateException.failed("indent: '" + value.type() + "' is not a text");
    }
    TextBuilder out = new TextBuilder(meter);
    Text ended = new TextBuilder(meter).add(text).add("\n").build();
    List<Value> lines = Pieces.lines(ended, false, meter);
    for (int i = 0; i < lines.size(); i++) {
      boolean indented =
          i == 0 ? bound.truth(1, false) : bound.truth(2, false) || lines.get(i).truth();
      out.add(i == 0 ? "" : "\n").add(indented ? by : Text.EMPTY).add((Text) lines.get(i));
    }
    return out.build().markup(text.markup());
  }

  private static Value truncate(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("truncate", 0, "length", "killwords", "end", "leeway");
    Text end = bound.has(2) ? bound.text(2) : Text.literal("...");
    int length = bound.integer(0, 255);
    int leeway = bound.some(3) ? bound.integer(3, TRUNCATE_LEEWAY) : TRUNCATE_LEEWAY;
    if (length < end.points() || leeway < 0) {
      throw TemplateException.failed(
          "truncate: length " + length + " (expected: room for the end)");
    }
    if (Operators.length(value) <= (long) length + leeway) {
      return value;
    }
    if (!(value instanceof Text text)) {
      throw TemplateException.failed("truncate: '" + value.type() + "' is not a text");
    }
    Value to = Value.Int.of((long) length - end.points());
    Text cut = (Text) Members.slice(text, Value.None.NONE, to, Value.None.NONE, meter);
    int blank = cut.string().lastIndexOf(' ');
    Text kept = bound.truth(1, false) || blank < 0 ? cut : cut.slice(0, blank);
    return new TextBuilder(meter).add(kept).add(end).build().markup(text.markup());
  }

  private static Value center(Value value, Arguments arguments, Meter meter) {
    Value width = arguments.bind("center", 0, "width").get(0, Value.Int.of(80));
    Value method = Members.attribute(Display.text(value, meter), "center", meter);
    return ((Callable) method).call(new Arguments(List.of(width), Map.of()), meter);
  }

  private static Value format(Value value, Arguments arguments, Meter meter) {
    if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
      throw TemplateException.failed("format: positional and named values at once");
    }
    if (!arguments.named().isEmpty()) {
      throw TemplateException.failed("format: named values are not offered");
    }
    Value row = new Seq(Seq.Kind.TUPLE, arguments.positional());
    return Percent.format(Display.text(value, meter), row, meter);
  }

  private static Value json(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound =
        arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    Text indent = null;
    if (bound.some(1)) {
      indent =
          bound.get(1) instanceof Text text
              ? text
              : Operators.repeated(Text.literal(" "), Math.max(0, bound.integer(1, 0)), meter);
    }
    Text comma = Text.literal(indent == null ? ", " : ",");
    Text colon = Text.literal(": ");
    if (bound.some(2)) {
      List<Value> pair = Operators.elements(bound.get(2), meter);
      if (pair.size() != 2
          || !(pair.get(0) instanceof Text first)
          || !(pair.get(1) instanceof Text second)) {
        throw TemplateException.failed("tojson: separators (expected: two texts)");
      }
      comma = first;
      colon = second;
    }
    JsonWriter.Style style =
        new JsonWriter.Style(indent, comma, colon, bound.truth(3, false), bound.truth(0, false));
    return JsonWriter.write(value, style, meter);
  }

  private static Value encoded(Value value, Arguments arguments, Meter meter) {
    arguments.bind("urlencode", 0);
    if (value instanceof Seq || value instanceof Dict) {
      throw TemplateException.failed("urlencode of a " + value.type() + " is not offered");
    }
    Text text = Display.text(value, meter);
    StringBuilder out = new StringBuilder();
    for (byte b : text.string().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "_.-~/".indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    meter.text(out.length());
    return text.derived(out.toString()).markup(false);
  }

  private static Value words(Value value, Arguments arguments, Meter meter) {
    arguments.bind("wordcount", 0);
    String text = Display.text(value, meter).string();
    meter.text(text.length());
    long words = 0;
    boolean within = false;
    for (int c : text.codePoints().toArray()) {
      boolean part = c == '_' || Letters.alphanumeric(c);
      words += part && !within ? 1 : 0;
      within = part;
    }
    return Value.Int.of(words);
  }
}
