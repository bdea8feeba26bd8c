package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Callable;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Value;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** All filters, tests and functions that templates may use. */
final class Functions {

  /** What stands behind a bar: {@code input | name(arguments)}. */
  @FunctionalInterface
  interface Filter {
    Value apply(Value input, Arguments arguments, Meter meter);
  }

  /** What stands behind {@code is}. */
  @FunctionalInterface
  interface Test {
    boolean holds(Value input, Arguments arguments, Meter meter);
  }

  private final Map<String, Filter> filters = new HashMap<>();
  private final Map<String, Test> tests = new HashMap<>();
  private final Map<String, Value> globals = new HashMap<>();

  /** All of them; the clock is what {@code strftime_now} reads. */
  Functions(Clock clock) {
    TextFilters.addTo(filters);
    NumberFilters.addTo(filters);
    ListFilters.addTo(filters);
    new ChoiceFilters(this).addTo(filters);
    Tests.addTo(tests, this);
    Globals.addTo(globals, clock);
  }

  Map<String, Value> globals() {
    return globals;
  }

  boolean hasFilter(String name) {
    return filters.containsKey(name);
  }

  boolean hasTest(String name) {
    return tests.containsKey(name);
  }

  Value filter(String name, Value input, Arguments arguments, Meter meter) {
    Filter filter = filters.get(name);
    if (filter == null) {
      throw TemplateException.failed("No filter named '" + name + "'.");
    }
    return filter.apply(input, arguments, meter);
  }

  boolean test(String name, Value input, Arguments arguments, Meter meter) {
    Test test = tests.get(name);
    if (test == null) {
      throw TemplateException.failed("No test named '" + name + "'.");
    }
    return test.holds(input, arguments, meter);
  }

  /** A Java function as a value. */
  static Callable.Function function(Callable.Function function) {
    return function;
  }
}
