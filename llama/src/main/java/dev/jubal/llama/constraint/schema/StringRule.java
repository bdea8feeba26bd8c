package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * What a string must be.
 *
 * @param least the least number of characters
 * @param most the most, or -1 for any number
 * @param patterns nodes of regular expressions that must be found
 * @param without nodes of regular expressions that must not be found
 * @param formats nodes of formats
 */
record StringRule(
    int least, int most, List<Node> patterns, List<Node> without, List<Node> formats) {

  static final StringRule ANY = new StringRule(0, -1, List.of(), List.of(), List.of());

  static StringRule length(int least, int most) {
    return new StringRule(least, most, List.of(), List.of(), List.of());
  }

  static StringRule pattern(Node pattern) {
    return new StringRule(0, -1, List.of(pattern), List.of(), List.of());
  }

  static StringRule notPattern(Node pattern) {
    return new StringRule(0, -1, List.of(), List.of(pattern), List.of());
  }

  static StringRule format(Node format) {
    return new StringRule(0, -1, List.of(), List.of(), List.of(format));
  }

  StringRule and(StringRule other) {
    if (equals(ANY) || other.equals(ANY)) {
      return equals(ANY) ? other : this;
    }
    return new StringRule(
        Math.max(least, other.least),
        fewer(most, other.most),
        joined(patterns, other.patterns),
        joined(without, other.without),
        joined(formats, other.formats));
  }

  /** The smaller of two bounds of which -1 is none. */
  static int fewer(int most, int other) {
    return most < 0 || other < 0 ? Math.max(most, other) : Math.min(most, other);
  }

  private static List<Node> joined(List<Node> own, List<Node> others) {
    List<Node> joint = new ArrayList<>(own);
    for (Node other : others) {
      if (own.stream().noneMatch(node -> node.text.equals(other.text))) {
        joint.add(other);
      }
    }
    return List.copyOf(joint);
  }
}
