package dev.jubal.api.responses;

import dev.jubal.account.ledger.Usage;
import dev.jubal.api.Encoder;
import dev.jubal.api.TokenBytes;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationEvent.Logprob;
import dev.jubal.inference.Resolution;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.SseStream;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Station 7 of responses: events in the documented order, or folded to one response.
 *
 * <p>Order: created, in_progress, output_item.added, content_part.added, output_text.delta...,
 * output_text.done, content_part.done, output_item.done, then completed or incomplete, held until
 * the settlement. A stream that fails ends with response.failed, for clients that wait for a
 * terminal event, and then error, at which SDKs raise; no {@code [DONE]} follows.
 */
final class ResponsesEncoder implements Encoder {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final ResponsesDecoder.Echo echo;
  private final ErrorRenderer errors;
  private final InstantSource now;
  private final StringBuilder text = new StringBuilder();
  private final List<ResponsesWire.TokenLogprob> tokens = new ArrayList<>();
  private @Nullable Resolution accepted;
  private @Nullable FinishReason finish;
  private GenerationEvent.@Nullable Finished finished;
  private long sequence;
  private boolean created;
  private boolean said;

  ResponsesEncoder(ResponsesDecoder.Echo echo, ErrorRenderer errors, InstantSource now) {
    this.echo = echo;
    this.errors = errors;
    this.now = now;
  }

  @Override
  public void stream(GenerationEvent event, SseStream out) {
    fold(event);
    switch (event) {
      case GenerationEvent.Accepted _ -> {
        // nothing leaves before a backend works: until then a failure has its own status
      }
      case GenerationEvent.Queued _ -> {
        // shown by heartbeats
      }
      case GenerationEvent.Started _ -> begin(out);
      case GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ ->
          throw new IllegalStateException(event + " (expected: no call, as none was offered)");
      case GenerationEvent.TextDelta d -> delta(d, out);
      case GenerationEvent.ChoiceFinished _ -> textDone(out);
      case GenerationEvent.Finished _ -> {
        state("response." + status(), snapshot(status(), null), out);
        out.event(null, DONE);
      }
    }
  }

  /** A second try of a request starts again, but its response was created before. */
  private void begin(SseStream out) {
    if (!created) {
      created = true;
      state("response.created", snapshot("in_progress", null), out);
      state("response.in_progress", snapshot("in_progress", null), out);
    }
  }

  private void open(SseStream out) {
    if (!said) {
      said = true;
      item("response.output_item.added", message("in_progress", List.of()), out);
      part("response.content_part.added", part("", List.of()), out);
    }
  }

  private void delta(GenerationEvent.TextDelta d, SseStream out) {
    if (d.text().isEmpty() && d.logprobs().isEmpty()) {
      return; // a token may show nothing yet
    }
    open(out);
    String type = "response.output_text.delta";
    send(
        type,
        new ResponsesWire.TextDelta(
            type, sequence++, itemId(), 0, 0, d.text(), tokens(d.logprobs())),
        out);
  }

  private void textDone(SseStream out) {
    open(out);
    String type = "response.output_text.done";
    send(
        type,
        new ResponsesWire.TextDone(type, sequence++, itemId(), 0, 0, text.toString(), tokens),
        out);
    part("response.content_part.done", part(text.toString(), tokens), out);
    item("response.output_item.done", message(status(), content()), out);
  }

  private void state(String type, ResponsesWire.Response response, SseStream out) {
    send(type, new ResponsesWire.ResponseEvent(type, sequence++, response), out);
  }

  private void item(String type, ResponsesWire.Message item, SseStream out) {
    send(type, new ResponsesWire.ItemEvent(type, sequence++, 0, item), out);
  }

  private void part(String type, ResponsesWire.OutputText part, SseStream out) {
    send(type, new ResponsesWire.PartEvent(type, sequence++, itemId(), 0, 0, part), out);
  }

  private static void send(String type, Object event, SseStream out) {
    out.event(type, Json.bytes(event));
  }

  @Override
  public void error(ApiException error, SseStream out) {
    if (accepted != null) {
      begin(out);
      state("response.failed", snapshot("failed", failure(error)), out);
    }
    JsonNode body = Json.mapper().valueToTree(errors.body(error));
    JsonNode sentence = body.get("code"); // in xAI's form only
    send(
        "error",
        new ResponsesWire.ErrorEvent(
            "error",
            sequence++,
            sentence == null ? error.code().code() : sentence.stringValue(),
            error.text(),
            error.param().orElse(null),
            body.get("error")),
        out);
  }

