package dev.jubal.llama.template.jinja.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row of values: a list, a tuple, a view of a dictionary, a range, or what a filter yields. */
public final class Seq implements Value {
  /** The kinds, which Python tells apart. */
  public enum Kind {
    LIST("list"),
    TUPLE("tuple"),
    RANGE("range"),
    KEYS("dict_keys"),
    VALUES("dict_values"),
    ITEMS("dict_items"),
    GENERATOR("generator");

    private static final Set<Kind> INDEXED = Set.of(LIST, TUPLE, RANGE);
    private final String python;

    Kind(String python) {
      this.python = python;
    }

    /** Whether its elements have numbers. */
    boolean indexed() {
      return INDEXED.contains(this);
    }
  }

  private final Kind kind;
  private final List<Value> items;

  /** Names of the elements, where a tuple has such. */
  private final List<String> names;

  private final @Nullable Range range;

  /** How many of a generator's elements were taken. */
  private int taken;

  public Seq(Kind kind, List<Value> items) {
    this(kind, items, List.of(), null);
  }

  private Seq(Kind kind, List<Value> items, List<String> names, @Nullable Range range) {
    this.kind = kind;
    this.items = Collections.unmodifiableList(items);
    this.names = names;
    this.range = range;
  }

  /** Numbers at equal distances: from the first up to, and without, the end. */
  public record Range(long from, long to, long step) {

    /** How many there are. */
    public long count() {
      long span = step > 0 ? to - from : from - to;
      long by = Math.abs(step);
      return Math.max(0, (span + by - 1) / by);
    }

    Range slice(long begin, long end, long by) {
      return new Range(from + begin * step, from + end * step, step * by);
    }

    @Override
    public String toString() {
      return "range(" + from + ", " + to + (step == 1 ? ")" : ", " + step + ")");
    }
  }

  public static Seq range(Range range) {
    List<Value> numbers = new ArrayList<>((int) range.count());
    for (long i = 0; i < range.count(); i++) {
      numbers.add(Value.Int.of(range.from + i * range.step));
    }
    return new Seq(Kind.RANGE, numbers, List.of(), range);
  }

  public static Seq list(List<Value> items) {
    return new Seq(Kind.LIST, items);
  }

  public static Seq tuple(Value... items) {
    return new Seq(Kind.TUPLE, List.of(items));
  }

  /** A tuple whose elements have names. */
  public static Seq row(List<String> names, List<Value> items) {
    return new Seq(Kind.TUPLE, items, names, null);
  }

  /** Elements that can be taken once. */
  public static Seq generator(List<Value> items) {
    return new Seq(Kind.GENERATOR, items);
  }

  public Kind kind() {
    return kind;
  }

  @Nullable Range range() {
    return range;
  }

  @Nullable Value named(String name) {
    int place = names.indexOf(name);
    return place < 0 ? null : items.get(place);
  }

  /** All elements, taken or not. */
  public List<Value> items() {
    return items;
  }

  /** The elements; those of a generator are then gone. */
  List<Value> take() {
    return take(items.size());
  }

  /** As {@link #take()}, at most so many. */
  List<Value> take(int most) {
    if (kind != Kind.GENERATOR) {
      return items;
    }
    int from = taken;
    taken = (int) Math.min(items.size(), (long) from + most);
    return items.subList(from, taken);
  }

  @Override
  public String type() {
    return kind.python;
  }

  @Override
  public boolean truth() {
    return kind == Kind.GENERATOR || !items.isEmpty();
  }
}
