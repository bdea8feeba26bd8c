package dev.jubal.api.complete;

import dev.jubal.api.Encoder;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.Resolution;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.http.SseStream;
import dev.jubal.platform.json.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Station 7 of {@code /v1/complete}: events as completions, or folded to one. */
final class CompleteEncoder implements Encoder {
  private final ErrorRenderer errors;
  private final StringBuilder text = new StringBuilder();
  private @Nullable Resolution resolution;
  private @Nullable String reason;

  CompleteEncoder(ErrorRenderer errors) {
    this.errors = errors;
  }

  @Override
  public void open(SseStream out) {
    out.ping("ping", Json.bytes(new CompleteWire.Ping("ping")));
  }

  @Override
  public void stream(GenerationEvent event, EventStream out) {
    switch (event) {
      case GenerationEvent.TextDelta d -> {
        if (!d.text().isEmpty()) {
          send(d.text(), null, out);
        }
      }
      case GenerationEvent.Finished _ -> send("", reason, out);
      case GenerationEvent.Accepted _,
          GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningDelta _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _,
          GenerationEvent.ChoiceFinished _ ->
          take(event);
    }
  }

  private void send(String more, @Nullable String end, EventStream out) {
    out.event("completion", Json.bytes(completion(more, end)));
  }

  @Override
  public void fold(GenerationEvent event) {
    take(event);
  }

  private void take(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted a -> resolution = a.resolution();
      case GenerationEvent.TextDelta d -> text.append(d.text());
      case GenerationEvent.ChoiceFinished c ->
          reason = c.reason() == FinishReason.LENGTH ? "max_tokens" : "stop_sequence";
      case GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningDelta _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _,
          GenerationEvent.Finished _ -> {
        // says nothing that a completion holds
      }
    }
  }

  @Override
  public CompleteWire.Completion whole() {
    return completion(
        text.toString(), Objects.requireNonNull(reason, "the answer has not finished"));
  }

  private CompleteWire.Completion completion(String said, @Nullable String end) {
    Resolution r = Objects.requireNonNull(resolution, "the request was not accepted");
    return new CompleteWire.Completion(
        "completion", "compl_" + r.requestId(), said, end, r.model());
  }

  @Override
  public void error(ApiException error, EventStream out) {
    Resolution known = resolution;
    out.event(
        "error",
        Json.bytes(known == null ? errors.body(error) : errors.body(error, known.requestId())));
  }
}
