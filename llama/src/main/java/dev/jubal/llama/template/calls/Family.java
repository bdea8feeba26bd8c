package dev.jubal.llama.template.calls;

import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A family of models that write function calls alike.
 *
 * @param name of the family
 * @param syntax how it writes calls
 */
public record Family(String name, CallSyntax syntax) {
  private static final String JSON_NAME = "{\"name\": \"";
  private static final String JSON_ARGUMENTS = "\", \"arguments\": ";

  /** Hermes, Qwen, Granite and many more; also the one that is taught to models of no family. */
  public static final Family HERMES =
      family("hermes")
          .opening(plain("<tool_call>\n"))
          .call(plain(JSON_NAME), plain(JSON_ARGUMENTS), plain("}"))
          .between(plain("\n</tool_call>\n<tool_call>\n"))
          .closing(plain("\n</tool_call>"))
          .anywhere();

  /** All families whose templates write calls themselves; a template tells by how it writes one. */
  public static final List<Family> ALL =
      List.of(
          HERMES,
          family("mistral")
              .opening(control("[TOOL_CALLS]"), plain("["))
              .call(plain(JSON_NAME), plain(JSON_ARGUMENTS), plain("}"))
              .between(plain(", "))
              .closing(plain("]"))
              .anywhere(),
          family("mistral-args")
              .call(control("[TOOL_CALLS]"), control("[ARGS]"), plain(""))
              .anywhere(),
          family("deepseek-v3.1")
              .opening(control("<｜tool▁calls▁begin｜>"))
              .call(
                  control("<｜tool▁call▁begin｜>"),
                  control("<｜tool▁sep｜>"),
                  control("<｜tool▁call▁end｜>"))
              .closing(control("<｜tool▁calls▁end｜>"))
              .anywhere(),
          new Building("deepseek-r1")
              .opening(control("<｜tool▁calls▁begin｜>"))
              .beforeName(
                  control("<｜tool▁call▁begin｜>"), plain("function"), control("<｜tool▁sep｜>"))
              .beforeArguments(plain("\n```json\n"))
              .afterArguments(plain("\n```"), control("<｜tool▁call▁end｜>"))
              .between(plain("\n"))
              .closing(control("<｜tool▁calls▁end｜>"))
              .anywhere(),
          family("nemotron")
              .opening(plain("<TOOLCALL>["))
              .call(plain(JSON_NAME), plain(JSON_ARGUMENTS), plain("}"))
              .between(plain(", "))
              .closing(plain("]</TOOLCALL>"))
              .anywhere(),
          family("apriel")
              .opening(plain("<tool_calls>["))
              .call(plain(JSON_NAME), plain(JSON_ARGUMENTS), plain("}"))
              .between(plain(", "))
              .closing(plain("]</tool_calls>"))
              .anywhere(),
          family("minimax-m1")
              .opening(plain("<tool_calls>\n"))
              .call(plain(JSON_NAME), plain(JSON_ARGUMENTS), plain("}"))
              .between(plain("\n"))
              .closing(plain("\n</tool_calls>"))
              .anywhere(),
          family("functionary")
              .call(plain("<function="), plain(">"), plain("</function>"))
              .anywhere(),
          family("llama-3")
              .call(plain(JSON_NAME), plain("\", \"parameters\": "), plain("}"))
              .between(plain("; "))
              .alone());

  /** The text of segments. */
  public static String text(List<Segment> segments) {
    return segments.stream().map(Segment::text).collect(Collectors.joining());
  }

  private static Segment plain(String text) {
    return new Segment(text, false);
  }

  private static Segment control(String text) {
    return new Segment(text, true);
  }

  private static Building family(String name) {
    return new Building(name);
  }

  /**
   * The pieces of one call as this family writes it, to be looked for in this order.
   *
   * @param arguments JSON text
   */
  public List<String> written(String function, String arguments) {
    return List.of(
        text(syntax.opening()) + text(syntax.beforeName()) + function,
        text(syntax.beforeArguments()),
        arguments,
        text(syntax.afterArguments()),
        text(syntax.closing()));
  }

  /** Puts a family together; what is not said stays empty. */
  private static final class Building {
    private final String name;
    private final List<List<Segment>> parts = new ArrayList<>();

    Building(String name) {
      this.name = name;
      for (int i = 0; i < 6; i++) {
        parts.add(List.of());
      }
    }

    private Building part(int place, Segment... segments) {
      List<Segment> written = new ArrayList<>(List.of(segments));
      written.removeIf(s -> s.text().isEmpty());
      parts.set(place, written);
      return this;
    }

    Building opening(Segment... segments) {
      return part(0, segments);
    }

    Building beforeName(Segment... segments) {
      return part(1, segments);
    }

    Building beforeArguments(Segment... segments) {
      return part(2, segments);
    }

    Building afterArguments(Segment... segments) {
      return part(3, segments);
    }

    Building call(Segment beforeName, Segment beforeArguments, Segment afterArguments) {
      return beforeName(beforeName).beforeArguments(beforeArguments).afterArguments(afterArguments);
    }

    Building between(Segment... segments) {
      return part(4, segments);
    }

    Building closing(Segment... segments) {
      return part(5, segments);
    }

    /** Text may stand before calls. */
    Family anywhere() {
      return build(true);
    }

    /** An answer is either text or calls. */
    Family alone() {
      return build(false);
    }

    private Family build(boolean anywhere) {
      return new Family(
          name,
          new CallSyntax(
              parts.get(0),
              parts.get(1),
              parts.get(2),
              parts.get(3),
              parts.get(4),
              parts.get(5),
              anywhere));
    }
  }
}
