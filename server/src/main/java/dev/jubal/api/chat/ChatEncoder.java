package dev.jubal.api.chat;

import dev.jubal.api.Encoder;
import dev.jubal.api.Fingerprint;
import dev.jubal.api.TokenBytes;
import dev.jubal.api.TokenUsage;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationEvent.Logprob;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Resolution;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.SseStream;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Station 7 of chat: events as chunks, or folded to one completion.
 *
 * <p>The finish reason of the last choice waits for the settlement: who saw the end of an answer
 * can count on its row. The usage stands in that chunk, or in one of its own when the client asked
 * for it. An in-stream error is the body a failed request would have had, and no {@code [DONE]}.
 */
final class ChatEncoder implements Encoder {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final boolean includeUsage;
  private final boolean logprobs;
  private final ErrorRenderer errors;
  private final List<ChoiceText> choices;
  private int open;
  private @Nullable Head head;
  private ChatWire.@Nullable ChunkChoice last;
  private @Nullable TokenUsage usage;

  ChatEncoder(ChatDecoder.Decoded chat, ErrorRenderer errors) {
    GenerationRequest.Options options = chat.request().options();
    this.includeUsage = chat.includeUsage();
    this.logprobs = options.topLogprobs().isPresent();
    this.errors = errors;
    this.open = options.choices();
    this.choices = IntStream.range(0, open).mapToObj(i -> new ChoiceText()).toList();
  }

  /** What all chunks of an answer share. */
  private record Head(String id, long created, String model, String fingerprint) {
    static Head of(Resolution resolution) {
      return new Head(
          "chatcmpl-" + resolution.requestId(),
          resolution.admitted().getEpochSecond(),
          resolution.model(),
          Fingerprint.of(resolution.backend()));
    }
  }

  @Override
  public void stream(GenerationEvent event, SseStream out) {
    switch (event) {
      case GenerationEvent.Accepted a -> head = Head.of(a.resolution());
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {
        // says nothing a chunk could hold
      }
      case GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ ->
          throw new IllegalStateException(event + " (expected: no call, as none was offered)");
      case GenerationEvent.TextDelta d -> {
        if (!d.text().isEmpty() || !d.logprobs().isEmpty()) { // a token may show nothing yet
          send(delta(d), null, out);
        }
      }
      case GenerationEvent.ChoiceFinished c -> finished(c, out);
      case GenerationEvent.Finished f -> end(f, out);
    }
  }

  private ChatWire.ChunkChoice delta(GenerationEvent.TextDelta d) {
    String role = choices.get(d.choice()).begin() ? "assistant" : null;
    return new ChatWire.ChunkChoice(
        d.choice(),
        new ChatWire.Delta(role, d.text()),
        null,
        logprobs ? logprobs(d.logprobs()) : null);
  }

  private void finished(GenerationEvent.ChoiceFinished c, SseStream out) {
    boolean silent = choices.get(c.choice()).begin();
    ChatWire.ChunkChoice chunk =
        new ChatWire.ChunkChoice(
            c.choice(),
            silent ? new ChatWire.Delta("assistant", "") : new ChatWire.Delta(null, null),
            reason(c.reason()),
            silent && logprobs ? logprobs(List.of()) : null);
    open--;
    if (open > 0) {
      send(chunk, null, out);
    } else {
      last = chunk;
    }
  }

  private void end(GenerationEvent.Finished f, SseStream out) {
    TokenUsage total = TokenUsage.of(f);
    send(
        Objects.requireNonNull(last, "not all choices finished"), includeUsage ? null : total, out);
    if (includeUsage) {
      out.event(null, Json.bytes(chunk(List.of(), total)));
    }
    out.event(null, DONE);
  }

  private void send(ChatWire.ChunkChoice choice, @Nullable TokenUsage total, SseStream out) {
    out.event(null, Json.bytes(chunk(List.of(choice), total)));
  }

  private ChatWire.Chunk chunk(
      List<ChatWire.ChunkChoice> chunkChoices, @Nullable TokenUsage total) {
    Head h = head();
    return new ChatWire.Chunk(
        h.id,
        "chat.completion.chunk",
        h.created,
        h.model,
        chunkChoices,
        total,
        h.fingerprint,
        "default");
  }

  @Override
  public void error(ApiException error, SseStream out) {
    out.event(null, Json.bytes(errors.body(error)));
  }

  @Override
  public void fold(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted a -> head = Head.of(a.resolution());
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {
        // says nothing a completion could hold
      }
      case GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ ->
          throw new IllegalStateException(event + " (expected: no call, as none was offered)");
      case GenerationEvent.TextDelta d -> choices.get(d.choice()).add(d);
      case GenerationEvent.ChoiceFinished c -> choices.get(c.choice()).finish = c.reason();
      case GenerationEvent.Finished f -> usage = TokenUsage.of(f);
    }
  }

  @Override
  public ChatWire.Completion whole() {
    Head h = head();
    return new ChatWire.Completion(
        h.id,
        "chat.completion",
        h.created,
        h.model,
        IntStream.range(0, choices.size())
            .mapToObj(i -> choices.get(i).whole(i, logprobs))
            .toList(),
        Objects.requireNonNull(usage, "the answer has not finished"),
        h.fingerprint,
        "default");
  }

  private Head head() {
    return Objects.requireNonNull(head, "the request was not accepted");
  }

  private static String reason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
    };
  }

  private static ChatWire.Logprobs logprobs(List<Logprob> tokens) {
    return new ChatWire.Logprobs(
        tokens.stream()
            .map(
                t ->
                    new ChatWire.TokenLogprob(
                        t.token(),
                        t.value(),
                        TokenBytes.of(t.bytes()),
                        t.top().stream()
                            .map(
                                a ->
                                    new ChatWire.TopLogprob(
                                        a.token(), a.value(), TokenBytes.of(a.bytes())))
                            .toList()))
            .toList());
  }

  /** What is known of one choice. */
  private static final class ChoiceText {
    private final StringBuilder text = new StringBuilder();
    private final List<Logprob> tokens = new ArrayList<>();
    private boolean begun;
    private @Nullable FinishReason finish;

    /** Whether this is the first chunk of the choice. */
    boolean begin() {
      boolean first = !begun;
      begun = true;
      return first;
    }

    void add(GenerationEvent.TextDelta delta) {
      text.append(delta.text());
      tokens.addAll(delta.logprobs());
    }

    ChatWire.Choice whole(int index, boolean logprobs) {
      return new ChatWire.Choice(
          index,
          new ChatWire.Answer("assistant", text.toString(), null),
          reason(Objects.requireNonNull(finish, "choice " + index + " has not finished")),
          logprobs ? logprobs(tokens) : null);
    }
  }
}
