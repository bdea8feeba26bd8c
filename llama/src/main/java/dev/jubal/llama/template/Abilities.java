package dev.jubal.llama.template;

import dev.jubal.llama.template.calls.Family;
import dev.jubal.llama.template.jinja.value.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a template can do, found out by rendering small conversations with it.
 *
 * @param system whether it writes a system turn
 * @param lateSystem whether it writes system turns wherever they stand
 * @param developer whether it knows a developer
 * @param listsTools whether it writes the tools it is given
 * @param writesCalls whether it writes calls, and what they gave, as a known family does
 * @param textWithCalls whether it writes text that stands before calls
 * @param parallel whether one turn may hold several calls
 * @param family how calls are written, by the template or else by us
 * @param shape what it wants calls to look like
 */
record Abilities(
    boolean system,
    boolean lateSystem,
    boolean developer,
    boolean listsTools,
    boolean writesCalls,
    boolean textWithCalls,
    boolean parallel,
    Family family,
    Messages.Shape shape) {
  private static final Turn USER = new Turn("user", "probe-user");
  private static final Turn ANSWER = new Turn("assistant", "probe-answer");
  private static final String ARGUMENTS = "{\"probe_key\": \"probe_value\"}";
  private static final Turn.Call CALL =
      new Turn.Call("call_probe_first", "probe_function", ARGUMENTS);
  private static final Turn.Call OTHER =
      new Turn.Call("call_probe_other", "probe_other", ARGUMENTS);
  private static final Turn RESULT = Turn.result(CALL.id(), "probe-result");
  private static final Conversation.Tool TOOL =
      new Conversation.Tool(
          "probe_function",
          "probe-description",
          """
          {"type": "object", "properties": {"probe_key": {"type": "string", \
          "description": "probe-key"}}, "required": ["probe_key"]}\
          """);

  /** Finds out what a template can do. */
  static Abilities of(String jinja, Messages messages) {
    boolean plain = !new Trial(messages, Messages.Shape.PLAIN).refuses(List.of(USER));
    boolean row = !plain && !new Trial(messages, Messages.Shape.TOOL_ROW).refuses(List.of(USER));
    Messages.Shape shape = row ? Messages.Shape.TOOL_ROW : Messages.Shape.PLAIN;
    return new Trial(messages, shape).abilities(jinja.contains("developer"));
  }

  /** Renders the probes of one template. */
  private record Trial(Messages messages, Messages.Shape plain) {

    boolean refuses(List<Turn> turns) {
      return rendered(turns, List.of(), plain).isEmpty();
    }

    Abilities abilities(boolean mentionsDeveloper) {
      Turn system = new Turn("system", "probe-system");
      boolean takesSystem = shows(List.of(system, USER), "probe-system", "probe-user");
      Turn late = new Turn("system", "probe-late");
      boolean takesLate =
          takesSystem
              && shows(List.of(system, USER, ANSWER, late, USER), "probe-system", "probe-late");
      boolean developer =
          mentionsDeveloper
              && shows(List.of(new Turn("developer", "probe-developer"), USER), "probe-developer");
      boolean tools = listsTools(takesSystem ? List.of(system, USER) : List.of(USER));
      Optional<Native> found = tools ? calls(List.of(TOOL)) : Optional.empty();
      if (found.isEmpty()) {
        found = calls(List.of());
        tools &= found.isEmpty();
      }
      Native calls = found.orElse(new Native(Family.HERMES, plain));
      List<Conversation.Tool> listed = tools ? List.of(TOOL) : List.of();
      return new Abilities(
          takesSystem,
          takesLate,
          developer,
          tools,
          found.isPresent(),
          found.isPresent() && textWithCalls(calls, listed),
          found.isEmpty() || parallel(calls, listed),
          calls.family,
          calls.shape);
    }

    private boolean shows(List<Turn> turns, String... wanted) {
      String text = rendered(turns, List.of(), plain);
      for (String part : wanted) {
        if (!text.contains(part)) {
          return false;
        }
      }
      return true;
    }

    private boolean listsTools(List<Turn> turns) {
      String text = rendered(turns, List.of(TOOL), plain);
      return text.contains("probe_function") && text.contains("probe-description");
    }

    /** Empty if the template refuses. */
    private String rendered(List<Turn> turns, List<Conversation.Tool> tools, Messages.Shape shape) {
      try {
        Conversation probe = new Conversation(turns, tools, true, Map.of());
        return messages.render(probe, shape).string();
      } catch (TemplateException _) {
        return "";
      }
    }

    /** The family whose calls the template writes, and how it must be given them. */
    private record Native(Family family, Messages.Shape shape) {}

    private Optional<Native> calls(List<Conversation.Tool> tools) {
      for (Messages.Shape shape : shapes()) {
        String text = rendered(List.of(USER, Turn.calls("", List.of(CALL)), RESULT), tools, shape);
        if (!text.contains("probe-result")) {
          continue;
        }
        String answered = text.substring(text.indexOf("probe-user"));
        for (Family family : Family.ALL) {
          if (inOrder(answered, family.written(CALL.name(), ARGUMENTS))) {
            return Optional.of(new Native(family, shape));
          }
        }
      }
      return Optional.empty();
    }

    private List<Messages.Shape> shapes() {
      List<Messages.Shape> shapes = new ArrayList<>();
      for (boolean shortIds : new boolean[] {false, true}) {
        for (boolean textArguments : new boolean[] {false, true}) {
          shapes.add(new Messages.Shape(textArguments, false, shortIds, plain.toolRow()));
          shapes.add(new Messages.Shape(textArguments, true, shortIds, plain.toolRow()));
        }
      }
      return shapes;
    }

    private static boolean inOrder(String text, List<String> parts) {
      int at = 0;
      for (String part : parts) {
        int found = text.indexOf(part, at);
        if (found < 0) {
          return false;
        }
        at = found + part.length();
      }
      return true;
    }

    private boolean textWithCalls(Native calls, List<Conversation.Tool> tools) {
      List<Turn> turns = List.of(USER, Turn.calls("probe-text", List.of(CALL)), RESULT);
      String text = rendered(turns, tools, calls.shape);
      return text.contains("probe-text") && text.contains("probe_value");
    }

    private boolean parallel(Native calls, List<Conversation.Tool> tools) {
      List<Turn> turns =
          List.of(
              USER,
              Turn.calls("", List.of(CALL, OTHER)),
              RESULT,
              Turn.result(OTHER.id(), "probe-second"));
      String text = rendered(turns, tools, calls.shape);
      return text.contains("probe_other") && text.contains("probe-second");
    }
  }
}
