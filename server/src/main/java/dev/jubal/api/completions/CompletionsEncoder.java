package dev.jubal.api.completions;

import dev.jubal.api.ChunkStream;
import dev.jubal.api.Encoder;
import dev.jubal.api.Fingerprint;
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
 * Station 7 of completions: events as chunks, or folded to one completion.
 *
 * <p>An in-stream error is the body a failed request would have had.
 */
final class CompletionsEncoder implements Encoder {
  private final ErrorRenderer errors;
  private final List<CompletionChoice> choices;
  private final ChunkStream<CompletionsWire.Choice> chunks;
  private @Nullable Resolution accepted;
  private String fingerprint = "";
  private @Nullable TokenUsage usage;

  CompletionsEncoder(CompletionsDecoder.Completion asked, ErrorRenderer errors) {
    GenerationRequest.Options options = asked.decoded().request().options();
    this.errors = errors;
    this.chunks = new ChunkStream<>(options.choices(), asked.includeUsage(), this::completion);
    this.choices =
        IntStream.range(0, options.choices())
            .mapToObj(i -> new CompletionChoice(i, asked.echo(), options.topLogprobs()))
            .toList();
  }

  @Override
  public void stream(GenerationEvent event, EventStream out) {
    switch (event) {
      case GenerationEvent.Accepted a -> accept(a.resolution());
      case GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningDelta _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ -> {
        // says nothing a chunk could hold: this dialect shows no thought and no call
      }
      case GenerationEvent.TextDelta d -> {
        if (!d.text().isEmpty() || !d.logprobs().isEmpty()) { // a token may show nothing yet
          chunks.send(choices.get(d.choice()).delta(d), out);
        }
      }
      case GenerationEvent.ChoiceFinished c ->
          chunks.finish(choices.get(c.choice()).end(reason(c)), out);
      case GenerationEvent.Finished f -> chunks.end(f, out);
    }
  }

  private void accept(Resolution resolution) {
    accepted = resolution;
    fingerprint = Fingerprint.of(resolution.backend());
  }

  @Override
  public void error(ApiException error, EventStream out) {
    out.event(null, Json.bytes(errors.body(error)));
  }

  @Override
  public void fold(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted a -> accept(a.resolution());
      case GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningDelta _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ -> {
        // says nothing a completion could hold: this dialect shows no thought and no call
      }
      case GenerationEvent.TextDelta d -> choices.get(d.choice()).add(d);
      case GenerationEvent.ChoiceFinished c -> choices.get(c.choice()).finish(reason(c));
      case GenerationEvent.Finished f -> usage = TokenUsage.of(f);
    }
  }

  /** A call that nobody asked for is not shown, and so the text has simply ended. */
  private static String reason(GenerationEvent.ChoiceFinished finished) {
    return finished.reason() == GenerationEvent.FinishReason.TOOL_CALLS
        ? ChunkStream.reason(GenerationEvent.FinishReason.STOP)
        : ChunkStream.reason(finished.reason());
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
}
