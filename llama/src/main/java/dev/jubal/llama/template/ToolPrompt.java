package dev.jubal.llama.template;

import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.template.calls.Family;
import dev.jubal.llama.template.jinja.value.JsonWriter;
import dev.jubal.llama.template.jinja.value.Limits;
import dev.jubal.llama.template.jinja.value.Meter;
import java.util.List;

/** Our own words about tools, for models whose template has none. */
final class ToolPrompt {
  private ToolPrompt() {}

  /** What the system says: which functions there are, and how to call them. */
  static String of(List<Conversation.Tool> tools, Family family, boolean parallel) {
    Meter meter = new Meter(Limits.DEFAULT);
    StringBuilder text = new StringBuilder();
    text.append("# Tools\n\nYou can call these functions to help the user:\n<tools>\n");
    for (Conversation.Tool tool : tools) {
      text.append(JsonWriter.write(Messages.tool(tool), JsonWriter.Style.LINE, meter)).append('\n');
    }
    text.append("</tools>\n\nTo call a function, write its name and its arguments like this:\n");
    text.append(call(family, "function-name", "{\"argument-name\": \"value\"}"));
    text.append("\n\nCall a function only when it helps with what the user asks");
    text.append(parallel ? "; several calls may follow each other. " : ". ");
    text.append("Otherwise answer in plain text.");
    return text.toString();
  }

  private static String call(Family family, String name, String arguments) {
    return calls(List.of(new Turn.Call("", name, arguments)), family);
  }

  /** Calls as the model writes them. */
  static String calls(List<Turn.Call> calls, Family family) {
    CallSyntax syntax = family.syntax();
    StringBuilder text = new StringBuilder(Family.text(syntax.opening()));
    String between = "";
    for (Turn.Call call : calls) {
      text.append(between)
          .append(Family.text(syntax.beforeName()))
          .append(call.name())
          .append(Family.text(syntax.beforeArguments()))
          .append(call.arguments().isBlank() ? "{}" : call.arguments())
          .append(Family.text(syntax.afterArguments()));
      between = Family.text(syntax.between());
    }
    return text.append(Family.text(syntax.closing())).toString();
  }

  /** What a call gave, as a user tells it. */
  static String result(String output) {
    return "<tool_response>\n" + output + "\n</tool_response>";
  }
}
