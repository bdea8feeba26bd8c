package dev.jubal.inference;

import java.util.List;
import java.util.stream.Collectors;

/** One element of a conversation, in the vocabulary of the Responses API. */
public sealed interface Item {

  /** Something said. */
  record Message(Role role, List<Part> content) implements Item {
    public Message {
      content = List.copyOf(content);
    }

    public static Message text(Role role, String text) {
      return new Message(role, List.of(new Part.Text(text)));
    }

    /** The text parts joined; the parts of one message are one text to a model. */
    public String text() {
      return content.stream()
          .map(
              p ->
                  switch (p) {
                    case Part.Text t -> t.text();
                  })
          .collect(Collectors.joining());
    }
  }

  /**
   * A call that the model made.
   *
   * @param callId pairs it with its output
   * @param arguments a JSON object as text, as the model wrote it
   */
  record FunctionCall(String callId, String name, String arguments) implements Item {}

  /** What a call gave, of whatever shape, as text. */
  record FunctionCallOutput(String callId, String output) implements Item {}

  /** A part of a message. */
  sealed interface Part {
    /** Plain text. */
    record Text(String text) implements Part {}
  }
}
