package dev.jubal.llama.template.jinja;

import static dev.jubal.llama.template.jinja.Functions.function;

import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Callable;
import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.Display;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Namespace;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.TemplateException.Kind;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.Value;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of every template. */
final class Globals {
  private static final int LONGEST_RANGE = 100_000;

  private Globals() {}

  static void addTo(Map<String, Value> names, Clock clock) {
    names.put("range", function(Globals::range));
    names.put("dict", function(Globals::dict));
    names.put("namespace", function(Globals::namespace));
    names.put("joiner", function((arguments, meter) -> new Joiner(arguments)));
    names.put("cycler", function((arguments, meter) -> new Cycler(arguments)));
    names.put("raise_exception", function(Globals::raise));
    names.put(
        "strftime_now",
        function(
            (arguments, meter) ->
                Text.literal(
                    TimeFormat.format(
                        arguments.bind("strftime_now", 1, "format").text(0).string(),
                        ZonedDateTime.now(clock)))));
  }

  private static Value raise(Arguments arguments, Meter meter) {
    Value message = arguments.bind("raise_exception", 1, "message").get(0);
    throw new TemplateException(Kind.RAISED, Display.text(message, meter).string());
  }

  private static Value range(Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.unnamed("range", 1, 3);
    long from = bound.has(1) ? bound.integer(0, 0) : 0;
    long to = bound.integer(bound.has(1) ? 1 : 0, 0);
    long step = bound.integer(2, 1);
    if (step == 0) {
      throw TemplateException.failed("range() arg 3 must not be zero");
    }
    Seq.Range range = new Seq.Range(from, to, step);
    long count = range.count();
    if (count > LONGEST_RANGE) {
      throw new TemplateException(
          Kind.LIMIT, "a range of " + count + " numbers (expected: at most " + LONGEST_RANGE + ")");
    }
    meter.items(count);
    return Seq.range(range);
  }

  private static Value dict(Arguments arguments, Meter meter) {
    return pairs(arguments, meter);
  }

  private static Value namespace(Arguments arguments, Meter meter) {
    Namespace namespace = new Namespace();
    for (Dict.Entry entry : pairs(arguments, meter).entries()) {
      namespace.set(Display.text(entry.key(), meter).string(), entry.value());
    }
    return namespace;
  }

  private static Dict pairs(Arguments arguments, Meter meter) {
    Dict dict = new Dict();
    if (arguments.positional().size() > 1) {
      throw TemplateException.failed("dict expected at most 1 argument");
    }
    for (Value source : arguments.positional()) {
      if (source instanceof Dict other) {
        dict.putAll(other);
      } else {
        for (Value pair : Operators.elements(source, meter)) {
          List<Value> both = Operators.elements(pair, meter);
          if (both.size() != 2) {
            throw TemplateException.failed("dictionary update sequence element is no pair");
          }
          dict.put(both.get(0), both.get(1));
        }
      }
    }
    arguments.named().forEach(dict::put);
    return dict;
  }

  /** Gives nothing at first, then a separator. */
  private static final class Joiner implements Callable {
    private final Value separator;
    private boolean used;

    Joiner(Arguments arguments) {
      separator = arguments.bind("joiner", 0, "sep").get(0, Text.literal(", "));
    }

    @Override
    public Value call(Arguments arguments, Meter meter) {
      arguments.unnamed("joiner", 0, 0);
      Value given = used ? separator : Text.EMPTY;
      used = true;
      return given;
    }
  }

  /** Gives its values in turn. */
  private static final class Cycler implements Callable {
    private final List<Value> values;
    private int at;

    Cycler(Arguments arguments) {
      values = arguments.positional();
      if (values.isEmpty()) {
        throw TemplateException.failed("at least one item has to be provided");
      }
    }

    @Override
    public Value call(Arguments arguments, Meter meter) {
      throw TemplateException.failed("'Cycler' object is not callable");
    }

    @Override
    public @Nullable Value attribute(String name) {
      return switch (name) {
        case "current" -> values.get(at);
        case "next" -> function((_, _) -> next());
        case "reset" ->
            function(
                (_, _) -> {
                  at = 0;
                  return Value.None.NONE;
                });
        default -> null;
      };
    }

    private Value next() {
      Value value = values.get(at);
      at = (at + 1) % values.size();
      return value;
    }
  }
}
