package dev.jubal.llama.template.calls;

import java.util.List;
import java.util.Optional;

/**
 * How a family of models writes what it thinks before its answer: between two tags, which stand in
 * its text or are control tokens.
 *
 * @param opening the first tag
 * @param closing the last tag
 * @param answer what follows it before the answer
 * @param unthought what stands in the place of a thought where none is wanted; empty where the tags
 *     are text, as one that is opened unasked is seen then
 */
public record ThoughtTags(String opening, String closing, String answer, String unthought) {
  /** All families; of those whose tags a template names the first one counts. */
  public static final List<ThoughtTags> ALL =
      List.of(
          text("<think>", "</think>"), // Qwen, DeepSeek, GLM, SmolLM3 and many more
          text("<seed:think>", "</seed:think>"), // Seed
          text("<thinking>", "</thinking>"), // Apriel
          text("<thought>", "</thought>"), // EXAONE Deep
          text("◁think▷", "◁/think▷"), // Kimi
          control("[THINK]", "[/THINK]"), // Magistral, Ministral 3
          control("<|START_THINKING|>", "<|END_THINKING|>"), // Command
          new ThoughtTags( // harmony: gpt-oss thinks on a channel of its own
              "<|channel|>analysis<|message|>",
              "<|end|>",
              "<|start|>assistant<|channel|>final<|message|>",
              "<|channel|>final<|message|>"));

  private static ThoughtTags text(String opening, String closing) {
    return new ThoughtTags(opening, closing, "\n\n", "");
  }

  private static ThoughtTags control(String opening, String closing) {
    return new ThoughtTags(opening, closing, "", opening + closing);
  }

  /** The tags that a template names, if it names both of a family. */
  public static Optional<ThoughtTags> of(String jinja) {
    return ALL.stream()
        .filter(t -> jinja.contains(t.opening) && jinja.contains(t.closing))
        .findFirst();
  }

  /** Whether they are control tokens, which do not show in an answer's text. */
  public boolean unseen() {
    return !unthought.isEmpty();
  }

  /** Whether a prompt ends within a thought. */
  public boolean open(String prompt) {
    return prompt.stripTrailing().endsWith(opening);
  }

  /** What a thought begins with. */
  public String begin() {
    return unseen() ? opening : opening + "\n";
  }

  /** What stands between a thought and the answer. */
  public String end() {
    return (unseen() ? closing : "\n" + closing) + answer;
  }
}
