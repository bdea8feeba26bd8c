package dev.jubal.llama.template.jinja.value;

import org.jspecify.annotations.Nullable;

/** A function, a bound method, a macro or the state of a loop. */
public non-sealed interface Callable extends Value {

  /**
   * Its result.
   *
   * @throws TemplateException if it cannot be called so
   */
  Value call(Arguments arguments, Meter meter);

  /** An attribute of its own, or null. */
  default @Nullable Value attribute(String name) {
    return null;
  }

  /** What printing it writes. */
  default String shown() {
    return "<" + type() + ">";
  }

  @Override
  default String type() {
    return "function";
  }

  @Override
  default boolean truth() {
    return true;
  }

  /** A function made of Java code. */
  interface Function extends Callable {}
}
