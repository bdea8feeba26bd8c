package dev.jubal.llama.template.jinja.value;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value whose attributes a template may set. */
public final class Namespace implements Value {
  private final Map<String, Value> attributes = new LinkedHashMap<>();

  public void set(String name, Value value) {
    attributes.put(name, value);
  }

  /** All of them. */
  Dict dict() {
    Dict dict = new Dict();
    attributes.forEach(dict::put);
    return dict;
  }

  @Nullable Value get(String name) {
    return attributes.get(name);
  }

  @Override
  public String type() {
    return "Namespace";
  }

  @Override
  public boolean truth() {
    return true;
  }
}
