package dev.jubal.llama.template;

import dev.jubal.llama.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * The ChatML family: each turn stands between {@code <|im_start|>} and {@code <|im_end|>}.
 *
 * @param defaultSystem what the system says when the first turn is not a system turn; empty for
 *     nothing
 */
record ChatMl(String defaultSystem) implements ChatTemplate {
  private static final Segment START = new Segment("<|im_start|>", true);
  private static final Segment END = new Segment("<|im_end|>", true);

  @Override
  public List<Segment> render(List<Turn> turns, boolean generationPrompt) {
    List<Segment> prompt = new ArrayList<>(4 * turns.size() + 6);
    if (!defaultSystem.isEmpty() && !turns.isEmpty() && !role(turns.getFirst()).equals("system")) {
      add(prompt, "system", defaultSystem);
    }
    for (Turn turn : turns) {
      add(prompt, role(turn), turn.content());
    }
    if (generationPrompt) {
      prompt.add(START);
      prompt.add(new Segment("assistant\n", false));
    }
    return List.copyOf(prompt);
  }

  // Role and content share one segment: the tokenizer may merge the line break with what follows.
  private static void add(List<Segment> prompt, String role, String content) {
    prompt.add(START);
    prompt.add(new Segment(role + "\n" + content, false));
    prompt.add(END);
    prompt.add(new Segment("\n", false));
  }

  // No model of this family was trained on a developer; to it such a turn is a system turn.
  private static String role(Turn turn) {
    return turn.role().equals("developer") ? "system" : turn.role();
  }
}
