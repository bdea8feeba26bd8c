package dev.jubal.app.operate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing, of the file or of the database: a team, a key, a limit. Values are canonical texts;
 * what a file leaves out is absent.
 */
final class Thing {
  private final Kind kind;
  private final int line;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<Kind, List<Thing>> parts = new LinkedHashMap<>();
  private @Nullable Thing parent;
  private @Nullable String id;

  /**
   * @param line of the file, from 1; 0 for one of the database
   */
  Thing(Kind kind, int line) {
    this.kind = kind;
    this.line = line;
  }

  /** One of the database with the id of its row. */
  static Thing of(Kind kind, String id) {
    Thing thing = new Thing(kind, 0);
    thing.id = id;
    return thing;
  }

  Kind kind() {
    return kind;
  }

  int line() {
    return line;
  }

  /** The id of its row. */
  String id() {
    if (id == null) {
      throw new IllegalStateException(path() + " has no row yet");
    }
    return id;
  }

  /** What holds it. */
  Thing parent() {
    if (parent == null) {
      throw new IllegalStateException(kind.section() + " stands alone");
    }
    return parent;
  }

  void parent(Thing holder) {
    this.parent = holder;
  }

  Thing put(String field, String value) {
    values.put(field, value);
    return this;
  }

  /** A value that is there. */
  String get(String field) {
    return find(field).orElseThrow(() -> new IllegalStateException(path() + " has no " + field));
  }

  boolean flag(String field) {
    return get(field).equals("true");
  }

  long whole(String field) {
    return Long.parseLong(get(field));
  }

  /** A value that is not null. */
  Optional<String> maybe(String field) {
    return find(field).filter(v -> !v.equals(Form.NOTHING));
  }

  Optional<String> find(String field) {
    return Optional.ofNullable(values.get(field));
  }

  /** Adds a part, and with it the list it stands in. */
  Thing add(Thing part) {
    list(part.kind).add(part);
    part.parent = this;
    return part;
  }

  /** The list of a kind, from now on present. */
  List<Thing> list(Kind of) {
    return parts.computeIfAbsent(of, k -> new ArrayList<>());
  }

  /** The things of a list; empty when the list is absent, too. */
  List<Thing> parts(Kind of) {
    return parts.getOrDefault(of, List.of());
  }

  boolean has(Kind of) {
    return parts.containsKey(of);
  }

  /** What tells it from others of its list, such as {@code sales} or {@code model grok-4}. */
  String name() {
    return kind.naming().stream()
        .map(f -> values.getOrDefault(f.name(), f.initial().orElse("?")))
        .filter(v -> !v.equals(Form.NOTHING))
        .collect(Collectors.joining(" "));
  }

  /** Where it stands, such as {@code teams[sales].users[ann]}. */
  String path() {
    if (parent == null) {
      return kind.equals(Kind.STATE) ? "" : own();
    }
    String above = parent.path();
    return above.isEmpty() ? own() : above + "." + own();
  }

  private String own() {
    return kind.section() + "[" + name() + "]";
  }

  /** The same thing with the values of the file over its own, and what is still open as initial. */
  Thing with(Thing wanted) {
    Thing next = new Thing(kind, wanted.line);
    next.id = id;
    next.parent = parent;
    for (Field f : kind.fields()) {
      wanted
          .find(f.name())
          .or(() -> find(f.name()))
          .or(f::initial)
          .ifPresent(v -> next.put(f.name(), v));
    }
    return next;
  }
}
