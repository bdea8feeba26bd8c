package dev.jubal.app.operate;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The file of a state: always the same text for the same state. */
final class StateText {
  private static final String HEAD =
      """
      # What operators set on this server, without secrets. Written by `jubal export`.
      # `jubal apply -f FILE --dry-run` tells what a file would change, `jubal apply -f FILE` does it.
      # A field that is left out stays as it is; null says that there is none. Nothing is deleted
      # without --prune, which deletes what is missing in the lists that are here.
      """;

  /** What reads as a word to every YAML reader. */
  private static final Pattern BARE = Pattern.compile("[A-Za-z][A-Za-z0-9_./@+-]*");

  private static final Set<String> RESERVED =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

  private final StringBuilder text = new StringBuilder();

  private StateText() {}

  static String of(Thing state) {
    StateText page = new StateText();
    page.text.append(HEAD).append("version: ").append(Kind.VERSION).append('\n');
    for (Kind kind : Kind.STATE.parts()) {
      page.section(state, kind, "");
    }
    return page.text.toString();
  }

  private void section(Thing of, Kind kind, String indent) {
    if (!kind.about().isEmpty()) {
      text.append('\n');
      kind.about().forEach(line -> text.append("# ").append(line).append('\n'));
    }
    List<Thing> things = of.parts(kind);
    text.append(indent).append(kind.section()).append(':');
    text.append(things.isEmpty() ? " []\n" : "\n");
    for (Thing thing : things) {
      if (kind.oneLine()) {
        line(thing, indent + "  ");
      } else {
        block(thing, indent + "  ");
      }
    }
  }

  private void line(Thing thing, String indent) {
    text.append(indent).append("- {");
    text.append(
        thing.kind().fields().stream()
            .filter(f -> !f.hidden())
            .map(f -> f.name() + ": " + scalar(f, thing.get(f.name())))
            .collect(Collectors.joining(", ")));
    text.append("}\n");
  }

  private void block(Thing thing, String indent) {
    String before = indent + "- ";
    for (Field f : thing.kind().fields()) {
      if (f.hidden()) {
        continue;
      }
      text.append(before).append(f.name()).append(':');
      before = indent + "  ";
      value(f, thing.get(f.name()), before);
    }
    for (Kind part : thing.kind().parts()) {
      section(thing, part, indent + "  ");
    }
  }

  private void value(Field f, String value, String indent) {
    if (f.form().kind() != Form.Kind.LIST) {
      text.append(' ').append(scalar(f, value)).append('\n');
      return;
    }
    List<String> items = Form.items(value);
    text.append(items.isEmpty() ? " []\n" : "\n");
    items.forEach(item -> text.append(indent).append("  - ").append(word(item)).append('\n'));
  }

  private static String scalar(Field f, String value) {
    if (f.form().nothing(value)) {
      return "null";
    }
    return f.form().kind() == Form.Kind.TEXT ? word(value) : value;
  }

  private static String word(String value) {
    return BARE.matcher(value).matches()
            && !RESERVED.contains(value.toLowerCase(java.util.Locale.ROOT))
        ? value
        : quoted(value);
  }

  private static String quoted(String value) {
    StringBuilder out = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
              } else if ((c >= 0x20 && c < 0x7f) || Character.isLetterOrDigit(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(c > 0xffff ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
              }
            });
    return out.append('"').toString();
  }
}
