package dev.jubal.account.ledger;

/**
 * Tokens of one request.
 *
 * @param prompt all the model read, template included, cached and image tokens inside
 * @param cached those of the prompt that a cache already held
 * @param image those of the prompt that stand for pictures
 * @param completion visible tokens written, reasoning not among them
 * @param reasoning tokens of hidden thought
 */
public record Usage(long prompt, long cached, long image, long completion, long reasoning) {
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  public Usage {
    if (prompt < 0
        || cached < 0
        || image < 0
        || completion < 0
        || reasoning < 0
        || cached > prompt) {
      throw new IllegalArgumentException(
          "usage "
              + prompt
              + "/"
              + cached
              + "/"
              + image
              + "/"
              + completion
              + "/"
              + reasoning
              + " (expected: nothing negative, cached <= prompt)");
    }
  }

  public static Usage of(long prompt, long cached, long completion) {
    return new Usage(prompt, cached, 0, completion, 0);
  }

  /** Both together, as when one request takes two attempts. */
  public Usage plus(Usage other) {
    return new Usage(
        prompt + other.prompt,
        cached + other.cached,
        image + other.image,
        completion + other.completion,
        reasoning + other.reasoning);
  }

  /** Prompt, completion and reasoning together. */
  public long total() {
    return prompt + completion + reasoning;
  }
}
