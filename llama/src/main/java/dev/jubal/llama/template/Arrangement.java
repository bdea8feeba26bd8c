package dev.jubal.llama.template;

import dev.jubal.llama.template.jinja.value.TemplateException;
import java.util.ArrayList;
import java.util.List;

/** Makes of a conversation one that a template can render, as little changed as possible. */
record Arrangement(Abilities abilities) {
  private static final String PARAGRAPH = "\n\n";

  /** The conversation with what the template cannot do put into what it can. */
  Conversation of(Conversation asked) {
    List<Turn> turns = new ArrayList<>(asked.turns().size() + 1);
    for (Turn turn : asked.turns()) {
      turns.add(known(turn));
    }
    boolean listed = !asked.tools().isEmpty() && abilities.listsTools() && abilities.writesCalls();
    if (!asked.tools().isEmpty() && !listed) {
      addToSystem(turns, ToolPrompt.of(asked.tools(), abilities.family(), abilities.parallel()));
    }
    turns = abilities.writesCalls() ? single(turns) : spelled(turns);
    if (!abilities.system() || !abilities.lateSystem()) {
      turns = systemFirst(turns);
    }
    if (!abilities.system()) {
      turns = systemInUser(turns);
    }
    return new Conversation(
        turns, listed ? asked.tools() : List.of(), asked.generationPrompt(), asked.variables());
  }

  /** A developer is a system to models that know none. */
  private Turn known(Turn turn) {
    return turn.role().equals("developer") && !abilities.developer()
        ? new Turn("system", turn.content())
        : turn;
  }

  private static void addToSystem(List<Turn> turns, String text) {
    if (!turns.isEmpty() && system(turns.getFirst())) {
      Turn first = turns.getFirst();
      turns.set(0, first.withContent(joined(first.content(), text)));
    } else {
      turns.addFirst(new Turn("system", text));
    }
  }

  private static boolean system(Turn turn) {
    return turn.role().equals("system") || turn.role().equals("developer");
  }

  private static String joined(String a, String b) {
    return a.isEmpty() || b.isEmpty() ? a + b : a + PARAGRAPH + b;
  }

  /** Calls and results as text: what the model would write, and what a user would answer. */
  private List<Turn> spelled(List<Turn> turns) {
    List<Turn> spelled = new ArrayList<>(turns.size());
    boolean result = false;
    for (Turn turn : turns) {
      boolean before = result;
      result = turn.role().equals("tool");
      if (result) {
        String text = ToolPrompt.result(turn.content());
        if (before) {
          text = spelled.removeLast().content() + "\n" + text;
        }
        spelled.add(new Turn("user", text));
      } else if (turn.calls().isEmpty()) {
        spelled.add(turn);
      } else {
        String calls = ToolPrompt.calls(turn.calls(), abilities.family());
        String before1 = turn.content().isEmpty() ? "" : turn.content() + "\n";
        spelled.add(new Turn("assistant", before1 + calls).withThought(turn.thought()));
      }
    }
    return spelled;
  }

  /** Where a template takes one call a turn, each call goes with its result. */
  private List<Turn> single(List<Turn> turns) {
    List<Turn> single = new ArrayList<>(turns.size());
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      boolean mute = !turn.calls().isEmpty() && !abilities.textWithCalls();
      if (abilities.parallel() || turn.calls().size() < 2) {
        single.add(mute ? turn.withContent("") : turn);
        continue;
      }
      int end = i + 1;
      while (end < turns.size() && turns.get(end).role().equals("tool")) {
        end++;
      }
      List<Turn> results = new ArrayList<>(turns.subList(i + 1, end));
      String thought = turn.thought();
      for (Turn.Call call : turn.calls()) {
        single.add(Turn.calls("", List.of(call)).withThought(thought));
        thought = "";
        for (Turn given : List.copyOf(results)) {
          if (given.callId().equals(call.id())) {
            results.remove(given);
            single.add(given);
          }
        }
      }
      single.addAll(results);
      i = end - 1;
    }
    return single;
  }

  /** One system turn at the beginning; later ones are told by the user. */
  private static List<Turn> systemFirst(List<Turn> turns) {
    List<Turn> others = new ArrayList<>(turns.size());
    String first = "";
    boolean any = false;
    for (Turn turn : turns) {
      if (system(turn) && others.isEmpty()) {
        first = joined(first, turn.content());
        any = true;
      } else {
        others.add(system(turn) ? new Turn("user", turn.content()) : turn);
      }
    }
    if (any) {
      others.addFirst(new Turn("system", first));
    }
    return others;
  }

  /** The system's words at the beginning of the first user's. */
  private static List<Turn> systemInUser(List<Turn> turns) {
    if (turns.isEmpty() || !system(turns.getFirst())) {
      return turns;
    }
    List<Turn> others = new ArrayList<>(turns.subList(1, turns.size()));
    String text = turns.getFirst().content();
    if (!others.isEmpty() && others.getFirst().role().equals("user")) {
      others.set(0, new Turn("user", joined(text, others.getFirst().content())));
    } else if (!text.isEmpty()) {
      others.addFirst(new Turn("user", text));
    }
    return others;
  }

  /**
   * The turns made to alternate: neighbours of one role become one, and a user begins.
   *
   * @throws TemplateException never; the result may still be refused
   */
  Conversation alternating(Conversation arranged) {
    List<Turn> turns = new ArrayList<>();
    for (Turn turn : systemFirst(arranged.turns())) {
      Turn before = turns.isEmpty() ? null : turns.getLast();
      boolean joins =
          before != null
              && before.role().equals(turn.role())
              && (turn.role().equals("user") || turn.role().equals("assistant"))
              && before.calls().isEmpty();
      if (joins && before != null) {
        String text = joined(before.content(), turn.content());
        String thought = joined(before.thought(), turn.thought());
        turns.set(
            turns.size() - 1, new Turn(turn.role(), text, turn.calls(), turn.callId(), thought));
      } else {
        boolean begins = turns.isEmpty() || (turns.size() == 1 && system(turns.getFirst()));
        if (begins && turn.role().equals("assistant")) {
          turns.add(new Turn("user", ""));
        }
        turns.add(turn);
      }
    }
    return new Conversation(
        turns, arranged.tools(), arranged.generationPrompt(), arranged.variables());
  }
}
