package dev.jubal.inference;

/** What the text of an answer must be. */
public sealed interface AnswerFormat {

  /** Anything. */
  record Text() implements AnswerFormat {}

  /**
   * No answer yet, but what is thought before it: anything, and no calls, whatever the functions
   * that stand in the prompt.
   */
  record Thought() implements AnswerFormat {}

  /** One JSON object. */
  record JsonObject() implements AnswerFormat {}

  /**
   * One JSON value that satisfies a schema.
   *
   * @param name what the client calls it; empty for nothing
   * @param schema JSON Schema, draft 2020-12, as text
   */
  record JsonSchema(String name, String schema) implements AnswerFormat {}
}
