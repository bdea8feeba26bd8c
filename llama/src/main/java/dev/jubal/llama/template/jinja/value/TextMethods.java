package dev.jubal.llama.template.jinja.value;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of a text. */
final class TextMethods {

  /** What a method does; the arguments are not yet checked. */
  private interface Method {
    Value call(Text self, Arguments arguments, Meter meter);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          Map.entry("capitalize", plain("capitalize", s -> Letters.capitalized(s))),
          Map.entry("casefold", plain("casefold", Letters::folded)),
          Map.entry("lower", plain("lower", s -> Letters.lower(s))),
          Map.entry("upper", plain("upper", s -> Letters.upper(s))),
          Map.entry("title", plain("title", s -> Letters.titled(s))),
          Map.entry("swapcase", plain("swapcase", s -> Letters.swapped(s))),
          Map.entry("strip", stripped("strip", true, true)),
          Map.entry("lstrip", stripped("lstrip", true, false)),
          Map.entry("rstrip", stripped("rstrip", false, true)),
          Map.entry("split", (s, a, m) -> split("split", s, a, m)),
          Map.entry("rsplit", (s, a, m) -> split("rsplit", s, a, m)),
          Map.entry("splitlines", TextMethods::lines),
          Map.entry("partition", (s, a, m) -> partition("partition", s, a)),
          Map.entry("rpartition", (s, a, m) -> partition("rpartition", s, a)),
          Map.entry("replace", TextMethods::replaced),
          Map.entry("join", TextMethods::joined),
          Map.entry("removeprefix", (s, a, m) -> without("removeprefix", s, a)),
          Map.entry("removesuffix", (s, a, m) -> without("removesuffix", s, a)),
          Map.entry("startswith", (s, a, m) -> affixed("startswith", s, a)),
          Map.entry("endswith", (s, a, m) -> affixed("endswith", s, a)),
          Map.entry("find", (s, a, m) -> found("find", s, a)),
          Map.entry("rfind", (s, a, m) -> found("rfind", s, a)),
          Map.entry("index", (s, a, m) -> found("index", s, a)),
          Map.entry("rindex", (s, a, m) -> found("rindex", s, a)),
          Map.entry("count", TextMethods::counted),
          Map.entry("center", (s, a, m) -> padded("center", s, a, m)),
          Map.entry("ljust", (s, a, m) -> padded("ljust", s, a, m)),
          Map.entry("rjust", (s, a, m) -> padded("rjust", s, a, m)),
          Map.entry("zfill", TextMethods::zeroFilled),
          Map.entry("format", (s, a, m) -> BraceFormat.format(s, a, m)),
          Map.entry("encode", absent("encode")),
          Map.entry("expandtabs", absent("expandtabs")),
          Map.entry("format_map", absent("format_map")),
          Map.entry("isidentifier", absent("isidentifier")),
          Map.entry("translate", absent("translate")),
          Map.entry("isspace", test("isspace", s -> all(s, Letters::space))),
          Map.entry("isdigit", test("isdigit", s -> all(s, Letters::digit))),
          Map.entry("isdecimal", test("isdecimal", s -> all(s, Character::isDigit))),
          Map.entry("isnumeric", test("isnumeric", s -> all(s, Letters::numeric))),
          Map.entry("isalpha", test("isalpha", s -> all(s, Character::isLetter))),
          Map.entry("isalnum", test("isalnum", s -> all(s, Letters::alphanumeric))),
          Map.entry("isascii", test("isascii", s -> s.chars().allMatch(c -> c < 128))),
          Map.entry(
              "isprintable", test("isprintable", s -> s.isEmpty() || all(s, Display::printable))),
          Map.entry("islower", test("islower", s -> Letters.cased(s, Letters.Case.LOWER))),
          Map.entry("isupper", test("isupper", s -> Letters.cased(s, Letters.Case.UPPER))),
          Map.entry("istitle", test("istitle", s -> Letters.cased(s, Letters.Case.TITLE))));

  private TextMethods() {}

  /** A method bound to a text, or null if there is none of that name. */
  static @Nullable Value find(Text self, String name) {
    Method method = METHODS.get(name);
    if (method == null) {
      return null;
    }
    return (Callable.Function)
        (arguments, meter) -> {
          meter.text(self.string().length());
          return method.call(self, arguments, meter);
        };
  }

  private static boolean all(String s, java.util.function.IntPredicate test) {
    return !s.isEmpty() && s.codePoints().allMatch(test);
  }

  private static Method plain(String name, java.util.function.UnaryOperator<String> change) {
    return (self, arguments, _) -> {
      arguments.unnamed(name, 0, 0);
      return self.mapped(change.apply(self.string()));
    };
  }

  /** A method that Python has and templates do not use. */
  private static Method absent(String name) {
    return (_, _, _) -> {
      throw TemplateException.failed("the method " + name + " is not offered");
    };
  }

  private static Method test(String name, java.util.function.Predicate<String> test) {
    return (self, arguments, _) -> {
      arguments.unnamed(name, 0, 0);
      return Value.Bool.of(test.test(self.string()));
    };
  }

  private static Method stripped(String name, boolean left, boolean right) {
    return (self, arguments, _) -> {
      Arguments.Bound bound = arguments.unnamed(name, 0, 1);
      return Pieces.stripped(self, bound.some(0) ? bound.text(0).string() : null, left, right);
    };
  }

  private static Value split(String name, Text self, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind(name, 0, "sep", "maxsplit");
    int most = bound.integer(1, -1);
    int cuts = most < 0 ? Integer.MAX_VALUE : most;
    boolean fromEnd = name.equals("rsplit");
    if (!bound.some(0)) {
      return Seq.list(Pieces.words(self, cuts, fromEnd, meter));
    }
    String separator = bound.text(0).string();
    if (separator.isEmpty()) {
      throw TemplateException.failed("empty separator");
    }
    return Seq.list(Pieces.split(self, separator, cuts, fromEnd, meter));
  }

