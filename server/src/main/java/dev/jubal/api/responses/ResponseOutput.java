package dev.jubal.api.responses;

import dev.jubal.api.TokenLogprob;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.inference.memory.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The items of a response as far as they have come; at most the last one is open. */
final class ResponseOutput {
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable String newestId;

  /** An item that grows. */
  sealed interface Entry {
    /** A thought. */
    final class Thought implements Entry {
      private final StringBuilder text = new StringBuilder();
      private @Nullable String encrypted;
      private @Nullable String status;

      void add(GenerationEvent.ReasoningDelta delta) {
        text.append(delta.text());
      }

      String text() {
        return text.toString();
      }

      void encrypted(String sealed) {
        encrypted = sealed;
      }

      ResponsesWire.SummaryText part() {
        return new ResponsesWire.SummaryText("summary_text", text());
      }
    }

    /** Text. */
    final class Said implements Entry {
      private final StringBuilder text = new StringBuilder();
      private final List<TokenLogprob> tokens = new ArrayList<>();
      private @Nullable String status;

      void add(GenerationEvent.TextDelta delta) {
        text.append(delta.text());
        tokens.addAll(TokenLogprob.of(delta.logprobs()));
      }

      ResponsesWire.OutputText part() {
        return new ResponsesWire.OutputText("output_text", text.toString(), List.of(), tokens);
      }
    }

    /** A call. */
    final class Called implements Entry {
      private final GenerationEvent.CallStarted start;
      private final StringBuilder arguments = new StringBuilder();
      private @Nullable String status;

      Called(GenerationEvent.CallStarted start) {
        this.start = start;
      }

      String name() {
        return start.name();
      }

      String arguments() {
        return arguments.toString();
      }
    }
  }

  /** Whether nothing was said or called, whatever was thought. */
  boolean silent() {
    return entries.stream().allMatch(Entry.Thought.class::isInstance);
  }

  /** The output index of the newest item. */
  int last() {
    return entries.size() - 1;
  }

  /** The item that is open. */
  @Nullable Entry open() {
    Entry newest = entries.isEmpty() ? null : entries.getLast();
    return newest == null || status(newest) != null ? null : newest;
  }

  void think() {
    add(new Entry.Thought());
  }

  private void add(Entry entry) {
    entries.add(entry);
    newestId = null;
  }

  /** The open thought. */
  Entry.Thought thought() {
    if (open() instanceof Entry.Thought thought) {
      return thought;
    }
    throw new IllegalStateException("no thought is open (expected: one that was begun)");
  }

  Entry.Said say() {
    Entry.Said said = new Entry.Said();
    add(said);
    return said;
  }

  void call(GenerationEvent.CallStarted start) {
    add(new Entry.Called(start));
  }

  /** The open call. */
  Entry.Called called() {
    if (open() instanceof Entry.Called called) {
      return called;
    }
    throw new IllegalStateException("no call is open (expected: one that was started)");
  }

  void add(GenerationEvent.CallArguments more) {
    called().arguments.append(more.delta());
  }

  /** Closes the newest item. */
  void close(String status) {
    switch (entries.getLast()) {
      case Entry.Thought t -> t.status = status;
      case Entry.Said s -> s.status = status;
      case Entry.Called c -> c.status = status;
    }
  }

  private static @Nullable String status(Entry entry) {
    return switch (entry) {
      case Entry.Thought t -> t.status;
      case Entry.Said s -> s.status;
      case Entry.Called c -> c.status;
    };
  }

  /** All items; {@code unfinished} is the status of an open one. */
  List<ResponsesWire.OutputItem> items(String responseId, String unfinished) {
    return IntStream.range(0, entries.size())
        .mapToObj(i -> item(i, responseId, unfinished))
        .toList();
  }

  /** All of it while it is made, with what there is of each item. */
  List<ResponsesWire.OutputItem> soFar(String responseId) {
    return IntStream.range(0, entries.size())
        .mapToObj(i -> item(i, responseId, "in_progress", true))
        .toList();
  }

  /** An item; one that is in progress is shown as it began. */
  ResponsesWire.OutputItem item(int index, String responseId, String unfinished) {
    boolean begun = status(entries.get(index)) != null || !unfinished.equals("in_progress");
    return item(index, responseId, unfinished, begun);
  }

  private ResponsesWire.OutputItem item(
      int index, String responseId, String unfinished, boolean begun) {
    Entry entry = entries.get(index);
    String known = status(entry);
    String status = known == null ? unfinished : known;
    String id = id(index, responseId);
    return switch (entry) {
      case Entry.Thought t -> {
        List<ResponsesWire.SummaryText> summary = begun ? List.of(t.part()) : List.of();
        yield new ResponsesWire.Reasoning(id, "reasoning", summary, t.encrypted, status);
      }
      case Entry.Said s -> {
        List<ResponsesWire.OutputText> content = begun ? List.of(s.part()) : List.of();
        yield new ResponsesWire.Message(id, "message", status, "assistant", content);
      }
      case Entry.Called c ->
          new ResponsesWire.FunctionCall(
              id, "function_call", c.start.callId(), c.name(), c.arguments(), status);
    };
  }

  /** As it is remembered; a call that was cut is nothing that a model could read. */
  List<Kept> kept(String responseId) {
    return IntStream.range(0, entries.size())
        .mapToObj(
            i ->
                new Kept(
                    id(i, responseId), said(entries.get(i)), Optional.empty(), Optional.empty()))
        .toList();
  }

  private static List<Item> said(Entry entry) {
    return switch (entry) {
      case Entry.Thought t -> List.of(new Item.Reasoning(t.text()));
      case Entry.Said s -> List.of(Item.Message.text(Role.ASSISTANT, s.text.toString()));
      case Entry.Called c when "completed".equals(c.status) ->
          List.of(new Item.FunctionCall(c.start.callId(), c.name(), c.arguments()));
      case Entry.Called _ -> List.of();
    };
  }

  /** The id of the newest item, which every delta names. */
  String newestId(String responseId) {
    String known = newestId;
    if (known == null) {
      known = id(last(), responseId);
      newestId = known;
    }
    return known;
  }

  /** The first of its kind has the id that it has in most responses, where it is the only one. */
  private String id(int index, String responseId) {
    return switch (entries.get(index)) {
      case Entry.Thought _ -> "rs_" + responseId + later(index, Entry.Thought.class);
      case Entry.Called _ -> "fc_" + responseId + "_" + index;
      case Entry.Said _ -> "msg_" + responseId + later(index, Entry.Said.class);
    };
  }

  private String later(int index, Class<? extends Entry> kind) {
    boolean first = entries.subList(0, index).stream().noneMatch(kind::isInstance);
    return first ? "" : "_" + index;
  }
}
