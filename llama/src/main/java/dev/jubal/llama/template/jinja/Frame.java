package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of one scope, within those around it. */
final class Frame {
  private final @Nullable Frame outer;
  private final Meter meter;
  private final Map<String, Value> names = new HashMap<>();

  private Frame(@Nullable Frame outer, Meter meter) {
    this.outer = outer;
    this.meter = meter;
  }

  /** The outermost scope, with these names. */
  static Frame of(Map<String, Value> names, Meter meter) {
    Frame frame = new Frame(null, meter);
    frame.names.putAll(names);
    return frame;
  }

  Frame inner() {
    return new Frame(this, meter);
  }

  Meter meter() {
    return meter;
  }

  void set(String name, Value value) {
    names.put(name, value);
  }

  Value get(String name) {
    for (Frame frame = this; frame != null; frame = frame.outer) {
      Value value = frame.names.get(name);
      if (value != null) {
        return value;
      }
    }
    return Undefined.name(name);
  }
}
