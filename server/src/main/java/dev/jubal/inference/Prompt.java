package dev.jubal.inference;

import java.util.List;

/** What a model is given. */
public sealed interface Prompt {

  /** A conversation, put into the model's own template. */
  record Conversation(List<Item> items) implements Prompt {
    public Conversation {
      items = List.copyOf(items);
    }
  }

  /** Bare text to be continued, without a template (legacy completions). */
  record Text(String text) implements Prompt {}
}
