package dev.jubal.api.chat;

import dev.jubal.api.Calls;
import dev.jubal.api.ChunkStream;
import dev.jubal.api.TokenLogprob;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationEvent.Logprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One choice of a chat, as chunks or folded: its thought, its text and its calls. */
final class ChatChoice {
  private final int index;
  private final boolean logprobs;
  private final StringBuilder thought = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final List<Logprob> tokens = new ArrayList<>();
  private final Calls calls = new Calls();
  private boolean begun;
  private boolean spoken;
  private @Nullable FinishReason finish;

  ChatChoice(int index, boolean logprobs) {
    this.index = index;
    this.logprobs = logprobs;
  }

  boolean begun() {
    return begun;
  }

  /** A first chunk that says nothing yet. */
  ChatWire.ChunkChoice opening() {
    return chunk(ChatWire.Delta.text(role(), ""), null);
  }

  /** The chunk of a delta. */
  ChatWire.ChunkChoice delta(GenerationEvent.TextDelta d) {
    spoken = true;
    return chunk(ChatWire.Delta.text(role(), d.text()), logprobs(d.logprobs()));
  }

  /** The chunk of more thought. */
  ChatWire.ChunkChoice thought(GenerationEvent.ReasoningDelta d) {
    return chunk(new ChatWire.Delta(role(), null, d.text(), null), null);
  }

  /** The chunk of a whole call. */
  ChatWire.ChunkChoice call(Calls.Call call) {
    return chunk(
        call.index(), call.callId(), new ChatWire.FunctionDelta(call.name(), call.arguments()));
  }

  /** The chunk that opens a call whose arguments follow. */
  ChatWire.ChunkChoice head(GenerationEvent.CallStarted started) {
    return chunk(started.index(), started.callId(), new ChatWire.FunctionDelta(started.name(), ""));
  }

  /** The chunk of more arguments. */
  ChatWire.ChunkChoice more(GenerationEvent.CallArguments more) {
    return chunk(more.index(), null, new ChatWire.FunctionDelta(null, more.delta()));
  }

  private ChatWire.ChunkChoice chunk(
      int call, @Nullable String callId, ChatWire.FunctionDelta function) {
    String type = callId == null ? null : "function";
    ChatWire.ToolCallDelta delta = new ChatWire.ToolCallDelta(call, callId, type, function);
    return chunk(new ChatWire.Delta(role(), null, null, List.of(delta)), null);
  }

  private ChatWire.ChunkChoice chunk(ChatWire.Delta delta, ChatWire.@Nullable Logprobs shown) {
    return new ChatWire.ChunkChoice(index, delta, null, shown);
  }

  /** The chunk that ends the choice; a choice that said nothing says so. */
  ChatWire.ChunkChoice end(FinishReason reason) {
    boolean silent = !begun;
    return new ChatWire.ChunkChoice(
        index,
        ChatWire.Delta.text(role(), silent ? "" : null),
        ChunkStream.reason(reason),
        spoken ? null : logprobs(List.of()));
  }

  /** The role, in the first chunk. */
  private @Nullable String role() {
    boolean first = !begun;
    begun = true;
    return first ? "assistant" : null;
  }

  void add(GenerationEvent.TextDelta delta) {
    text.append(delta.text());
    tokens.addAll(delta.logprobs());
  }

  void add(GenerationEvent.ReasoningDelta delta) {
    thought.append(delta.text());
  }

  Calls calls() {
    return calls;
  }

  void finish(FinishReason reason) {
    finish = reason;
  }

  ChatWire.Choice whole() {
    List<ChatWire.ToolCall> made =
        calls.whole().stream()
            .map(
                c ->
                    new ChatWire.ToolCall(
                        c.callId(),
                        "function",
                        new ChatWire.CalledFunction(c.name(), c.arguments())))
            .toList();
    return new ChatWire.Choice(
        index,
        new ChatWire.Answer(
            "assistant",
            text.toString(),
            thought.isEmpty() ? null : thought.toString(),
            null,
            made.isEmpty() ? null : made),
        ChunkStream.reason(
            Objects.requireNonNull(finish, () -> "choice " + index + " has not finished")),
        logprobs(tokens));
  }

  private ChatWire.@Nullable Logprobs logprobs(List<Logprob> shown) {
    return logprobs ? new ChatWire.Logprobs(TokenLogprob.of(shown)) : null;
  }
}
