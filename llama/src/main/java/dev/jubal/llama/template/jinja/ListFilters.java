package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Functions.Filter;
import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.Equality;
import dev.jubal.llama.template.jinja.value.Members;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.TextBuilder;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters of lists and dictionaries. */
final class ListFilters {
  private ListFilters() {}

  static void addTo(Map<String, Filter> filters) {
    filters.put("default", ListFilters::orElse);
    filters.put("d", ListFilters::orElse);
    filters.put("length", ListFilters::length);
    filters.put("count", ListFilters::length);
    filters.put("list", (v, a, m) -> Seq.list(new ArrayList<>(Operators.elements(v, m))));
    filters.put("first", (v, a, m) -> Operators.first(v, m));
    filters.put("last", ListFilters::last);
    filters.put("reverse", ListFilters::reversed);
    filters.put("items", ListFilters::items);
    filters.put("dictsort", ListFilters::sortedPairs);
    filters.put("sort", ListFilters::sorted);
    filters.put("unique", ListFilters::unique);
    filters.put("min", (v, a, m) -> extreme("min", v, a, m));
    filters.put("max", (v, a, m) -> extreme("max", v, a, m));
    filters.put("sum", NumberFilters::sum);
    filters.put("attr", ListFilters::attribute);
    filters.put("batch", ListFilters::batch);
    filters.put("slice", ListFilters::slice);
    filters.put("groupby", ListFilters::grouped);
  }

  private static Value orElse(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("default", 0, "default_value", "boolean");
    boolean missing = value instanceof Undefined || (bound.truth(1, false) && !value.truth());
    return missing ? bound.get(0, Text.EMPTY) : value;
  }

  private static Value length(Value value, Arguments arguments, Meter meter) {
    arguments.bind("length", 0);
    return Value.Int.of(Operators.length(value));
  }

  private static Value last(Value value, Arguments arguments, Meter meter) {
    arguments.bind("last", 0);
    if (value instanceof Seq seq && seq.kind() == Seq.Kind.GENERATOR) {
      throw TemplateException.failed("'generator' object is not reversible");
    }
    List<Value> all = Operators.elements(value, meter);
    return all.isEmpty() ? new Undefined("No last item, sequence was empty.") : all.getLast();
  }

  private static Value reversed(Value value, Arguments arguments, Meter meter) {
    arguments.bind("reverse", 0);
    List<Value> all = new ArrayList<>(Operators.elements(value, meter));
    Collections.reverse(all);
    if (value instanceof Text text) {
      TextBuilder out = new TextBuilder(meter);
      all.forEach(c -> out.add((Text) c));
      return out.build().markup(text.markup());
    }
    boolean once = value instanceof Seq seq && seq.kind() == Seq.Kind.GENERATOR;
    return once ? Seq.list(all) : Seq.generator(all);
  }

  private static Value items(Value value, Arguments arguments, Meter meter) {
    arguments.bind("items", 0);
    return switch (value) {
      case Undefined _ -> Seq.generator(List.of());
      case Dict dict -> Seq.generator(dict.pairs());
      default -> throw TemplateException.failed("Can only get item pairs from a mapping.");
    };
  }

  private static Value sortedPairs(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
    String by = bound.has(1) ? bound.text(1).string() : "key";
    if (!by.equals("key") && !by.equals("value")) {
      throw TemplateException.failed("You can only sort by either \"key\" or \"value\"");
    }
    if (!(value instanceof Dict dict)) {
      throw Undefined.member(value, "items").error();
    }
    Value place = Value.Int.of(by.equals("key") ? 0 : 1);
    return sorted(
        dict.pairs(), List.of(place), bound.truth(0, false), bound.truth(2, false), meter);
  }

  private static Value sorted(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
    List<Value> paths = new ArrayList<>();
    if (bound.some(2)) {
      if (bound.get(2) instanceof Text text) {
        for (String path : text.string().split(",", -1)) {
          paths.add(Text.literal(path));
        }
      } else {
        paths.add(bound.get(2));
      }
    }
    return sorted(
        Operators.elements(value, meter),
        paths,
        bound.truth(1, false),
        bound.truth(0, false),
        meter);
  }

  private record Keyed(List<Value> keys, Value value) {}

  private static Value sorted(
      List<Value> values, List<Value> paths, boolean exact, boolean reverse, Meter meter) {
    List<Keyed> keyed = new ArrayList<>();
    for (Value value : values) {
      keyed.add(new Keyed(keys(value, paths, exact, meter), value));
    }
    Comparator<Keyed> order = (a, b) -> compare(a.keys, b.keys, meter);
    keyed.sort(reverse ? order.reversed() : order);
    return Seq.list(keyed.stream().map(Keyed::value).toList());
  }

  private static List<Value> keys(Value value, List<Value> paths, boolean exact, Meter meter) {
    List<Value> keys = new ArrayList<>();
    for (Value path : paths) {
      keys.add(Attributes.of(value, path, meter));
    }
    if (paths.isEmpty()) {
      keys.add(value);
    }
    return exact ? keys : keys.stream().map(Attributes::ignoringCase).toList();
  }

