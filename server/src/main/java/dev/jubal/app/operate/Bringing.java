package dev.jubal.app.operate;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a database to the state of a file, within one transaction: first makes and changes from
 * the outside in, then removes from the inside out.
 */
final class Bringing {
  private final Map<Kind, Rows> rows;
  private final String file;
  private final boolean prune;
  private final List<Outcome.Change> changes = new ArrayList<>();
  private final List<Thing> surplus = new ArrayList<>();
  private long unchanged;

  /**
   * @param prune whether what is missing in lists of the file goes
   */
  Bringing(Map<Kind, Rows> rows, String file, boolean prune) {
    this.rows = rows;
    this.file = file;
    this.prune = prune;
  }

  /** Does it. */
  Outcome run(Thing present, Thing wanted, List<Issued> issued) {
    lists(present, wanted);
    for (Thing thing : surplus.reversed()) {
      remove(thing);
    }
    return new Outcome(changes, unchanged, issued);
  }

  private void lists(Thing have, Thing want) {
    for (Kind kind : have.kind().parts()) {
      if (want.has(kind)) {
        list(have, want, kind);
      }
    }
  }

  private void list(Thing have, Thing want, Kind kind) {
    Map<String, Thing> there = new LinkedHashMap<>();
    have.parts(kind).forEach(t -> there.put(t.name(), t));
    for (Thing wanted : inOrder(want.parts(kind))) {
      Thing old = there.remove(wanted.name());
      Thing now = old == null ? make(have, wanted) : change(old, wanted);
      lists(now, wanted);
    }
    for (Thing left : there.values()) {
      surplus.add(left);
    }
  }

  /** So that a swap of what is unique, such as grades, does not depend on the file's order. */
  private static List<Thing> inOrder(List<Thing> things) {
    return things.stream().sorted(Comparator.comparingInt(Thing::line)).toList();
  }

  private Thing make(Thing parent, Thing wanted) {
    Thing thing = under(parent, new Thing(wanted.kind(), wanted.line()), wanted);
    // the rows of a new team look at its users
    for (Kind part : wanted.kind().parts()) {
      if (wanted.has(part)) {
        thing.list(part).addAll(wanted.parts(part));
      }
    }
    complete(thing);
    String id = at(thing, () -> rows(thing).make(thing));
    Thing fresh = under(parent, Thing.of(thing.kind(), id), thing);
    rows(thing).alongside(fresh).forEach(fresh::add);
    changes.add(new Outcome.Change(Outcome.Kind.CREATED, fresh.path(), ""));
    return fresh;
  }

  private static Thing under(Thing parent, Thing empty, Thing values) {
    empty.parent(parent);
    return empty.with(values);
  }

  private void complete(Thing thing) {
    for (Field f : thing.kind().fields()) {
      if (thing.find(f.name()).isEmpty()) {
        throw new ConfigException(
            place(thing)
                + "there is no such thing yet, and "
                + f.name()
                + " is absent (expected: "
                + f.form().expected()
                + ").");
      }
    }
  }

  private Thing change(Thing old, Thing wanted) {
    List<String> different = new ArrayList<>();
    for (Field f : old.kind().fields()) {
      Optional<String> next = f.hidden() ? Optional.empty() : wanted.find(f.name());
      next.filter(v -> !v.equals(old.find(f.name()).orElse("")))
          .ifPresent(v -> different.add(f.name() + ": " + told(f, old.get(f.name()), v)));
    }
    Thing next = old.with(wanted);
    if (!different.isEmpty()) {
      at(
          next,
          () -> {
            rows(next).change(old, next);
            return "";
          });
    }
    Optional<String> reference = wanted.maybe("secret").filter(r -> !r.equals(Form.GENERATE));
    if (reference.isPresent() && at(next, () -> rows(next).secret(next, reference.get()))) {
      different.add("secret");
    }
    if (different.isEmpty()) {
      unchanged++;
    }
    different.forEach(d -> changes.add(new Outcome.Change(Outcome.Kind.CHANGED, old.path(), d)));
    return old;
  }

  private static String told(Field f, String old, String next) {
    return shown(f, old) + " -> " + shown(f, next);
  }

  private static String shown(Field f, String value) {
    if (f.form().kind() == Form.Kind.LIST) {
      return Form.items(value).toString();
    }
    return f.form().nothing(value) ? "null" : value;
  }

  private void remove(Thing thing) {
    Optional<String> lasting = rows(thing).lasting();
    if (!prune || lasting.isPresent()) {
      String why = "not in the file; " + lasting.orElse("--prune deletes it");
      changes.add(new Outcome.Change(Outcome.Kind.KEPT, thing.path(), why));
      return;
    }
    at(
        thing,
        () -> {
          rows(thing).remove(thing);
          return "";
        });
    changes.add(new Outcome.Change(Outcome.Kind.DELETED, thing.path(), ""));
  }

  private Rows rows(Thing thing) {
    Rows found = rows.get(thing.kind());
    if (found == null) {
      throw new IllegalStateException("nothing writes " + thing.kind().section());
    }
    return found;
  }

  private interface Step<T> {
    T run();
  }

  /** With the place in the file before what a store says. */
  private <T> T at(Thing thing, Step<T> step) {
    try {
      return step.run();
    } catch (ApiException | ConfigException e) {
      String message = String.valueOf(e.getMessage());
      throw new ConfigException(place(thing) + (message.endsWith(".") ? message : message + "."));
    }
  }

  private String place(Thing thing) {
    return file + (thing.line() > 0 ? ":" + thing.line() : "") + ": " + thing.path() + ": ";
  }
}
