package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.JsonReader;
import dev.jubal.llama.template.jinja.value.Limits;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Templates with what a reference renders from them: a folder {@code templates}, {@code
 * conversations.json} (variables by name) and {@code expected.json} (by template and conversation,
 * {@code out} or {@code err}).
 */
final class Corpus {
  /** The reference ran with this clock. */
  static final Clock CLOCK =
      Clock.fixed(LocalDateTime.of(2026, 11, 21, 7, 30).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);

  private final Path folder;
  private int cases;

  Corpus(Path folder) {
    this.folder = folder;
  }

  int cases() {
    return cases;
  }

  /** The templates by name. */
  Map<String, String> templates() throws IOException {
    Map<String, String> templates = new HashMap<>();
    for (Dict.Entry template : json("expected.json").entries()) {
      String name = template.key().toString();
      templates.put(name, Files.readString(folder.resolve("templates").resolve(name)));
    }
    return templates;
  }

  /** What differs, one line each. */
  List<String> differences() throws IOException {
    Dict conversations = json("conversations.json");
    Map<String, String> templates = templates();
    List<String> differences = new ArrayList<>();
    for (Dict.Entry template : json("expected.json").entries()) {
      String jinja = String.valueOf(templates.get(template.key().toString()));
      for (Dict.Entry expected : ((Dict) template.value()).entries()) {
        cases++;
        if (!(conversations.get(expected.key()) instanceof Dict variables)) {
          throw new IllegalArgumentException("no conversation " + expected.key());
        }
        String found = difference(jinja, variables, (Dict) expected.value());
        if (!found.isEmpty()) {
          differences.add(template.key() + " " + expected.key() + ": " + found);
        }
      }
    }
    return differences;
  }

  private Dict json(String file) throws IOException {
    return (Dict) JsonReader.read(Files.readString(folder.resolve(file)));
  }

  /** How what we render differs from what is expected; empty for not at all. */
  static String difference(String jinja, Dict variables, Dict expected) {
    Map<String, Value> names = new HashMap<>();
    variables.entries().forEach(e -> names.put(e.key().toString(), e.value()));
    Value out = expected.get("out");
    try {
      Text rendered = Template.parse(jinja, CLOCK).render(names, Limits.DEFAULT);
      if (out == null) {
        return "renders (expected: " + expected.get("err") + ")";
      }
      return rendered.equals(out) ? "" : difference(rendered.string(), out.toString());
    } catch (TemplateException e) {
      return out == null ? "" : e.getMessage() + " (expected: a text)";
    }
  }

  private static String difference(String found, String expected) {
    int at = 0;
    while (at < Math.min(found.length(), expected.length())
        && found.charAt(at) == expected.charAt(at)) {
      at++;
    }
    return "at " + at + " '" + part(found, at) + "' (expected: '" + part(expected, at) + "')";
  }

  private static String part(String text, int at) {
    return text.substring(Math.max(0, at - 10), Math.min(text.length(), at + 40))
        .replace("\n", "\\n");
  }
}
