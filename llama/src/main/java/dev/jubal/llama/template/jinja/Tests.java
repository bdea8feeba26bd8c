package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Functions.Test;
import dev.jubal.llama.template.jinja.value.Callable;
import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.Display;
import dev.jubal.llama.template.jinja.value.Equality;
import dev.jubal.llama.template.jinja.value.Letters;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Numbers;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What stands behind {@code is}. */
final class Tests {
  private static final Set<Seq.Kind> SEQUENCES =
      Set.of(Seq.Kind.LIST, Seq.Kind.TUPLE, Seq.Kind.RANGE);

  private Tests() {}

  /** A comparison with one other value. */
  private interface Comparison {
    boolean holds(Value a, Value b, Meter meter);
  }

  static void addTo(Map<String, Test> tests, Functions functions) {
    kinds(tests);
    comparisons(tests);
    tests.put("odd", (v, a, m) -> remainder(v, Value.Int.of(2), m) == 1);
    tests.put("even", (v, a, m) -> remainder(v, Value.Int.of(2), m) == 0);
    tests.put("lower", (v, a, m) -> Letters.lower(Display.text(v, m).string(), false));
    tests.put("upper", (v, a, m) -> Letters.lower(Display.text(v, m).string(), true));
    plain(tests, "filter", v -> Equality.key(v) instanceof String s && functions.hasFilter(s));
    plain(tests, "test", v -> Equality.key(v) instanceof String s && functions.hasTest(s));
  }

  private static void plain(Map<String, Test> tests, String name, Predicate<Value> test) {
    tests.put(
        name,
        (value, arguments, meter) -> {
          arguments.bind(name, 0);
          return test.test(value);
        });
  }

  private static void kinds(Map<String, Test> tests) {
    plain(tests, "defined", v -> !(v instanceof Undefined));
    plain(tests, "undefined", v -> v instanceof Undefined);
    plain(tests, "none", v -> v == Value.None.NONE);
    plain(tests, "boolean", v -> v instanceof Value.Bool);
    plain(tests, "true", v -> v == Value.Bool.TRUE);
    plain(tests, "false", v -> v == Value.Bool.FALSE);
    plain(tests, "integer", v -> v instanceof Value.Int);
    plain(tests, "float", v -> v instanceof Value.Real);
    plain(tests, "number", Numbers::is);
    plain(tests, "string", v -> v instanceof Text);
    plain(tests, "mapping", v -> v instanceof Dict);
    plain(tests, "callable", v -> v instanceof Callable || v instanceof Undefined);
    plain(tests, "escaped", v -> v instanceof Text text && text.markup());
    plain(tests, "sequence", Tests::sequence);
    plain(tests, "iterable", v -> sequence(v) || v instanceof Seq);
  }

  private static boolean sequence(Value value) {
    return switch (value) {
      case Text _, Dict _, Undefined _ -> true;
      case Seq seq -> SEQUENCES.contains(seq.kind());
      default -> false;
    };
  }

  private static void comparisons(Map<String, Test> tests) {
    comparison(tests, Equality::equal, "eq", "==", "equalto");
    comparison(tests, (a, b, m) -> !Equality.equal(a, b, m), "ne", "!=");
    comparison(tests, (a, b, m) -> Equality.compare(a, b, "<", m) < 0, "lt", "<", "lessthan");
    comparison(tests, (a, b, m) -> Equality.compare(a, b, "<=", m) <= 0, "le", "<=");
    comparison(tests, (a, b, m) -> Equality.compare(a, b, ">", m) > 0, "gt", ">", "greaterthan");
    comparison(tests, (a, b, m) -> Equality.compare(a, b, ">=", m) >= 0, "ge", ">=");
    comparison(tests, (a, b, m) -> Operators.contains(b, a, m), "in");
    comparison(tests, (a, b, m) -> same(a, b), "sameas");
    comparison(tests, (a, b, m) -> remainder(a, b, m) == 0, "divisibleby");
  }

  private static void comparison(Map<String, Test> tests, Comparison holds, String... names) {
    for (String name : names) {
      tests.put(
          name,
          (value, arguments, meter) ->
              holds.holds(value, arguments.bind(name, 1, "other").get(0), meter));
    }
  }

  /**
   * Python has each small number and each literal once; what is large is told apart by identity.
   */
  private static boolean same(Value a, Value b) {
    return a.equals(b);
  }

  private static double remainder(Value a, Value b, Meter meter) {
    Value rest = Operators.arithmetic("%", a, b, meter);
    if (!Numbers.is(rest)) {
      throw TemplateException.failed("'" + a.type() + "' is not a number");
    }
    return Numbers.real(rest);
  }
}
