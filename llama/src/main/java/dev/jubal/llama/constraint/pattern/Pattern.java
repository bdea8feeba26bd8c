package dev.jubal.llama.constraint.pattern;

import dev.jubal.llama.constraint.automaton.Alphabet;
import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.CharDfa;
import dev.jubal.llama.constraint.automaton.CharSet;
import dev.jubal.llama.constraint.automaton.Nfa;
import java.util.ArrayList;
import java.util.List;

/** Compiles regular expressions to the automata of the texts in which they find a match. */
public final class Pattern {
  private final Budget budget;

  private Pattern(Budget budget) {
    this.budget = budget;
  }

  /**
   * The texts in which a pattern matches somewhere.
   *
   * @throws UnsupportedPattern if the text is no pattern that an automaton can do
   * @throws Budget.Exceeded if it needs more states or work than allowed
   */
  public static CharDfa compile(String text, Budget budget) {
    budget.steps(text.length() * 20L);
    return new Pattern(budget).search(PatternParser.parse(text));
  }

  /** The texts that match from begin to end. */
  public static CharDfa whole(String text, Budget budget) {
    return compile("^(?:" + text + ")$", budget);
  }

  private CharDfa search(Expression expression) {
    if (!Looks.any(expression)) {
      return plain(expression);
    }
    // A match with lookaheads is a cut of languages: "A(?=B)C" is A followed by (B.* and C.*).
    CharDfa found = null;
    for (List<Expression> parts : Looks.alternatives(expression)) {
      CharDfa one = sequence(parts);
      found = found == null ? one : union(found, one);
    }
    return found == null ? plain(expression) : found;
  }

  private CharDfa union(CharDfa one, CharDfa other) {
    CharDfa all = CharDfa.all();
    return all.minus(all.minus(one, budget).and(all.minus(other, budget), budget), budget);
  }

  /** A sequence with lookaheads among its parts, all before the first that reads a character. */
  private CharDfa sequence(List<Expression> parts) {
    List<Expression> rest = new ArrayList<>();
    List<Expression.Look> looks = new ArrayList<>();
    boolean begin = false;
    for (Expression part : parts) {
      if (part instanceof Expression.Look look && rest.isEmpty()) {
        looks.add(look);
      } else if (part instanceof Expression.Begin && rest.isEmpty()) {
        begin = true;
      } else {
        rest.add(part);
      }
    }
    if (!begin || Looks.any(new Expression.Sequence(rest))) {
      throw new UnsupportedPattern("lookaheads only right after ^");
    }
    rest.addFirst(new Expression.Begin());
    CharDfa result = plain(new Expression.Sequence(rest));
    for (Expression.Look look : looks) {
      if (Looks.any(look.ahead())) {
        throw new UnsupportedPattern("no lookahead within a lookahead");
      }
      CharDfa ahead = plain(new Expression.Sequence(List.of(new Expression.Begin(), look.ahead())));
      result = look.negative() ? result.minus(ahead, budget) : result.and(ahead, budget);
    }
    return result;
  }

  private CharDfa plain(Expression expression) {
    List<CharSet> sets = new ArrayList<>();
    collect(expression, sets);
    Nfa nfa = new Nfa(Alphabet.of(sets), budget);
    return nfa.determinize(build(nfa, expression, nfa.match()));
  }

  private void collect(Expression expression, List<CharSet> sets) {
    switch (expression) {
      case Expression.Chars chars -> sets.add(chars.set());
      case Expression.Sequence sequence -> sequence.parts().forEach(part -> collect(part, sets));
      case Expression.Choice choice -> choice.options().forEach(part -> collect(part, sets));
      case Expression.Repeat repeat -> collect(repeat.body(), sets);
      case Expression.Begin _, Expression.End _ -> {}
      case Expression.Look look -> collect(look.ahead(), sets);
    }
  }

  private int build(Nfa nfa, Expression expression, int next) {
    return switch (expression) {
      case Expression.Chars chars -> nfa.characters(chars.set(), next);
      case Expression.Sequence sequence -> {
        int state = next;
        for (Expression part : sequence.parts().reversed()) {
          state = build(nfa, part, state);
        }
        yield state;
      }
      case Expression.Choice choice -> {
        int state = build(nfa, choice.options().getLast(), next);
        for (int i = choice.options().size() - 2; i >= 0; i--) {
          state = nfa.split(build(nfa, choice.options().get(i), next), state);
        }
        yield state;
      }
      case Expression.Repeat repeat -> repeat(nfa, repeat, next);
      case Expression.Begin _ -> nfa.begin(next);
      case Expression.End _ -> nfa.end(next);
      case Expression.Look _ -> throw new UnsupportedPattern("lookaheads only right after ^");
    };
  }

  private int repeat(Nfa nfa, Expression.Repeat repeat, int next) {
    int state = next;
    if (repeat.most() < 0) {
      state = nfa.loop(next);
      nfa.lead(state, build(nfa, repeat.body(), state));
    } else {
      for (int i = repeat.least(); i < repeat.most(); i++) {
        state = nfa.split(build(nfa, repeat.body(), state), next);
      }
    }
    for (int i = 0; i < repeat.least(); i++) {
      state = build(nfa, repeat.body(), state);
    }
    return state;
  }
}
