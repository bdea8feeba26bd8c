package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Callable;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** A call of what an expression gives. */
record Call(Expression callee, ArgumentList arguments) implements Expression {
  @Override
  public Value evaluate(Frame frame) {
    Value function = callee.evaluate(frame);
    return call(function, arguments.evaluate(frame), frame);
  }

  /** As {@link #evaluate}, with one more argument. */
  Value evaluate(Frame frame, String name, Value value) {
    Value function = callee.evaluate(frame);
    Arguments given = arguments.evaluate(frame);
    Map<String, Value> named = new LinkedHashMap<>(given.named());
    if (named.put(name, value) != null) {
      throw TemplateException.failed("got multiple values for keyword argument '" + name + "'");
    }
    return call(function, new Arguments(given.positional(), named), frame);
  }

  private static Value call(Value function, Arguments arguments, Frame frame) {
    frame.meter().step();
    return switch (function) {
      case Callable callable -> callable.call(arguments, frame.meter());
      case Undefined undefined -> throw undefined.error();
      default -> throw TemplateException.failed("'" + function.type() + "' object is not callable");
    };
  }
}
