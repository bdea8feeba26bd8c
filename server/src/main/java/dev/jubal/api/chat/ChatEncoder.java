package dev.jubal.api.chat;

import dev.jubal.api.Calls;
import dev.jubal.api.ChunkStream;
import dev.jubal.api.Encoder;
import dev.jubal.api.Fingerprint;
import dev.jubal.api.ServiceTiers;
import dev.jubal.api.TokenUsage;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Resolution;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Station 7 of chat: events as chunks, or folded to one completion.
 *
 * <p>A call comes whole in one chunk, as api.x.ai sends it, or in pieces when the server is set so;
 * a call that was cut by length is no call: it is left out of the completion, and whole chunks know
 * nothing of it. An in-stream error is the body a failed request would have had, and no {@code
 * [DONE]}.
 */
final class ChatEncoder implements Encoder {
  private final ErrorRenderer errors;
  private final boolean splitCalls;
  private final List<ChatChoice> choices;
  private final ChunkStream<ChatWire.ChunkChoice> chunks;
  private @Nullable Head head;
  private @Nullable TokenUsage usage;

  ChatEncoder(ChatDecoder.Chat chat, boolean splitCalls, ErrorRenderer errors) {
    GenerationRequest.Options options = chat.decoded().request().options();
    this.errors = errors;
    this.splitCalls = splitCalls;
    this.chunks = new ChunkStream<>(options.choices(), chat.includeUsage(), this::chunk);
    this.choices =
        IntStream.range(0, options.choices())
            .mapToObj(i -> new ChatChoice(i, options.topLogprobs().isPresent()))
            .toList();
  }

  /** What all chunks of an answer share. */
  private record Head(String id, long created, String model, String fingerprint, String tier) {
    static Head of(Resolution resolution) {
      return new Head(
          "chatcmpl-" + resolution.requestId(),
          resolution.admitted().getEpochSecond(),
          resolution.model(),
          Fingerprint.of(resolution.backend()),
          ServiceTiers.shown(resolution.service()));
    }
  }

  @Override
  public void stream(GenerationEvent event, EventStream out) {
    switch (event) {
      case GenerationEvent.Accepted a -> head = Head.of(a.resolution());
      case GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningFinished _ -> {
        // says nothing a chunk could hold
      }
      case GenerationEvent.ReasoningDelta d -> {
        if (!d.text().isEmpty()) {
          chunks.send(choice(d.choice(), out).thought(d), out);
        }
      }
      case GenerationEvent.TextDelta d -> {
        if (!d.text().isEmpty() || !d.logprobs().isEmpty()) { // a token may show nothing yet
          chunks.send(choice(d.choice(), out).delta(d), out);
        }
      }
      case GenerationEvent.CallStarted c -> {
        choices.get(c.choice()).calls().take(c);
        if (splitCalls) {
          chunks.send(choice(c.choice(), out).head(c), out);
        }
      }
      case GenerationEvent.CallArguments c -> {
        choices.get(c.choice()).calls().take(c);
        if (splitCalls && !c.delta().isEmpty()) {
          chunks.send(choice(c.choice(), out).more(c), out);
        }
      }
      case GenerationEvent.CallFinished c -> {
        Calls.Call call = choices.get(c.choice()).calls().take(c);
        if (!splitCalls) {
          chunks.send(choice(c.choice(), out).call(call), out);
        }
      }
      case GenerationEvent.ChoiceFinished c ->
          chunks.finish(choice(c.choice(), out).end(c.reason()), out);
      case GenerationEvent.Finished f -> chunks.end(f, out);
    }
  }

  /**
   * A choice of which a chunk is to be sent: SDKs take a first chunk for that of the next index.
   */
  private ChatChoice choice(int index, EventStream out) {
    for (ChatChoice before : choices.subList(0, index)) {
      if (!before.begun()) {
        chunks.send(before.opening(), out);
      }
    }
    return choices.get(index);
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
        h.tier);
  }

  @Override
  public void error(ApiException error, EventStream out) {
    out.event(null, Json.bytes(errors.body(error)));
  }

  @Override
  public void fold(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted a -> head = Head.of(a.resolution());
      case GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningFinished _ -> {
        // says nothing a completion could hold
      }
      case GenerationEvent.ReasoningDelta d -> choices.get(d.choice()).add(d);
      case GenerationEvent.TextDelta d -> choices.get(d.choice()).add(d);
      case GenerationEvent.CallStarted c -> choices.get(c.choice()).calls().take(c);
      case GenerationEvent.CallArguments c -> choices.get(c.choice()).calls().take(c);
      case GenerationEvent.CallFinished c -> {
        var _ = choices.get(c.choice()).calls().take(c);
      }
      case GenerationEvent.ChoiceFinished c -> choices.get(c.choice()).finish(c.reason());
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
        choices.stream().map(ChatChoice::whole).toList(),
        Objects.requireNonNull(usage, "the answer has not finished"),
        h.fingerprint,
        h.tier);
  }

  private Head head() {
    return Objects.requireNonNull(head, "the request was not accepted");
  }
}
