package dev.jubal.llama.template.jinja.value;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call is given. */
public record Arguments(List<Value> positional, Map<String, Value> named) {
  /** Nothing. */
  public static final Arguments NONE = new Arguments(List.of(), Map.of());

  /** The arguments but for the first. */
  public Arguments rest() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }

  /**
   * Gives each argument its place.
   *
   * @param function its name, for errors
   * @param required how many of the names must be given
   * @param names of the parameters, in order
   */
  public Bound bind(String function, int required, String... names) {
    @Nullable Value[] values = new @Nullable Value[names.length];
    if (positional.size() > names.length) {
      throw TemplateException.failed(
          function
              + "() got "
              + positional.size()
              + " arguments (expected: at most "
              + names.length
              + ")");
    }
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
    }
    for (Map.Entry<String, Value> entry : named.entrySet()) {
      int place = List.of(names).indexOf(entry.getKey());
      if (place < 0 || values[place] != null) {
        throw TemplateException.failed(
            function + "() got an unexpected argument '" + entry.getKey() + "'");
      }
      values[place] = entry.getValue();
    }
    for (int i = 0; i < required; i++) {
      if (values[i] == null) {
        throw TemplateException.failed(function + "() misses its argument '" + names[i] + "'");
      }
    }
    return new Bound(values);
  }

  /** As {@link #bind}, for a function whose arguments have no names. */
  public Bound unnamed(String function, int required, int most) {
    if (!named.isEmpty()) {
      throw TemplateException.failed(function + "() takes no keyword arguments");
    }
    String[] names = new String[most];
    for (int i = 0; i < most; i++) {
      names[i] = String.valueOf(i + 1);
    }
    return bind(function, required, names);
  }

  /** Arguments in their places. */
  public static final class Bound {
    private final @Nullable Value[] values;

    private Bound(@Nullable Value[] values) {
      this.values = values;
    }

    /** Whether an argument was given. */
    public boolean has(int place) {
      return values[place] != null;
    }

    /** An argument that is required. */
    public Value get(int place) {
      Value value = values[place];
      if (value == null) {
        throw new IllegalStateException("argument " + place + " is not required");
      }
      return value;
    }

    /** An argument, or what stands for it. */
    public Value get(int place, Value otherwise) {
      Value value = values[place];
      return value == null ? otherwise : value;
    }

    /** Whether an argument was given and is not None. */
    public boolean some(int place) {
      Value value = values[place];
      return value != null && value != Value.None.NONE;
    }

    public boolean truth(int place, boolean otherwise) {
      Value value = values[place];
      return value == null ? otherwise : value.truth();
    }

    /** A whole number. */
    public int integer(int place, int otherwise) {
      Value value = values[place];
      return value == null ? otherwise : Numbers.index(value);
    }

    /** The text of an argument that must be one. */
    public Text text(int place) {
      Value value = get(place);
      if (value instanceof Text text) {
        return text;
      }
      if (value instanceof Undefined undefined) {
        throw undefined.error();
      }
      throw TemplateException.failed("'" + value.type() + "' is not a text (expected: str)");
    }
  }
}
