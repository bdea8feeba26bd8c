package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * What an array must be.
 *
 * @param prefix what the first items must be
 * @param rest what the others must be
 * @param most the most items, or -1 for any number
 * @param unique whether no two items may be equal
 * @param contained what some items must be
 */
record ArrayRule(
    List<Sub> prefix, Sub rest, int least, int most, boolean unique, List<Contained> contained) {

  /**
   * @param least how many items must be so
   * @param most how many may, or -1 for any number
   * @param at the keyword, for refusals
   */
  record Contained(Sub what, int least, int most, Node at) {}

  static final ArrayRule ANY = new ArrayRule(List.of(), Sub.TRUE, 0, -1, false, List.of());

  static ArrayRule items(List<Sub> prefix, Sub rest) {
    return new ArrayRule(prefix, rest, 0, -1, false, List.of());
  }

  static ArrayRule size(int least, int most) {
    return new ArrayRule(List.of(), Sub.TRUE, least, most, false, List.of());
  }

  static ArrayRule different() {
    return new ArrayRule(List.of(), Sub.TRUE, 0, -1, true, List.of());
  }

  static ArrayRule containing(Contained contained) {
    return new ArrayRule(List.of(), Sub.TRUE, 0, -1, false, List.of(contained));
  }

  /** What the item at an index must be. */
  Sub item(int index) {
    return index < prefix.size() ? prefix.get(index) : rest;
  }

  ArrayRule and(ArrayRule other) {
    if (equals(ANY) || other.equals(ANY)) {
      return equals(ANY) ? other : this;
    }
    List<Sub> first = new ArrayList<>();
    for (int i = 0; i < Math.max(prefix.size(), other.prefix.size()); i++) {
      first.add(item(i).and(other.item(i)));
    }
    List<Contained> both = new ArrayList<>(contained);
    both.addAll(other.contained);
    return new ArrayRule(
        first,
        rest.and(other.rest),
        Math.max(least, other.least),
        StringRule.fewer(most, other.most),
        unique || other.unique,
        both);
  }
}
