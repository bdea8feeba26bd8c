package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Namespace;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.List;

/** What a value is assigned to. */
@FunctionalInterface
interface Target {
  void assign(Frame frame, Value value);

  static Target name(String name) {
    return (frame, value) -> frame.set(name, value);
  }

  /** An attribute of a namespace. */
  static Target attribute(String owner, String name) {
    return (frame, value) -> {
      if (!(frame.get(owner) instanceof Namespace namespace)) {
        throw TemplateException.failed("cannot assign attribute on non-namespace object");
      }
      namespace.set(name, value);
    };
  }

  /** Several at once, from as many elements. */
  static Target row(List<Target> targets) {
    return (frame, value) -> {
      List<Value> elements = Operators.elements(value, frame.meter());
      if (elements.size() != targets.size()) {
        throw TemplateException.failed(
            "cannot unpack " + elements.size() + " values (expected: " + targets.size() + ")");
      }
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(frame, elements.get(i));
      }
    };
  }
}
