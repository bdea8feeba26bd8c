package dev.jubal.inference;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
      return Part.text(content);
    }
  }

  /**
   * A call that the model made.
   *
   * @param callId pairs it with its output
   * @param arguments a JSON object as text, as the model wrote it
   */
  record FunctionCall(String callId, String name, String arguments) implements Item {}

  /** What a call gave, of whatever shape: as text, and perhaps with pictures. */
  record FunctionCallOutput(String callId, List<Part> content) implements Item {
    public FunctionCallOutput {
      content = List.copyOf(content);
    }

    public static FunctionCallOutput text(String callId, String output) {
      return new FunctionCallOutput(callId, List.of(new Part.Text(output)));
    }

    /** The text parts joined. */
    public String output() {
      return Part.text(content);
    }
  }

  /** What the model thought before what follows: of an earlier answer, given back by the client. */
  record Reasoning(String text) implements Item {}

  /** The parts of an item that has any. */
  static List<Part> parts(Item item) {
    return switch (item) {
      case Message m -> m.content;
      case FunctionCallOutput o -> o.content;
      case FunctionCall _, Reasoning _ -> List.of();
    };
  }

  /** The same with another part in the place of each picture. */
  static Item withPictures(Item item, Function<Part.Image, Part> other) {
    return switch (item) {
      case Message m -> new Message(m.role, Part.withPictures(m.content, other));
      case FunctionCallOutput o ->
          new FunctionCallOutput(o.callId, Part.withPictures(o.content, other));
      case FunctionCall c -> c;
      case Reasoning r -> r;
    };
  }

  /** A part of a message. */
  sealed interface Part {
    /** Plain text. */
    record Text(String text) implements Part {}

    /**
     * A picture.
     *
     * @param url where it is: http or https, or a data URL that holds it
     * @param detail how closely the client wants it looked at, as text: low, high, auto
     */
    record Image(String url, Optional<String> detail) implements Part {}

    private static List<Part> withPictures(List<Part> parts, Function<Image, Part> other) {
      return parts.stream().map(p -> p instanceof Image i ? other.apply(i) : p).toList();
    }

    /** The texts among parts, joined. */
    static String text(List<Part> parts) {
      StringBuilder all = new StringBuilder();
      for (Part part : parts) {
        switch (part) {
          case Text t -> all.append(t.text());
          case Image _ -> {
            // is no text
          }
        }
      }
      return all.toString();
    }
  }
}
