package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Callable;
import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.TextBuilder;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A macro: a body with parameters, in the scope it was defined in. */
record Macro(Program program, Frame home) implements Callable {

  /** What a macro takes; {@code otherwise} is its default. */
  record Parameter(String name, @Nullable Expression otherwise) {}

  /**
   * A macro as it is written.
   *
   * @param used names its body reads: varargs, kwargs and caller are only taken where they are read
   */
  record Program(String name, List<Parameter> parameters, Statement body, Set<String> used) {
    boolean has(String parameter) {
      return parameters.stream().anyMatch(p -> p.name.equals(parameter));
    }
  }

  @Override
  public String type() {
    return "Macro";
  }

  @Override
  public String shown() {
    return program.name.equals("caller") ? "<Macro anonymous>" : "<Macro '" + program.name + "'>";
  }

  @Override
  public @Nullable Value attribute(String name) {
    return name.equals("name") ? Text.literal(program.name) : null;
  }

  @Override
  public Value call(Arguments arguments, Meter meter) {
    meter.enter();
    Frame frame = home.inner();
    Map<String, Value> named = new LinkedHashMap<>(arguments.named());
    parameters(arguments.positional(), named, frame);
    rest(arguments.positional(), named, frame);
    TextBuilder out = new TextBuilder(meter);
    program.body.execute(frame, out);
    meter.leave();
    return out.build();
  }

  private void parameters(List<Value> positional, Map<String, Value> named, Frame frame) {
    for (int i = 0; i < program.parameters.size(); i++) {
      Parameter parameter = program.parameters.get(i);
      Value value = i < positional.size() ? positional.get(i) : named.remove(parameter.name);
      if (value == null) {
        value =
            parameter.otherwise == null
                ? new Undefined("parameter '" + parameter.name + "' was not provided")
                : parameter.otherwise.evaluate(frame);
      }
      frame.set(parameter.name, value);
    }
  }

  private void rest(List<Value> positional, Map<String, Value> named, Frame frame) {
    if (program.used.contains("caller") && !program.has("caller")) {
      Value caller = named.remove("caller");
      frame.set("caller", caller == null ? new Undefined("No caller defined") : caller);
    }
    if (program.used.contains("kwargs")) {
      Dict dict = new Dict();
      named.forEach(dict::put);
      frame.set("kwargs", dict);
    } else if (!named.isEmpty()) {
      throw TemplateException.failed(
          "macro '" + program.name + "' takes no keyword argument " + named.keySet());
    }
    int most = program.parameters.size();
    if (program.used.contains("varargs")) {
      int from = Math.min(most, positional.size());
      frame.set("varargs", new Seq(Seq.Kind.TUPLE, positional.subList(from, positional.size())));
    } else if (positional.size() > most) {
      throw TemplateException.failed(
          "macro '" + program.name + "' takes not more than " + most + " argument(s)");
    }
  }
}