  private static int compare(List<Value> a, List<Value> b, Meter meter) {
    for (int i = 0; i < a.size(); i++) {
      if (!Equality.equal(a.get(i), b.get(i), meter)) {
        return Equality.compare(a.get(i), b.get(i), "<", meter);
      }
    }
    return 0;
  }

  private static Value unique(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("unique", 0, "case_sensitive", "attribute");
    List<Value> paths = bound.some(1) ? List.of(bound.get(1)) : List.of();
    Set<Object> seen = new HashSet<>();
    List<Value> found = new ArrayList<>();
    for (Value item : Operators.elements(value, meter)) {
      Value key = keys(item, paths, bound.truth(0, false), meter).getFirst();
      if (seen.add(Equality.key(key))) {
        found.add(item);
      }
    }
    return Seq.generator(found);
  }

  private static Value extreme(String name, Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind(name, 0, "case_sensitive", "attribute");
    List<Value> paths = bound.some(1) ? List.of(bound.get(1)) : List.of();
    boolean exact = bound.truth(0, false);
    Keyed best = null;
    for (Value item : Operators.elements(value, meter)) {
      Keyed next = new Keyed(keys(item, paths, exact, meter), item);
      boolean better =
          best == null
              || (name.equals("max")
                  ? Equality.compare(next.keys.getFirst(), best.keys.getFirst(), ">", meter) > 0
                  : Equality.compare(next.keys.getFirst(), best.keys.getFirst(), "<", meter) < 0);
      best = better ? next : best;
    }
    return best == null ? new Undefined("No aggregated item, sequence was empty.") : best.value;
  }

  private static Value attribute(Value value, Arguments arguments, Meter meter) {
    String name = arguments.bind("attr", 1, "name").text(0).string();
    Value own = Members.own(value, name);
    return own == null ? Undefined.member(value, name) : own;
  }

  private static Value batch(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("batch", 1, "linecount", "fill_with");
    int size = bound.integer(0, 1);
    List<Value> batches = new ArrayList<>();
    List<Value> batch = new ArrayList<>();
    for (Value item : Operators.elements(value, meter)) {
      if (batch.size() == size) {
        batches.add(Seq.list(batch));
        batch = new ArrayList<>();
      }
      batch.add(item);
    }
    if (!batch.isEmpty()) {
      meter.items(bound.some(1) ? size : 0);
      while (bound.some(1) && batch.size() < size) {
        batch.add(bound.get(1));
      }
      batches.add(Seq.list(batch));
    }
    return Seq.generator(batches);
  }

  private static Value slice(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("slice", 1, "slices", "fill_with");
    List<Value> all = Operators.elements(value, meter);
    int slices = bound.integer(0, 1);
    if (slices == 0) {
      throw TemplateException.failed("integer division or modulo by zero");
    }
    meter.items(slices);
    List<Value> rows = new ArrayList<>();
    int least = all.size() / slices;
    int longer = all.size() % slices;
    int from = 0;
    for (int i = 0; i < slices; i++) {
      int to = from + least + (i < longer ? 1 : 0);
      List<Value> row = new ArrayList<>(all.subList(from, to));
      if (bound.some(1) && i >= longer) {
        row.add(bound.get(1));
      }
      rows.add(Seq.list(row));
      from = to;
    }
    return Seq.generator(rows);
  }

  private static Value grouped(Value value, Arguments arguments, Meter meter) {
    Arguments.Bound bound = arguments.bind("groupby", 1, "attribute", "default", "case_sensitive");
    List<Value> paths = List.of(bound.get(0));
    boolean exact = bound.truth(2, false);
    List<Keyed> keyed = new ArrayList<>();
    for (Value item : Operators.elements(value, meter)) {
      List<Value> keys = keys(item, paths, true, meter);
      boolean missing = bound.some(1) && keys.getFirst() instanceof Undefined;
      keyed.add(new Keyed(missing ? List.of(bound.get(1)) : keys, item));
    }
    Comparator<Keyed> order = (a, b) -> compare(shown(a, exact), shown(b, exact), meter);
    keyed.sort(order);
    List<Value> groups = new ArrayList<>();
    for (int i = 0; i < keyed.size(); ) {
      Keyed first = keyed.get(i);
      List<Value> members = new ArrayList<>();
      while (i < keyed.size()
          && compare(shown(first, exact), shown(keyed.get(i), exact), meter) == 0) {
        members.add(keyed.get(i++).value);
      }
      groups.add(
          Seq.row(List.of("grouper", "list"), List.of(first.keys.getFirst(), Seq.list(members))));
    }
    return Seq.list(groups);
  }

  private static List<Value> shown(Keyed keyed, boolean exact) {
    return exact ? keyed.keys : keyed.keys.stream().map(Attributes::ignoringCase).toList();
  }
}
