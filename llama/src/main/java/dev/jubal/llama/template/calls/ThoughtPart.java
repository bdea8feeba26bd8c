package dev.jubal.llama.template.calls;

/** A part of an answer: some of its thought, the end of that, or text after it. */
public sealed interface ThoughtPart {

  /** More of the thought, never empty. */
  record Thought(String text) implements ThoughtPart {}

  /** The thought is over. */
  record Finished() implements ThoughtPart {}

  /** Text outside of the thought, never empty. */
  record Text(String text) implements ThoughtPart {}
}
