package dev.jubal.api.messages;

import dev.jubal.account.ledger.Usage;
import dev.jubal.api.Calls;
import dev.jubal.api.Encoder;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.Resolution;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.http.SseStream;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Station 7 of messages: events as content blocks, or folded to one message.
 *
 * <p>One block is open at a time. The first event of a stream waits for {@code Started}, as it
 * tells the tokens of the prompt. A call comes as one block whose input is whole in one delta, or
 * in pieces when the server is set so; a call that was cut by length is no call: it is left out of
 * the message, and whole blocks know nothing of it.
 */
final class MessagesEncoder implements Encoder {
  private final Thoughts thoughts;
  private final ErrorRenderer errors;
  private final boolean splitCalls;
  private final List<MessagesWire.Block> content = new ArrayList<>();
  private final Calls calls = new Calls();
  private final StringBuilder thought = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private Open open = Open.NOTHING;
  private int blocks;
  private boolean begun;
  private @Nullable Resolution resolution;
  private @Nullable Usage used;
  private String stopReason = "";
  private Optional<String> stopSequence = Optional.empty();

  /** What of an answer grows. */
  private enum Open {
    NOTHING,
    THOUGHT,
    TEXT,
    CALL
  }

  MessagesEncoder(Thoughts thoughts, ErrorRenderer errors, boolean splitCalls) {
    this.thoughts = thoughts;
    this.errors = errors;
    this.splitCalls = splitCalls;
  }

  @Override
  public void open(SseStream out) {
    out.ping("ping", Json.bytes(new MessagesWire.Ping()));
  }

  @Override
  public void stream(GenerationEvent event, EventStream out) {
    switch (event) {
      case GenerationEvent.Accepted a -> resolution = a.resolution();
      case GenerationEvent.Queued _ -> {
        // heartbeats tell the place
      }
      case GenerationEvent.Started s -> begin(s, out);
      case GenerationEvent.ReasoningDelta d -> thinking(d, out);
      case GenerationEvent.ReasoningFinished _ -> close(out);
      case GenerationEvent.TextDelta d -> text(d, out);
      case GenerationEvent.CallStarted c -> {
        calls.take(c);
        if (splitCalls) {
          startCall(c.callId(), c.name(), out);
        }
      }
      case GenerationEvent.CallArguments c -> {
        calls.take(c);
        if (splitCalls && !c.delta().isEmpty()) {
          delta(new MessagesWire.Delta.Input(c.delta()), out);
        }
      }
      case GenerationEvent.CallFinished c -> {
        Calls.Call call = calls.take(c);
        if (!splitCalls) {
          startCall(call.callId(), call.name(), out);
          delta(new MessagesWire.Delta.Input(call.arguments()), out);
        }
        close(out);
      }
      case GenerationEvent.ChoiceFinished c -> {
        close(out);
        finish(c);
      }
      case GenerationEvent.Finished f -> {
        MessagesWire.End end = new MessagesWire.End(stopReason, stopSequence.orElse(null));
        send("message_delta", new MessagesWire.MessageDelta(end, used(f.usage())), out);
        send("message_stop", new MessagesWire.MessageStop(), out);
      }
    }
  }

  /** The head of the answer; a backend that tries again starts again. */
  private void begin(GenerationEvent.Started started, EventStream out) {
    if (!begun) {
      begun = true;
      Usage read = Usage.of(started.prompt(), started.cached(), 0);
      send(
          "message_start",
          new MessagesWire.MessageStart(answer(List.of(), null, null, used(read))),
          out);
    }
  }

  private void thinking(GenerationEvent.ReasoningDelta d, EventStream out) {
    if (d.text().isEmpty()) {
      return; // a token may show nothing yet
    }
    if (open != Open.THOUGHT) {
      start(Open.THOUGHT, new MessagesWire.Block.Thinking("", ""), out);
    }
    thought.append(d.text());
    delta(new MessagesWire.Delta.Thinking(d.text()), out);
  }

