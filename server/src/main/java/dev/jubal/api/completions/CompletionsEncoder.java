package dev.jubal.api.completions;

import dev.jubal.api.Encoder;
import dev.jubal.api.Fingerprint;
import dev.jubal.api.TokenUsage;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.Resolution;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.SseStream;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Station 7 of completions: events as chunks, or folded to one completion.
 *
 * <p>The finish reason of the last choice waits for the settlement, and the usage goes with it, or
 * in a chunk of its own. An in-stream error is the body a failed request would have had.
 */
final class CompletionsEncoder implements Encoder {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final String echo;
  private final boolean includeUsage;
  private final ErrorRenderer errors;
  private final List<CompletionChoice> choices;
  private int open;
  private @Nullable Resolution accepted;
  private String fingerprint = "";
  private CompletionsWire.@Nullable Choice last;
  private @Nullable TokenUsage usage;

  CompletionsEncoder(CompletionsDecoder.Decoded decoded, ErrorRenderer errors) {
    this.echo = decoded.echo();
    this.includeUsage = decoded.includeUsage();
    this.errors = errors;
    this.open = decoded.request().options().choices();
    this.choices =
        IntStream.range(0, open)
            .mapToObj(i -> new CompletionChoice(i, echo, decoded.request().options().topLogprobs()))
            .toList();
  }

  @Override
  public void stream(GenerationEvent event, SseStream out) {
    switch (event) {
      case GenerationEvent.Accepted a -> accept(a.resolution());
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {
        // says nothing a chunk could hold
      }
      case GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ ->
          throw new IllegalStateException(event + " (expected: no call, as none was offered)");
      case GenerationEvent.TextDelta d -> {
        if (!d.text().isEmpty() || !d.logprobs().isEmpty()) { // a token may show nothing yet
          send(choices.get(d.choice()).delta(d), null, out);
        }
      }
      case GenerationEvent.ChoiceFinished c -> finished(c, out);
      case GenerationEvent.Finished f -> end(f, out);
    }
  }

  private void accept(Resolution resolution) {
    accepted = resolution;
    fingerprint = Fingerprint.of(resolution.backend());
  }

  private void finished(GenerationEvent.ChoiceFinished c, SseStream out) {
    CompletionsWire.Choice chunk = choices.get(c.choice()).end(reason(c.reason()));
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
      out.event(null, Json.bytes(completion(List.of(), total)));
    }
    out.event(null, DONE);
  }

  private void send(CompletionsWire.Choice choice, @Nullable TokenUsage total, SseStream out) {
    out.event(null, Json.bytes(completion(List.of(choice), total)));
  }

  @Override
  public void error(ApiException error, SseStream out) {
    out.event(null, Json.bytes(errors.body(error)));
  }

  @Override
  public void fold(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted a -> accept(a.resolution());
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {
        // says nothing a completion could hold
      }
      case GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ ->
          throw new IllegalStateException(event + " (expected: no call, as none was offered)");
      case GenerationEvent.TextDelta d -> choices.get(d.choice()).add(d);
      case GenerationEvent.ChoiceFinished c -> choices.get(c.choice()).finish(reason(c.reason()));
      case GenerationEvent.Finished f -> usage = TokenUsage.of(f);
    }
  }

  @Override
  public CompletionsWire.Completion whole() {
    return completion(
        choices.stream().map(CompletionChoice::whole).toList(),
        Objects.requireNonNull(usage, "the answer has not finished"));
  }

  private CompletionsWire.Completion completion(
      List<CompletionsWire.Choice> shown, @Nullable TokenUsage total) {
    Resolution resolution = Objects.requireNonNull(accepted, "the request was not accepted");
    return new CompletionsWire.Completion(
        "cmpl-" + resolution.requestId(),
        "text_completion",
        resolution.admitted().getEpochSecond(),
        resolution.model(),
        shown,
        total,
        fingerprint,
        "default");
  }

  private static String reason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
    };
  }
}
