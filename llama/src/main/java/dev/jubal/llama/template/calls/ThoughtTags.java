package dev.jubal.llama.template.calls;

import java.util.List;
import java.util.Optional;

/**
 * How a family of models writes what it thinks before its answer: between two tags, which stand in
 * its text.
 *
 * @param opening the first tag
 * @param closing the last tag
 */
public record ThoughtTags(String opening, String closing) {
  /** All families; of those whose tags a template names the first one counts. */
  public static final List<ThoughtTags> ALL =
      List.of(
          new ThoughtTags("<think>", "</think>"), // Qwen, DeepSeek, GLM, SmolLM3 and many more
          new ThoughtTags("<seed:think>", "</seed:think>"), // Seed
          new ThoughtTags("<thinking>", "</thinking>"), // Apriel
          new ThoughtTags("<thought>", "</thought>"), // EXAONE Deep
          new ThoughtTags("◁think▷", "◁/think▷")); // Kimi

  /** The tags that a template names, if it names both of a family. */
  public static Optional<ThoughtTags> of(String jinja) {
    return ALL.stream()
        .filter(t -> jinja.contains(t.opening) && jinja.contains(t.closing))
        .findFirst();
  }

  /** Whether a prompt ends within a thought. */
  public boolean open(String prompt) {
    return prompt.stripTrailing().endsWith(opening);
  }
}
