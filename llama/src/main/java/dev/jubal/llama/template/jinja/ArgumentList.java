package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call as they are written.
 *
 * @param row elements to give one by one, after the positional ones
 * @param dict pairs to give by name
 */
record ArgumentList(
    List<Expression> positional,
    Map<String, Expression> named,
    @Nullable Expression row,
    @Nullable Expression dict) {
  static final ArgumentList NONE = new ArgumentList(List.of(), Map.of(), null, null);

  static ArgumentList of(Expression only) {
    return new ArgumentList(List.of(only), Map.of(), null, null);
  }

  Arguments evaluate(Frame frame) {
    if (positional.isEmpty() && named.isEmpty() && row == null && dict == null) {
      return Arguments.NONE;
    }
    List<Value> values = new ArrayList<>(positional.size());
    for (Expression expression : positional) {
      values.add(expression.evaluate(frame));
    }
    if (row != null) {
      values.addAll(Operators.elements(row.evaluate(frame), frame.meter()));
    }
    if (named.isEmpty() && dict == null) {
      return new Arguments(values, Map.of());
    }
    Map<String, Value> names = new LinkedHashMap<>();
    named.forEach((name, expression) -> names.put(name, expression.evaluate(frame)));
    if (dict != null) {
      spread(dict.evaluate(frame), names);
    }
    return new Arguments(values, names);
  }

  private static void spread(Value value, Map<String, Value> names) {
    if (!(value instanceof Dict pairs)) {
      throw TemplateException.failed("argument after ** must be a mapping, not " + value.type());
    }
    for (Dict.Entry entry : pairs.entries()) {
      if (!(entry.key() instanceof Text name) || names.put(name.string(), entry.value()) != null) {
        throw TemplateException.failed("keywords must be strings, each once");
      }
    }
  }
}