  private static Value lines(Text self, Arguments arguments, Meter meter) {
    boolean keep = arguments.bind("splitlines", 0, "keepends").truth(0, false);
    return Seq.list(Pieces.lines(self, keep, meter));
  }

  private static Value partition(String name, Text self, Arguments arguments) {
    Text separator = arguments.unnamed(name, 1, 1).text(0);
    if (!separator.truth()) {
      throw TemplateException.failed("empty separator");
    }
    boolean last = name.equals("rpartition");
    String string = self.string();
    int at = last ? string.lastIndexOf(separator.string()) : string.indexOf(separator.string());
    if (at < 0) {
      Text none = self.slice(0, 0);
      return last ? Seq.tuple(none, none, self) : Seq.tuple(self, none, none);
    }
    int end = at + separator.string().length();
    return Seq.tuple(self.slice(0, at), self.slice(at, end), self.slice(end));
  }

  private static Value replaced(Text self, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.unnamed("replace", 2, 3);
    return Pieces.replaced(
        self, bound.text(0).string(), bound.text(1), bound.integer(2, -1), meter);
  }

  private static Value joined(Text self, Arguments arguments, Meter meter) {
    TextBuilder out = new TextBuilder(meter);
    boolean first = true;
    for (Value item : Operators.elements(arguments.unnamed("join", 1, 1).get(0), meter)) {
      if (!(item instanceof Text text)) {
        throw TemplateException.failed(
            "sequence item: expected str instance, " + item.type() + " found");
      }
      if (!first) {
        out.add(self);
      }
      out.add(self.markup() ? Operators.escaped(text, meter) : text);
      first = false;
    }
    return out.build().markup(self.markup());
  }

  private static Value without(String name, Text self, Arguments arguments) {
    String part = arguments.unnamed(name, 1, 1).text(0).string();
    String string = self.string();
    if (name.equals("removeprefix")) {
      return string.startsWith(part) ? self.slice(part.length()) : self;
    }
    return string.endsWith(part) ? self.slice(0, string.length() - part.length()) : self;
  }

  private static Value affixed(String name, Text self, Arguments arguments) {
    Arguments.Bound bound = arguments.unnamed(name, 1, 3);
    Text part = window(self, bound);
    boolean start = name.equals("startswith");
    if (bound.get(0) instanceof Seq seq && seq.kind() == Seq.Kind.TUPLE) {
      return Value.Bool.of(
          seq.items().stream()
              .anyMatch(v -> v instanceof Text affix && affixed(part, affix, start)));
    }
    return Value.Bool.of(affixed(part, bound.text(0), start));
  }

  private static boolean affixed(Text self, Text affix, boolean start) {
    return start
        ? self.string().startsWith(affix.string())
        : self.string().endsWith(affix.string());
  }

  /** The part between the second and the third argument. */
  private static Text window(Text self, Arguments.Bound bound) {
    if (!bound.some(1) && !bound.some(2)) {
      return self;
    }
    int points = self.points();
    int from = place(bound.some(1) ? bound.integer(1, 0) : 0, points);
    int to = place(bound.some(2) ? bound.integer(2, 0) : points, points);
    return from > to ? Text.EMPTY : self.slice(self.offset(from), self.offset(to));
  }

  private static int place(int given, int points) {
    return Math.clamp(given < 0 ? (long) given + points : given, 0, points);
  }

  private static Value found(String name, Text self, Arguments arguments) {
    Arguments.Bound bound = arguments.unnamed(name, 1, 3);
    String wanted = bound.text(0).string();
    String part = window(self, bound).string();
    int at = name.startsWith("r") ? part.lastIndexOf(wanted) : part.indexOf(wanted);
    if (at < 0) {
      if (name.endsWith("index")) {
        throw TemplateException.failed("substring not found");
      }
      return Value.Int.of(-1);
    }
    int before = bound.some(1) ? place(bound.integer(1, 0), self.points()) : 0;
    return Value.Int.of(before + (long) part.codePointCount(0, at));
  }

  private static Value counted(Text self, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.unnamed("count", 1, 3);
    String wanted = bound.text(0).string();
    Text part = window(self, bound);
    return Value.Int.of(
        wanted.isEmpty()
            ? part.points() + 1
            : Pieces.split(part, wanted, Integer.MAX_VALUE, false, meter).size() - 1);
  }

  private static Value padded(String name, Text self, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.unnamed(name, 1, 2);
    Text fill = bound.has(1) ? bound.text(1) : Text.literal(" ");
    if (fill.points() != 1) {
      throw TemplateException.failed("The fill character must be exactly one character long");
    }
    int missing = Math.max(0, bound.integer(0, 0) - self.points());
    // As Python centres: the odd character goes left when the width is odd.
    int left =
        switch (name) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & bound.integer(0, 0) & 1);
        };
    return new TextBuilder(meter)
        .add(Operators.repeated(fill, left, meter))
        .add(self)
        .add(Operators.repeated(fill, missing - left, meter))
        .build()
        .markup(self.markup());
  }

  private static Value zeroFilled(Text self, Arguments arguments, Meter meter) {
    int missing = arguments.unnamed("zfill", 1, 1).integer(0, 0) - self.points();
    if (missing <= 0) {
      return self;
    }
    boolean signed = self.string().startsWith("+") || self.string().startsWith("-");
    int sign = signed ? 1 : 0;
    return new TextBuilder(meter)
        .add(self.slice(0, sign))
        .add(Operators.repeated(Text.literal("0"), missing, meter))
        .add(self.slice(sign))
        .build()
        .markup(self.markup());
  }
}
