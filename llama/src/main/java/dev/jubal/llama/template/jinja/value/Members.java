package dev.jubal.llama.template.jinja.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attributes, elements and slices. Only what stands here can be reached; the methods that would
 * change a list or a dictionary are not among it.
 */
public final class Members {
  private Members() {}

  /** {@code owner.name}: an attribute or method, else the element of that name. */
  public static Value attribute(Value owner, String name, Meter meter) {
    meter.step();
    if (owner instanceof Undefined undefined) {
      throw undefined.error();
    }
    Value own = own(owner, name);
    if (own == null && owner instanceof Dict dict) {
      own = dict.get(name);
    }
    return own == null ? Undefined.member(owner, name) : own;
  }

  /** {@code owner[index]}: an element, else the attribute of that name. */
  public static Value item(Value owner, Value index, Meter meter) {
    meter.step();
    Value found =
        switch (owner) {
          case Undefined undefined -> throw undefined.error();
          case Dict dict -> hashable(index) ? dict.get(index) : null;
          case Text text when whole(index) -> character(text, Numbers.index(index));
          case Seq seq when seq.kind().indexed() && whole(index) ->
              element(seq.items(), Numbers.index(index));
          default -> null;
        };
    if (found == null && index instanceof Text name) {
      found = own(owner, name.string());
    }
    return found == null ? missing(owner, index, meter) : found;
  }

  private static Value missing(Value owner, Value index, Meter meter) {
    return index instanceof Text name
        ? Undefined.member(owner, name.string())
        : new Undefined(
            "'" + owner.type() + " object' has no element " + Display.text(index, meter));
  }

  /** The attribute of exactly that name, or null. */
  public static @Nullable Value own(Value owner, String name) {
    return switch (owner) {
      case Text text -> TextMethods.find(text, name);
      case Dict dict -> method(dict, name);
      case Seq seq -> method(seq, name);
      case Namespace namespace -> namespace.get(name);
      case Callable callable -> callable.attribute(name);
      default -> null;
    };
  }

  private static boolean whole(Value index) {
    return index instanceof Value.Int || index instanceof Value.Bool;
  }

  private static boolean hashable(Value index) {
    return !(index instanceof Dict || (index instanceof Seq seq && seq.kind() == Seq.Kind.LIST));
  }

  private static @Nullable Value element(List<Value> items, int index) {
    int place = index < 0 ? index + items.size() : index;
    return place < 0 || place >= items.size() ? null : items.get(place);
  }

  private static @Nullable Value character(Text text, int index) {
    int points = text.points();
    int place = index < 0 ? index + points : index;
    if (place < 0 || place >= points) {
      return null;
    }
    int at = text.offset(place);
    return text.slice(at, text.string().offsetByCodePoints(at, 1));
  }

  /** {@code owner[from:to:step]}, each of the three possibly None. */
  public static Value slice(Value owner, Value from, Value to, Value step, Meter meter) {
    if (owner instanceof Undefined undefined) {
      throw undefined.error();
    }
    boolean text = owner instanceof Text;
    if (!text && !(owner instanceof Seq seq && seq.kind().indexed())) {
      throw TemplateException.failed("'" + owner.type() + "' object is not subscriptable");
    }
    int size = Operators.length(owner);
    long by = step == Value.None.NONE ? 1 : Numbers.index(step);
    if (by == 0) {
      throw TemplateException.failed("slice step cannot be zero");
    }
    long begin = bound(from, size, by, by > 0 ? 0 : size - 1);
    long end = bound(to, size, by, by > 0 ? size : -1);
    if (by == 1 && owner instanceof Text whole) {
      return begin >= end
          ? whole.slice(0, 0)
          : whole.slice(whole.offset((int) begin), whole.offset((int) end));
    }
    if (owner instanceof Seq seq && seq.range() != null) {
      return Seq.range(seq.range().slice(begin, end, by));
    }
    List<Value> all = Operators.elements(owner, meter);
    List<Value> picked = new ArrayList<>();
    for (long i = begin; by > 0 ? i < end : i > end; i += by) {
      picked.add(all.get((int) i));
    }
    meter.items(picked.size());
    if (owner instanceof Text whole) {
      TextBuilder joined = new TextBuilder(meter);
      picked.forEach(c -> joined.add((Text) c));
      return joined.build().markup(whole.markup());
    }
    return new Seq(((Seq) owner).kind(), picked);
  }

  private static long bound(Value given, int size, long step, long otherwise) {
    if (given == Value.None.NONE) {
      return otherwise;
    }
    long place = Numbers.index(given);
    if (place < 0) {
      place += size;
    }
    return step > 0 ? Math.clamp(place, 0, size) : Math.clamp(place, -1, size - 1);
  }

  private static @Nullable Value method(Dict dict, String name) {
    return switch (name) {
      case "get" -> (Callable.Function) (arguments, _) -> get(dict, arguments);
      case "items" -> view(Seq.Kind.ITEMS, dict.pairs());
      case "keys" -> view(Seq.Kind.KEYS, dict.keys());
      case "values" -> view(Seq.Kind.VALUES, dict.values());
      case "copy" ->
          (Callable.Function)
              (_, _) -> {
                Dict copy = new Dict();
                copy.putAll(dict);
                return copy;
              };
      default -> null;
    };
  }

  private static Value get(Dict dict, Arguments arguments) {
    Arguments.Bound bound = arguments.unnamed("get", 1, 2);
    Value found = dict.get(bound.get(0));
    return found == null ? bound.get(1, Value.None.NONE) : found;
  }

  private static Callable.Function view(Seq.Kind kind, List<Value> items) {
    return (arguments, _) -> {
      arguments.unnamed("view", 0, 0);
      return new Seq(kind, items);
    };
  }

  private static @Nullable Value method(Seq seq, String name) {
    Value named = seq.named(name);
    if (named != null || !seq.kind().indexed()) {
      return named;
    }
    return switch (name) {
      case "index" -> (Callable.Function) (arguments, meter) -> index(seq, arguments, meter);
      case "count" ->
          (Callable.Function)
              (arguments, meter) -> {
                Value wanted = arguments.unnamed("count", 1, 1).get(0);
                return Value.Int.of(
                    seq.items().stream().filter(v -> Equality.equal(v, wanted, meter)).count());
              };
      case "copy" ->
          seq.kind() == Seq.Kind.LIST
              ? (Callable.Function) (_, _) -> Seq.list(List.copyOf(seq.items()))
              : null;
      default -> null;
    };
  }

  private static Value index(Seq seq, Arguments arguments, Meter meter) {
    Value wanted = arguments.unnamed("index", 1, 1).get(0);
    for (int i = 0; i < seq.items().size(); i++) {
      if (Equality.equal(seq.items().get(i), wanted, meter)) {
        return Value.Int.of(i);
      }
    }
    throw TemplateException.failed("the value is not in the list");
  }
}
