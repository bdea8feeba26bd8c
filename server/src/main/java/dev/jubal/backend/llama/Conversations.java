package dev.jubal.backend.llama;

import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.Tools;
import dev.jubal.llama.template.Conversation;
import dev.jubal.llama.template.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Items as the turns of a chat template. */
final class Conversations {
  private Conversations() {}

  /** A conversation to be answered, with the functions that the answer may call. */
  static Conversation of(Prompt.Conversation conversation, GenerationRequest.Options options) {
    Tools tools = options.tools();
    Map<String, Object> variables = new HashMap<>();
    options.thought().effort().ifPresent(effort -> variables.put("reasoning_effort", effort));
    // the names under which templates ask whether a thought is wanted
    variables.put("enable_thinking", options.thought().before().isPresent());
    variables.put("thinking", options.thought().before().isPresent());
    return new Conversation(
        turns(conversation.items()),
        tools.callable() ? tools.functions().stream().map(Conversations::tool).toList() : List.of(),
        true,
        variables);
  }

  private static boolean assistant(Item.Message message) {
    return message.role() == Role.ASSISTANT;
  }

  private static Conversation.Tool tool(Tools.Function f) {
    return new Conversation.Tool(f.name(), f.description(), f.parameters());
  }

  /** Calls that follow each other, and the assistant's text before them, are one turn. */
  private static List<Turn> turns(List<Item> items) {
    List<Turn> turns = new ArrayList<>(items.size());
    boolean open = false;
    String thought = "";
    for (Item item : items) {
      switch (item) {
        case Item.Message m -> {
          String role = m.role().name().toLowerCase(Locale.ROOT);
          turns.add(new Turn(role, m.text()).withThought(assistant(m) ? thought : ""));
        }
        case Item.FunctionCall c -> {
          List<Turn.Call> calls = new ArrayList<>(open ? turns.getLast().calls() : List.of());
          calls.add(new Turn.Call(c.callId(), c.name(), c.arguments()));
          Turn before = open ? turns.removeLast() : new Turn("assistant", "").withThought(thought);
          turns.add(Turn.calls(before.content(), calls).withThought(before.thought()));
        }
        case Item.FunctionCallOutput o -> turns.add(Turn.result(o.callId(), o.output()));
        case Item.Reasoning r -> {
          thought = r.text(); // of what follows; whether it is shown is for the template to say
          open = false;
          continue;
        }
      }
      thought = "";
      open = turns.getLast().role().equals("assistant");
    }
    return turns;
  }
}