  /** The codes of a failed response are a short list of their own. */
  private static ResponsesWire.Failure failure(ApiException error) {
    String code =
        switch (error.code().blame()) {
          case CLIENT -> "invalid_prompt";
          case LIMITS -> "rate_limit_exceeded";
          case UPSTREAM, SERVER -> "server_error";
        };
    return new ResponsesWire.Failure(code, error.text());
  }

  @Override
  public void fold(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted a -> accepted = a.resolution();
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {
        // says nothing a response could hold
      }
      case GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ ->
          throw new IllegalStateException(event + " (expected: no call, as none was offered)");
      case GenerationEvent.TextDelta d -> {
        text.append(d.text());
        tokens.addAll(tokens(d.logprobs()));
      }
      case GenerationEvent.ChoiceFinished c -> finish = c.reason();
      case GenerationEvent.Finished f -> finished = f;
    }
  }

  @Override
  public ResponsesWire.Response whole() {
    return snapshot(status(), null);
  }

  /** The response as it is at this moment. */
  private ResponsesWire.Response snapshot(String status, ResponsesWire.@Nullable Failure failure) {
    Resolution resolution = accepted();
    boolean complete = finished != null;
    return new ResponsesWire.Response(
        resolution.requestId(),
        "response",
        resolution.admitted().getEpochSecond(),
        complete && finish == FinishReason.STOP ? now.instant().getEpochSecond() : null,
        status,
        false,
        failure,
        status.equals("incomplete")
            ? new ResponsesWire.IncompleteDetails("max_output_tokens")
            : null,
        echo.instructions(),
        echo.maxOutputTokens(),
        echo.maxToolCalls(),
        echo.metadata(),
        resolution.model(),
        output(status),
        echo.parallelToolCalls(),
        echo.penalties().presence(),
        echo.penalties().frequency(),
        null,
        echo.promptCacheKey(),
        echo.reasoning(),
        echo.safetyIdentifier(),
        "default",
        false,
        echo.temperature(),
        new ResponsesWire.TextConfig(new ResponsesWire.Format("text")),
        echo.toolChoice(),
        List.of(),
        echo.topLogprobs().orElse(0),
        echo.topP(),
        "disabled",
        usage(),
        echo.user());
  }

  private List<ResponsesWire.Message> output(String status) {
    return switch (status) {
      case "in_progress" -> List.of();
      case "failed" -> said ? List.of(message("incomplete", content())) : List.of();
      default -> List.of(message(status, content()));
    };
  }

  private ResponsesWire.Message message(String status, List<ResponsesWire.OutputText> content) {
    return new ResponsesWire.Message(itemId(), "message", status, "assistant", content);
  }

  private List<ResponsesWire.OutputText> content() {
    return List.of(part(text.toString(), tokens));
  }

  private static ResponsesWire.OutputText part(
      String text, List<ResponsesWire.TokenLogprob> tokens) {
    return new ResponsesWire.OutputText("output_text", text, List.of(), tokens);
  }

  private String itemId() {
    return "msg_" + accepted().requestId();
  }

  private Resolution accepted() {
    return Objects.requireNonNull(accepted, "the request was not accepted");
  }

  private String status() {
    return switch (Objects.requireNonNull(finish, "the answer has not finished")) {
      case STOP, TOOL_CALLS -> "completed";
      case LENGTH -> "incomplete";
    };
  }

  private ResponsesWire.@Nullable Usage usage() {
    if (finished == null) {
      return null;
    }
    Usage u = finished.usage();
    return new ResponsesWire.Usage(
        u.prompt(),
        new ResponsesWire.InputTokensDetails(u.cached(), 0),
        u.completion() + u.reasoning(),
        new ResponsesWire.OutputTokensDetails(u.reasoning()),
        u.total(),
        0,
        0,
        finished.costTicks());
  }

  private static List<ResponsesWire.TokenLogprob> tokens(List<Logprob> logprobs) {
    return logprobs.stream()
        .map(
            t ->
                new ResponsesWire.TokenLogprob(
                    t.token(),
                    t.value(),
                    TokenBytes.of(t.bytes()),
                    t.top().stream()
                        .map(
                            a ->
                                new ResponsesWire.TopLogprob(
                                    a.token(), a.value(), TokenBytes.of(a.bytes())))
                        .toList()))
        .toList();
  }
}
