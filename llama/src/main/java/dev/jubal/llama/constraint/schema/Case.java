package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of a schema: for each type of JSON whether it may be, and what it must be then.
 *
 * @param types the types that may be, as bits
 * @param typed whether some schema named the types
 * @param literals the only values that may be; null for any
 * @param excluded values that may not be
 */
record Case(
    int types,
    boolean typed,
    NumberRule numbers,
    StringRule strings,
    ArrayRule arrays,
    ObjectRule objects,
    @Nullable List<Node> literals,
    List<Node> excluded) {

  static final int NULL = 1;
  static final int TRUE = 2;
  static final int FALSE = 4;
  static final int NUMBER = 8;
  static final int STRING = 16;
  static final int ARRAY = 32;
  static final int OBJECT = 64;
  static final int ALL = 127;
  static final int CONSTANTS = NULL | TRUE | FALSE;

  static final Case ANY =
      new Case(
          ALL,
          false,
          NumberRule.ANY,
          StringRule.ANY,
          ArrayRule.ANY,
          ObjectRule.ANY,
          null,
          List.of());

  static Case types(int types) {
    return new Case(
        types,
        true,
        NumberRule.ANY,
        StringRule.ANY,
        ArrayRule.ANY,
        ObjectRule.ANY,
        null,
        List.of());
  }

  static Case of(NumberRule rule) {
    return new Case(
        ALL, false, rule, StringRule.ANY, ArrayRule.ANY, ObjectRule.ANY, null, List.of());
  }

  static Case of(StringRule rule) {
    return new Case(
        ALL, false, NumberRule.ANY, rule, ArrayRule.ANY, ObjectRule.ANY, null, List.of());
  }

  static Case of(ArrayRule rule) {
    return new Case(
        ALL, false, NumberRule.ANY, StringRule.ANY, rule, ObjectRule.ANY, null, List.of());
  }

  static Case of(ObjectRule rule) {
    return new Case(
        ALL, false, NumberRule.ANY, StringRule.ANY, ArrayRule.ANY, rule, null, List.of());
  }

  static Case literals(List<Node> values) {
    return ANY.withLiterals(values);
  }

  private Case withLiterals(@Nullable List<Node> values) {
    return new Case(types, typed, numbers, strings, arrays, objects, values, excluded);
  }

  static Case excluding(List<Node> values) {
    return new Case(
        ALL,
        false,
        NumberRule.ANY,
        StringRule.ANY,
        ArrayRule.ANY,
        ObjectRule.ANY,
        null,
        List.copyOf(values));
  }

  Case only(int mask) {
    return new Case(types & mask, true, numbers, strings, arrays, objects, literals, excluded);
  }

  Case with(ObjectRule rule) {
    return new Case(types, typed, numbers, strings, arrays, rule, literals, excluded);
  }

  /** Both at once; no types are left if that is impossible. */
  Case and(Case other) {
    if (equals(ANY)) {
      return other;
    }
    if (other.equals(ANY)) {
      return this;
    }
    List<Node> banned = new ArrayList<>(excluded);
    banned.addAll(other.excluded);
    return new Case(
        types & other.types,
        typed || other.typed,
        numbers.and(other.numbers),
        strings.and(other.strings),
        arrays.and(other.arrays),
        objects.and(other.objects),
        common(literals, other.literals),
        banned);
  }

  private static @Nullable List<Node> common(
      @Nullable List<Node> own, @Nullable List<Node> others) {
    if (own == null || others == null) {
      return own == null ? others : own;
    }
    return own.stream().filter(node -> others.stream().anyMatch(node::same)).toList();
  }

  boolean impossible() {
    return types == 0 || (literals != null && literals.isEmpty());
  }

  /** The types meant: those whose rules say something, if no schema named types. */
  int meant() {
    if (typed || literals != null) {
      return types;
    }
    int ruled =
        (numbers.equals(NumberRule.ANY) ? 0 : NUMBER)
            | (strings.equals(StringRule.ANY) ? 0 : STRING)
            | (arrays.equals(ArrayRule.ANY) ? 0 : ARRAY)
            | (objects.equals(ObjectRule.ANY) ? 0 : OBJECT);
    return ruled == 0 ? types : ruled & types;
  }

  /** Whether anything may be. */
  boolean unconstrained() {
    return meant() == ALL && literals == null && excluded.isEmpty();
  }

  /** The texts of the constants among some types. */
  static List<String> constants(int types) {
    List<String> texts = new ArrayList<>();
    if ((types & NULL) != 0) {
      texts.add("null");
    }
    if ((types & TRUE) != 0) {
      texts.add("true");
    }
    if ((types & FALSE) != 0) {
      texts.add("false");
    }
    return texts;
  }

  /** The bit of a value's type. */
  static int typeOf(Node value) {
    return switch (value.kind) {
      case NULL -> NULL;
      case BOOLEAN -> value.isTrue() ? TRUE : FALSE;
      case NUMBER -> NUMBER;
      case STRING -> STRING;
      case ARRAY -> ARRAY;
      case OBJECT -> OBJECT;
    };
  }
}