  private void text(GenerationEvent.TextDelta d, EventStream out) {
    if (d.text().isEmpty()) {
      return;
    }
    if (open != Open.TEXT) {
      start(Open.TEXT, new MessagesWire.Block.Text(""), out);
    }
    delta(new MessagesWire.Delta.Text(d.text()), out);
  }

  private void startCall(String id, String name, EventStream out) {
    start(
        Open.CALL, new MessagesWire.Block.ToolUse(id, name, Json.mapper().createObjectNode()), out);
  }

  private void start(Open kind, MessagesWire.Block block, EventStream out) {
    close(out);
    open = kind;
    send("content_block_start", new MessagesWire.BlockStart(blocks, block), out);
  }

  private void delta(MessagesWire.Delta delta, EventStream out) {
    send("content_block_delta", new MessagesWire.BlockDelta(blocks, delta), out);
  }

  private void close(EventStream out) {
    if (open == Open.NOTHING) {
      return;
    }
    if (open == Open.THOUGHT) {
      delta(new MessagesWire.Delta.Signature(thoughts.sign(thought.toString())), out);
      thought.setLength(0);
    }
    open = Open.NOTHING;
    send("content_block_stop", new MessagesWire.BlockStop(blocks), out);
    blocks++;
  }

  private static void send(String name, Object event, EventStream out) {
    out.event(name, Json.bytes(event));
  }

  @Override
  public void error(ApiException error, EventStream out) {
    Resolution known = resolution;
    send("error", known == null ? errors.body(error) : errors.body(error, known.requestId()), out);
  }

  @Override
  public void fold(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted a -> resolution = a.resolution();
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {
        // what was used stands in the end
      }
      case GenerationEvent.ReasoningDelta d -> thought.append(d.text());
      case GenerationEvent.ReasoningFinished _ -> keep();
      case GenerationEvent.TextDelta d -> text.append(d.text());
      case GenerationEvent.CallStarted c -> {
        keep();
        calls.take(c);
      }
      case GenerationEvent.CallArguments c -> calls.take(c);
      case GenerationEvent.CallFinished c -> {
        Calls.Call call = calls.take(c);
        content.add(
            new MessagesWire.Block.ToolUse(
                call.callId(),
                call.name(),
                Json.tree(call.arguments().getBytes(StandardCharsets.UTF_8))));
      }
      case GenerationEvent.ChoiceFinished c -> {
        keep();
        finish(c);
      }
      case GenerationEvent.Finished f -> used = f.usage();
    }
  }

  /** What grew so far is a block. */
  private void keep() {
    if (!thought.isEmpty()) {
      content.add(
          new MessagesWire.Block.Thinking(thought.toString(), thoughts.sign(thought.toString())));
      thought.setLength(0);
    }
    if (!text.isEmpty()) {
      content.add(new MessagesWire.Block.Text(text.toString()));
      text.setLength(0);
    }
  }

  private void finish(GenerationEvent.ChoiceFinished finished) {
    stopSequence = finished.stop();
    stopReason =
        switch (finished.reason()) {
          case STOP -> finished.stop().isPresent() ? "stop_sequence" : "end_turn";
          case LENGTH -> "max_tokens";
          case TOOL_CALLS -> "tool_use";
        };
  }

  @Override
  public MessagesWire.Answer whole() {
    return answer(
        content,
        stopReason,
        stopSequence.orElse(null),
        used(Objects.requireNonNull(used, "the answer has not finished")));
  }

  private MessagesWire.Answer answer(
      List<MessagesWire.Block> blocks,
      @Nullable String reason,
      @Nullable String sequence,
      MessagesWire.Used usage) {
    return new MessagesWire.Answer(
        "msg_" + resolved().requestId(),
        "message",
        "assistant",
        resolved().model(),
        blocks,
        reason,
        sequence,
        usage);
  }

  private static MessagesWire.Used used(Usage u) {
    return new MessagesWire.Used(
        u.prompt() - u.cached(), 0, u.cached(), u.completion() + u.reasoning());
  }

  private Resolution resolved() {
    return Objects.requireNonNull(resolution, "the request was not accepted");
  }
}
