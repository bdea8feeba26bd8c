package dev.jubal.llama.template.jinja.value;

/** The method {@code text.format(values)}. */
final class BraceFormat {
  private final Text format;
  private final Arguments arguments;
  private final Meter meter;
  private final TextBuilder out;
  private int next;

  private BraceFormat(Text format, Arguments arguments, Meter meter) {
    this.format = format;
    this.arguments = arguments;
    this.meter = meter;
    this.out = new TextBuilder(meter);
  }

  static Text format(Text format, Arguments arguments, Meter meter) {
    return new BraceFormat(format, arguments, meter).run();
  }

  private Text run() {
    String s = format.string();
    int from = 0;
    int at = 0;
    while (at < s.length()) {
      char c = s.charAt(at);
      boolean twice = at + 1 < s.length() && s.charAt(at + 1) == c;
      if (c == '{' && !twice) {
        out.add(format, from, at);
        int end = end(s, at + 1);
        field(s.substring(at + 1, end));
        from = end + 1;
        at = from;
      } else if (c == '{' || c == '}') {
        if (!twice) {
          throw TemplateException.failed("Single '" + c + "' encountered in format string");
        }
        out.add(format, from, at + 1);
        from = at + 2;
        at = from;
      } else {
        at++;
      }
    }
    return out.add(format, from, s.length()).build().markup(format.markup());
  }

  private static int end(String s, int from) {
    int end = s.indexOf('}', from);
    int inner = s.indexOf('{', from);
    if (end < 0) {
      throw TemplateException.failed("expected '}' before end of string");
    }
    if (inner >= 0 && inner < end) {
      throw TemplateException.failed("a format within a format is not offered");
    }
    return end;
  }

  private void field(String field) {
    int colon = field.indexOf(':');
    String name = colon < 0 ? field : field.substring(0, colon);
    String spec = colon < 0 ? "" : field.substring(colon + 1);
    int mark = name.indexOf('!');
    String conversion = mark < 0 ? "" : name.substring(mark + 1);
    Value value = value(mark < 0 ? name : name.substring(0, mark));
    Value shown =
        switch (conversion) {
          case "" -> value;
          case "s" -> Display.text(value, meter);
          case "r" -> Display.representation(value, meter);
          default -> throw TemplateException.failed("Unknown conversion specifier " + conversion);
        };
    Text laidOut = spec.isEmpty() ? Display.text(shown, meter) : laidOut(shown, spec);
    out.add(format.markup() ? Operators.escaped(laidOut, meter) : laidOut);
  }

  private Value value(String path) {
    int at = 0;
    while (at < path.length() && path.charAt(at) != '.' && path.charAt(at) != '[') {
      at++;
    }
    Value value = argument(path.substring(0, at));
    while (at < path.length()) {
      boolean element = path.charAt(at) == '[';
      int end = at + 1;
      while (end < path.length()
          && (element
              ? path.charAt(end) != ']'
              : path.charAt(end) != '.' && path.charAt(end) != '[')) {
        end++;
      }
      String name = path.substring(at + 1, end);
      if (element) {
        boolean number = !name.isEmpty() && name.chars().allMatch(Character::isDigit);
        Value index = number ? Value.Int.of(Integer.parseInt(name)) : Text.literal(name);
        value = Members.item(value, index, meter);
      } else {
        value = Members.attribute(value, name, meter);
      }
      if (value instanceof Undefined undefined) {
        throw undefined.error();
      }
      at = element ? end + 1 : end;
    }
    return value;
  }

  private Value argument(String name) {
    if (name.isEmpty() || (name.length() < 6 && name.chars().allMatch(Character::isDigit))) {
      int place = name.isEmpty() ? next++ : Integer.parseInt(name);
      if (place >= arguments.positional().size()) {
        throw TemplateException.failed("Replacement index " + place + " out of range");
      }
      return arguments.positional().get(place);
    }
    Value found = arguments.named().get(name);
    if (found == null) {
      throw TemplateException.failed("no argument '" + name + "' for the format");
    }
    return found;
  }

  /** Reads {@code [[fill]align][sign][#][0][width][grouping][.precision][type]}. */
  private Text laidOut(Value value, String spec) {
    Layout layout = new Layout();
    layout.leftByDefault();
    int at = 0;
    if (spec.length() > 1 && "<>=^".indexOf(spec.charAt(1)) >= 0) {
      layout.align(spec.substring(0, 1), spec.charAt(1));
      at = 2;
    } else if ("<>=^".indexOf(spec.charAt(0)) >= 0) {
      layout.align(" ", spec.charAt(0));
      at = 1;
    }
    if (at < spec.length() && "+- ".indexOf(spec.charAt(at)) >= 0) {
      layout.sign(spec.charAt(at++));
    }
    while (at < spec.length() && "#0".indexOf(spec.charAt(at)) >= 0) {
      layout.flag(spec.charAt(at++));
    }
    int digits = digits(spec, at);
    layout.width(digits == at ? -1 : count(spec.substring(at, digits)));
    at = digits;
    if (at < spec.length() && ",_".indexOf(spec.charAt(at)) >= 0) {
      layout.group(spec.charAt(at++));
    }
    if (at < spec.length() && spec.charAt(at) == '.') {
      digits = digits(spec, at + 1);
      layout.precision(count(spec.substring(at + 1, digits)));
      at = digits;
    }
    if (at < spec.length() - 1) {
      throw TemplateException.failed("Invalid format specifier '" + spec + "'");
    }
    return laidOut(value, at < spec.length() ? spec.charAt(at) : 0, layout);
  }

  private static int digits(String spec, int from) {
    int at = from;
    while (at < spec.length() && Character.digit(spec.charAt(at), 10) >= 0) {
      at++;
    }
    return at;
  }

  private static int count(String digits) {
    if (digits.isEmpty()) {
      throw TemplateException.failed("Format specifier missing precision");
    }
    return Percent.width(digits.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(digits));
  }

  private Text laidOut(Value value, char type, Layout layout) {
    if (value instanceof Text && (type == 0 || type == 's') && layout.plainText()) {
      return layout.text(Display.text(value, meter), meter);
    }
    boolean whole = value instanceof Value.Int || value instanceof Value.Bool;
    boolean real = value instanceof Value.Real;
    if (whole && (type == 0 || "dxXobn".indexOf(type) >= 0)) {
      return layout.number(new Value.Int(Numbers.whole(value)), type, meter);
    }
    if (((whole || real) && "eEfFgG%".indexOf(type) >= 0) || (real && type == 0)) {
      return layout.number(new Value.Real(Numbers.real(value)), type, meter);
    }
    throw TemplateException.failed(
        "Unknown format code '" + type + "' for object of type '" + value.type() + "'");
  }
}
