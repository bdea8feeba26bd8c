package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.ByteDfa;
import dev.jubal.llama.constraint.automaton.CharDfa;
import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.automaton.StringLeaf;
import dev.jubal.llama.constraint.automaton.Writing;
import dev.jubal.llama.constraint.document.JsonText;
import dev.jubal.llama.constraint.document.Node;
import dev.jubal.llama.constraint.pattern.Pattern;
import dev.jubal.llama.constraint.pattern.UnsupportedPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes leaves of rules for strings, and of the keys that no schema names. */
final class Strings {
  private final SharedLeaves shared;
  private final Budget budget;
  private final Map<String, CharDfa> patterns = new HashMap<>();

  Strings(SharedLeaves shared, Budget budget) {
    this.shared = shared;
    this.budget = budget;
  }

  /** The strings a rule allows, or null if there are none. */
  @Nullable Leaf leaf(StringRule rule, List<String> excluded) {
    if (rule.most() >= 0 && rule.least() > rule.most()) {
      return null;
    }
    boolean free =
        rule.patterns().isEmpty()
            && rule.without().isEmpty()
            && rule.formats().isEmpty()
            && excluded.isEmpty();
    if (free) {
      return rule.equals(StringRule.ANY)
          ? StringLeaf.ANY
          : shared.get(
              "length " + rule.least() + " " + rule.most(),
              budget,
              own -> new StringLeaf(rule.least(), rule.most()));
    }
    String key = "string " + key(rule) + excluded;
    return written(key, rule, excluded);
  }

  private static String key(StringRule rule) {
    return rule.least()
        + " "
        + rule.most()
        + texts(rule.patterns())
        + texts(rule.without())
        + texts(rule.formats());
  }

  private static List<String> texts(List<Node> nodes) {
    return nodes.stream().map(node -> JsonText.quoted(node.text)).toList();
  }

  /** The strings of a rule, their length left aside. */
  private CharDfa dfa(StringRule rule, Budget own) {
    CharDfa dfa = CharDfa.all();
    for (Node pattern : rule.patterns()) {
      dfa = joined(dfa, pattern, own, false);
    }
    for (Node format : rule.formats()) {
      dfa = dfa.and(compiled("format " + format.text, format, own), own);
    }
    for (Node pattern : rule.without()) {
      dfa = joined(dfa, pattern, own, true);
    }
    return dfa;
  }

  private CharDfa joined(CharDfa dfa, Node pattern, Budget own, boolean without) {
    CharDfa other = pattern(pattern, own);
    return without ? dfa.minus(other, own) : dfa.and(other, own);
  }

  private CharDfa pattern(Node pattern, Budget own) {
    return compiled(pattern.text, pattern, own);
  }

  private CharDfa compiled(String key, Node at, Budget own) {
    CharDfa known = patterns.get(key);
    if (known == null) {
      try {
        known =
            key.startsWith("format ") && Formats.known(at.text)
                ? Pattern.whole(Formats.pattern(at.text), own)
                : Pattern.compile(at.text, own);
      } catch (UnsupportedPattern | Budget.Exceeded e) {
        throw at.refused(String.valueOf(e.getMessage()));
      }
      patterns.put(key, known);
    }
    return known;
  }

  /** Whether a rule allows a text. */
  boolean allows(StringRule rule, String text) {
    int length = text.codePointCount(0, text.length());
    return length >= rule.least()
        && (rule.most() < 0 || length <= rule.most())
        && dfa(rule, budget).accepts(text);
  }

  /** Whether a pattern is found in a text. */
  boolean found(Node pattern, String text) {
    return pattern(pattern, budget).accepts(text);
  }

  /** All that is said of the value of a key. */
  List<Sub> said(ObjectRule rule, String key) {
    List<Sub> said = new ArrayList<>();
    boolean evaluated = false;
    for (ObjectRule.Layer layer : rule.layers()) {
      boolean covered = false;
      Sub named = layer.named().get(key);
      if (named != null) {
        said.add(named);
        covered = true;
      }
      for (ObjectRule.Matching matching : layer.matching()) {
        if (found(matching.pattern(), key)) {
          said.add(matching.value());
          covered = true;
        }
      }
      if (!covered && layer.additional().isPresent()) {
        said.add(layer.additional().get());
        covered = true;
      }
      evaluated |= covered;
    }
    if (!evaluated) {
      rule.unevaluated().ifPresent(said::add);
    }
    return said;
  }

  /**
   * The keys in which some patterns are found and others are not, and that are none of some names;
   * null if there are none.
   */
  @Nullable Leaf keys(
      List<Node> with, List<Node> without, StringRule names, Collection<String> not) {
    StringRule rule = names.and(new StringRule(0, -1, with, without, List.of()));
    String key = "key " + key(rule) + not.stream().map(JsonText::quoted).toList();
    return written(key, rule, not);
  }

  /** Texts of a rule but some, as JSON strings; null if there are none. */
  private @Nullable Leaf written(String key, StringRule rule, Collection<String> not) {
    Leaf leaf =
        shared.get(
            key,
            budget,
            own -> {
              CharDfa dfa = dfa(rule, own);
              if (!not.isEmpty()) {
                dfa = dfa.minus(CharDfa.words(not, own), own);
              }
              ByteDfa written = Writing.string(dfa, own);
              return rule.least() > 0 || rule.most() >= 0
                  ? written.counted(rule.least(), rule.most(), own)
                  : written;
            });
    return leaf.distance(leaf.start()) < Leaf.FAR ? leaf : null;
  }
}
