package dev.jubal.llama.template;

import java.util.List;
import java.util.Map;

/**
 * What a template renders.
 *
 * @param turns in any order of roles; {@code developer} is read as {@code system} by models that
 *     know no developer
 * @param tools functions that the answer may call
 * @param generationPrompt whether the prompt ends where the assistant's answer begins
 * @param variables further names for the template: texts, truth values and whole numbers
 */
public record Conversation(
    List<Turn> turns, List<Tool> tools, boolean generationPrompt, Map<String, Object> variables) {
  public Conversation {
    turns = List.copyOf(turns);
    tools = List.copyOf(tools);
    variables = Map.copyOf(variables);
  }

  /** Turns to be answered, without tools. */
  public static Conversation of(List<Turn> turns) {
    return new Conversation(turns, List.of(), true, Map.of());
  }

  /**
   * A function that may be called.
   *
   * @param description what it does, possibly empty
   * @param parameters JSON Schema of its arguments, as text
   */
  public record Tool(String name, String description, String parameters) {}
}
