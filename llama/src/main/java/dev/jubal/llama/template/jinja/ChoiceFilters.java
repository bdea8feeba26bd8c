package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Functions.Filter;
import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Display;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters that apply another filter or a test to each element. */
final class ChoiceFilters {
  private final Functions functions;

  ChoiceFilters(Functions functions) {
    this.functions = functions;
  }

  void addTo(Map<String, Filter> filters) {
    filters.put("map", this::mapped);
    filters.put("select", (v, a, m) -> chosen(v, a, m, false, true));
    filters.put("reject", (v, a, m) -> chosen(v, a, m, false, false));
    filters.put("selectattr", (v, a, m) -> chosen(v, a, m, true, true));
    filters.put("rejectattr", (v, a, m) -> chosen(v, a, m, true, false));
  }

  private Value mapped(Value value, Arguments arguments, Meter meter) {
    List<Value> mapped = new ArrayList<>();
    if (!value.truth()) {
      return Seq.generator(mapped);
    }
    if (arguments.positional().isEmpty()) {
      return attributes(value, arguments, meter);
    }
    String name = Display.text(arguments.positional().getFirst(), meter).string();
    for (Value item : Operators.elements(value, meter)) {
      meter.step();
      mapped.add(functions.filter(name, item, arguments.rest(), meter));
    }
    return Seq.generator(mapped);
  }

  private static Value attributes(Value value, Arguments arguments, Meter meter) {
    Value path = arguments.named().get("attribute");
    if (path == null || !Set.of("attribute", "default").containsAll(arguments.named().keySet())) {
      throw TemplateException.failed("map requires a filter argument");
    }
    Value otherwise = arguments.named().get("default");
    List<Value> mapped = new ArrayList<>();
    for (Value item : Operators.elements(value, meter)) {
      Value found = Attributes.of(item, path, meter);
      boolean missing = found instanceof Undefined && otherwise != null;
      mapped.add(missing && otherwise != null ? otherwise : found);
    }
    return Seq.generator(mapped);
  }

  private Value chosen(
      Value value, Arguments arguments, Meter meter, boolean attribute, boolean wanted) {
    List<Value> chosen = new ArrayList<>();
    if (!value.truth()) {
      return Seq.generator(chosen);
    }
    if (attribute && arguments.positional().isEmpty()) {
      throw TemplateException.failed("Missing parameter for attribute name");
    }
    Arguments rest = attribute ? arguments.rest() : arguments;
    for (Value item : Operators.elements(value, meter)) {
      meter.step();
      Value looked =
          attribute ? Attributes.of(item, arguments.positional().getFirst(), meter) : item;
      if (holds(looked, rest, meter) == wanted) {
        chosen.add(item);
      }
    }
    return Seq.generator(chosen);
  }

  private boolean holds(Value value, Arguments arguments, Meter meter) {
    if (arguments.positional().isEmpty()) {
      return value.truth();
    }
    String test = Display.text(arguments.positional().getFirst(), meter).string();
    return functions.test(test, value, arguments.rest(), meter);
  }
}
