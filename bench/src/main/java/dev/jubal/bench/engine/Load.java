package dev.jubal.bench.engine;

import java.util.List;
import java.util.Optional;

/**
 * Prompts to answer all at once.
 *
 * @param tokens most tokens of each answer; without a schema exactly so many, whatever they say
 * @param schema JSON Schema that every answer follows, as text
 * @param forced whether text that the schema leaves no choice about may be written unasked
 */
public record Load(List<String> prompts, int tokens, Optional<String> schema, boolean forced) {
  public Load {
    prompts = List.copyOf(prompts);
  }

  /** Free text. */
  public static Load free(List<String> prompts, int tokens) {
    return new Load(prompts, tokens, Optional.empty(), false);
  }

  /** JSON that follows a schema, every token of it asked of the model. */
  public static Load json(List<String> prompts, int tokens, String schema) {
    return new Load(prompts, tokens, Optional.of(schema), false);
  }

  /** The same with unasked text where the schema leaves no choice. */
  public Load withForced() {
    return new Load(prompts, tokens, schema, true);
  }
}
