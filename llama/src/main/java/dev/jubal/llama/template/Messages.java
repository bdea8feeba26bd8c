package dev.jubal.llama.template;

import dev.jubal.llama.template.jinja.Template;
import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.JsonReader;
import dev.jubal.llama.template.jinja.value.Limits;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/** Puts a conversation into the variables templates read, and renders one. */
record Messages(Template template, Map<String, String> tokens) {
  /** Roles that the server itself gives, so that a template may make control tokens of them. */
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  private static final int SHORT_ID = 9;
  private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  /**
   * How a template wants what templates do not agree on.
   *
   * @param textArguments arguments of calls as JSON text, not as a dictionary
   * @param noContent None instead of an empty content beside calls
   * @param shortIds ids of calls with 9 letters and digits
   * @param toolRow an empty list of tools, not None, when there are none
   */
  record Shape(boolean textArguments, boolean noContent, boolean shortIds, boolean toolRow) {
    static final Shape PLAIN = new Shape(false, false, false, false);
    static final Shape TOOL_ROW = new Shape(false, false, false, true);
  }

  Text render(Conversation conversation, Shape shape) {
    Map<String, Value> variables = new HashMap<>();
    tokens.forEach((name, text) -> variables.put(name, Text.literal(text)));
    conversation.variables().forEach((name, value) -> variables.put(name, variable(value)));
    variables.put("messages", messages(conversation.turns(), shape));
    variables.put("tools", tools(conversation.tools(), shape));
    variables.put("documents", Value.None.NONE);
    variables.put("add_generation_prompt", Value.Bool.of(conversation.generationPrompt()));
    return template.render(variables, Limits.DEFAULT);
  }

  private static Value variable(Object value) {
    return switch (value) {
      case Boolean bool -> Value.Bool.of(bool);
      case Integer number -> Value.Int.of(number);
      case Long number -> Value.Int.of(number);
      default -> Text.foreign(value.toString());
    };
  }

  private static Value messages(List<Turn> turns, Shape shape) {
    List<Value> messages = new ArrayList<>(turns.size());
    Map<String, String> names = new HashMap<>();
    for (Turn turn : turns) {
      Dict message = new Dict();
      message.put("role", role(turn.role()));
      boolean none = shape.noContent && !turn.calls().isEmpty() && turn.content().isEmpty();
      message.put("content", none ? Value.None.NONE : Text.foreign(turn.content()));
      if (!turn.thought().isEmpty()) { // under both names that templates know
        message.put("reasoning_content", Text.foreign(turn.thought()));
        message.put("thinking", Text.foreign(turn.thought()));
      }
      if (!turn.calls().isEmpty()) {
        List<Value> calls = new ArrayList<>();
        for (Turn.Call call : turn.calls()) {
          names.put(call.id(), call.name());
          calls.add(call(call, shape));
        }
        message.put("tool_calls", Seq.list(calls));
      }
      if (!turn.callId().isEmpty()) {
        message.put("tool_call_id", id(turn.callId(), shape));
        message.put("name", Text.foreign(names.getOrDefault(turn.callId(), "")));
      }
      messages.add(message);
    }
    return Seq.list(messages);
  }

  private static Text role(String role) {
    return ROLES.contains(role) ? Text.literal(role) : Text.foreign(role);
  }

  private static Value call(Turn.Call call, Shape shape) {
    Value arguments =
        shape.textArguments ? Text.foreign(call.arguments()) : parsed(call.arguments());
    return new Dict()
        .put("id", id(call.id(), shape))
        .put("type", Text.literal("function"))
        .put(
            "function",
            new Dict().put("name", Text.foreign(call.name())).put("arguments", arguments));
  }

  /** What a client sends back as arguments need not be JSON. */
  private static Value parsed(String json) {
    try {
      return JsonReader.read(json.isBlank() ? "{}" : json);
    } catch (TemplateException _) {
      return Text.foreign(json);
    }
  }

  private static Text id(String id, Shape shape) {
    if (!shape.shortIds || (id.length() == SHORT_ID && id.chars().allMatch(Messages::plain))) {
      return Text.foreign(id);
    }
    CRC32 hash = new CRC32();
    hash.update(id.getBytes(StandardCharsets.UTF_8));
    long rest = hash.getValue() * 1_000_003;
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < SHORT_ID; i++) {
      letters.append(ID_LETTERS.charAt((int) (rest % ID_LETTERS.length())));
      rest /= ID_LETTERS.length();
    }
    return Text.literal(letters.toString());
  }

  private static boolean plain(int c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  private static Value tools(List<Conversation.Tool> tools, Shape shape) {
    if (tools.isEmpty() && !shape.toolRow) {
      return Value.None.NONE;
    }
    return Seq.list(tools.stream().map(Messages::tool).toList());
  }

  /** A function as templates and models know it: in the form of the Chat Completions API. */
  static Value tool(Conversation.Tool tool) {
    Dict function = new Dict().put("name", Text.foreign(tool.name()));
    if (!tool.description().isEmpty()) {
      function.put("description", Text.foreign(tool.description()));
    }
    function.put("parameters", parsed(tool.parameters()));
    return new Dict().put("type", Text.literal("function")).put("function", function);
  }
}
