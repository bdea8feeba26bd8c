package dev.jubal.llama.constraint.pattern;

import java.util.ArrayList;
import java.util.List;

/** Finds lookaheads. */
final class Looks {
  private Looks() {}

  static boolean any(Expression expression) {
    return switch (expression) {
      case Expression.Look _ -> true;
      case Expression.Sequence sequence -> sequence.parts().stream().anyMatch(Looks::any);
      case Expression.Choice choice -> choice.options().stream().anyMatch(Looks::any);
      case Expression.Repeat repeat -> any(repeat.body());
      case Expression.Chars _, Expression.Begin _, Expression.End _ -> false;
    };
  }

  /** The sequences one of which must match: a choice at the top, or behind an anchor, is spread. */
  static List<List<Expression>> alternatives(Expression expression) {
    List<List<Expression>> found = new ArrayList<>();
    switch (expression) {
      case Expression.Choice choice -> {
        for (Expression option : choice.options()) {
          found.addAll(alternatives(option));
        }
      }
      case Expression.Sequence sequence -> spread(sequence.parts(), found);
      default -> found.add(List.of(expression));
    }
    return found;
  }

  private static void spread(List<Expression> parts, List<List<Expression>> found) {
    int choice = 0;
    while (choice < parts.size()
        && !(any(parts.get(choice)) && parts.get(choice) instanceof Expression.Choice)) {
      choice++;
    }
    if (choice == parts.size()) {
      found.add(flat(parts));
      return;
    }
    for (Expression option : ((Expression.Choice) parts.get(choice)).options()) {
      List<Expression> one = new ArrayList<>(parts.subList(0, choice));
      one.add(option);
      one.addAll(parts.subList(choice + 1, parts.size()));
      if (found.size() > 30) {
        throw new UnsupportedPattern("fewer alternatives with lookaheads");
      }
      spread(flat(one), found);
    }
  }

  private static List<Expression> flat(List<Expression> parts) {
    List<Expression> flat = new ArrayList<>();
    for (Expression part : parts) {
      if (part instanceof Expression.Sequence inner && any(inner)) {
        flat.addAll(flat(inner.parts()));
      } else {
        flat.add(part);
      }
    }
    return flat;
  }
}
