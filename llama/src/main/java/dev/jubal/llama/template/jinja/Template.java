package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Limits;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.TemplateException.Kind;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.TextBuilder;
import dev.jubal.llama.template.jinja.value.Value;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** A template that has been read. Immutable and thread-safe. */
public final class Template {
  private final Statement program;
  private final Functions functions;

  private Template(Statement program, Functions functions) {
    this.program = program;
    this.functions = functions;
  }

  /**
   * Reads a template.
   *
   * @param clock what time it is for {@code strftime_now}, and where
   * @throws TemplateException SYNTAX if it cannot be read; the message names the line
   */
  public static Template parse(String jinja, Clock clock) {
    Functions functions = new Functions(clock);
    return new Template(Parser.parse(jinja, functions), functions);
  }

  /**
   * Renders it.
   *
   * @param variables what the template may read; never changed
   * @throws TemplateException if the template refuses the variables, cannot do with them what it
   *     wants, or reaches a limit
   */
  public Text render(Map<String, Value> variables, Limits limits) {
    Meter meter = new Meter(limits);
    Map<String, Value> names = new HashMap<>(functions.globals());
    names.putAll(variables);
    TextBuilder out = new TextBuilder(meter);
    try {
      program.execute(Frame.of(names, meter).inner(), out);
    } catch (StackOverflowError e) {
      // The depth limits bound what a template nests, but not on how small a stack it runs.
      throw new TemplateException(Kind.LIMIT, "the template needs more stack than there is");
    }
    return out.build();
  }
}
