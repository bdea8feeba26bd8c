package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.api.Encoder;
import dev.jubal.api.ServiceTiers;
import dev.jubal.api.TokenLogprob;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.Resolution;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.inference.memory.StoredResponse.Status;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Station 7 of responses: events in the documented order, or folded to one response.
 *
 * <p>Order: created, in_progress; for a thought output_item.added, reasoning_summary_part.added,
 * reasoning_summary_text.delta..., reasoning_summary_text.done, reasoning_summary_part.done,
 * output_item.done; for a message output_item.added, content_part.added, output_text.delta...,
 * output_text.done, content_part.done, output_item.done; for a call output_item.added,
 * function_call_arguments.delta..., function_call_arguments.done, output_item.done; then completed
 * or incomplete, held until the settlement. A call that was cut by length has no arguments.done,
 * and its item is incomplete. A stream that fails ends with response.failed, for clients that wait
 * for a terminal event, and then error, at which SDKs raise; no {@code [DONE]} follows.
 */
final class ResponsesEncoder implements Encoder {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final ResponseEcho echo;
  private final ErrorRenderer errors;
  private final InstantSource now;
  private final Optional<UnaryOperator<String>> seal;
  private final ResponseOutput output = new ResponseOutput();
  private @Nullable Resolution accepted;
  private @Nullable FinishReason finish;
  private GenerationEvent.@Nullable Finished finished;
  private @Nullable Instant ended;
  private long sequence;
  private boolean created;

  /** {@code seal}: a thought as its encrypted content; empty when the client did not ask for it. */
  ResponsesEncoder(
      ResponseEcho echo,
      ErrorRenderer errors,
      InstantSource now,
      Optional<UnaryOperator<String>> seal) {
    this.echo = echo;
    this.errors = errors;
    this.now = now;
    this.seal = seal;
  }

  /** Takes the events of the wire. */
  @FunctionalInterface
  private interface Out {
    void send(String type, Object event);

    static Out to(EventStream stream) {
      return (type, event) -> stream.event(type, Json.bytes(event));
    }
  }

  @Override
  public void stream(GenerationEvent event, EventStream out) {
    take(event, Out.to(out));
    if (event instanceof GenerationEvent.Finished) {
      out.event(null, DONE);
    }
  }

  @Override
  public void fold(GenerationEvent event) {
    take(
        event,
        (type, sent) -> {
          // a whole response is all that its events have said
        });
  }

  private void take(GenerationEvent event, Out out) {
    switch (event) {
      case GenerationEvent.Accepted a -> accepted = a.resolution();
      // nothing leaves before a backend works: until then a failure has its own status
      case GenerationEvent.Queued _ -> {
        // shown by heartbeats
      }
      case GenerationEvent.Started _ -> begin(out);
      case GenerationEvent.ReasoningDelta d -> {
        if (!d.text().isEmpty()) {
          think(d, out);
        }
      }
      case GenerationEvent.ReasoningFinished _ -> close("completed", out);
      case GenerationEvent.TextDelta d -> {
        if (!d.text().isEmpty() || !d.logprobs().isEmpty()) { // a token may show nothing yet
          say(d, out);
        }
      }
      case GenerationEvent.CallStarted c -> {
        close("completed", out);
        output.call(c);
        item("response.output_item.added", out);
      }
      case GenerationEvent.CallArguments c -> arguments(c, out);
      case GenerationEvent.CallFinished _ -> called(out);
      case GenerationEvent.ChoiceFinished c -> {
        finish = c.reason();
        close(status(), out);
        if (output.silent()) {
          open(out);
          close(status(), out);
        }
      }
      case GenerationEvent.Finished f -> {
        end(f);
        state("response." + status(), snapshot(status(), null), out);
      }
    }
  }

  /** A second try of a request starts again, but its response was created before. */
  private void begin(Out out) {
    if (!created) {
      created = true;
      state("response.created", snapshot("in_progress", null), out);
      state("response.in_progress", snapshot("in_progress", null), out);
    }
  }

  private void think(GenerationEvent.ReasoningDelta d, Out out) {
    if (!(output.open() instanceof ResponseOutput.Entry.Thought)) {
      output.think();
      item("response.output_item.added", out);
      summary("response.reasoning_summary_part.added", "", out);
    }
    output.thought().add(d);
    String type = "response.reasoning_summary_text.delta";
    out.send(
        type,
        new ResponsesWire.SummaryDelta(type, sequence++, itemId(), output.last(), 0, d.text()));
  }

  private void summary(String type, String text, Out out) {
    ResponsesWire.SummaryText part = new ResponsesWire.SummaryText("summary_text", text);
    out.send(
        type,
        new ResponsesWire.SummaryPartEvent(type, sequence++, itemId(), output.last(), 0, part));
  }

  private void thoughtDone(ResponseOutput.Entry.Thought thought, Out out) {
    String type = "response.reasoning_summary_text.done";
    out.send(
        type,
        new ResponsesWire.SummaryDone(
            type, sequence++, itemId(), output.last(), 0, thought.text()));
    summary("response.reasoning_summary_part.done", thought.text(), out);
    seal.ifPresent(s -> thought.encrypted(s.apply(thought.text())));
  }

  private ResponseOutput.Entry.Said open(Out out) {
    ResponseOutput.Entry.Said said = output.say();
    item("response.output_item.added", out);
    part("response.content_part.added", said.part(), out);
    return said;
  }

  private void say(GenerationEvent.TextDelta d, Out out) {
    ResponseOutput.Entry.Said said =
        output.open() instanceof ResponseOutput.Entry.Said open ? open : open(out);
    said.add(d);
    String type = "response.output_text.delta";
    List<TokenLogprob> tokens = TokenLogprob.of(d.logprobs());
    out.send(
        type,
        new ResponsesWire.TextDelta(
            type, sequence++, itemId(), output.last(), 0, d.text(), tokens));
  }

  private void arguments(GenerationEvent.CallArguments more, Out out) {
    output.add(more);
    if (!more.delta().isEmpty()) {
      String type = "response.function_call_arguments.delta";
      out.send(
          type,
          new ResponsesWire.ArgumentsDelta(
              type, sequence++, itemId(), output.last(), more.delta()));
    }
  }

  private void called(Out out) {
    ResponseOutput.Entry.Called call = output.called();
    String type = "response.function_call_arguments.done";
    out.send(
        type,
        new ResponsesWire.ArgumentsDone(
            type, sequence++, itemId(), output.last(), call.name(), call.arguments()));
    close("completed", out);
  }

  /** Closes what is open, if anything is. */
  private void close(String status, Out out) {
    ResponseOutput.Entry open = output.open();
    if (open == null) {
      return;
    }
    switch (open) {
      case ResponseOutput.Entry.Thought t -> thoughtDone(t, out);
      case ResponseOutput.Entry.Said s -> textDone(s.part(), out);
      case ResponseOutput.Entry.Called _ -> {
        // its arguments are done only when it is whole
      }
    }
    output.close(status);
    item("response.output_item.done", out);
  }

  private void textDone(ResponsesWire.OutputText part, Out out) {
    String type = "response.output_text.done";
    out.send(
        type,
        new ResponsesWire.TextDone(
            type, sequence++, itemId(), output.last(), 0, part.text(), part.logprobs()));
    part("response.content_part.done", part, out);
  }

  private void state(String type, ResponsesWire.Response response, Out out) {
    out.send(type, new ResponsesWire.ResponseEvent(type, sequence++, response));
  }

  private void item(String type, Out out) {
    ResponsesWire.OutputItem item = output.item(output.last(), id(), "in_progress");
    out.send(type, new ResponsesWire.ItemEvent(type, sequence++, output.last(), item));
  }

  private void part(String type, ResponsesWire.OutputText part, Out out) {
    out.send(type, new ResponsesWire.PartEvent(type, sequence++, itemId(), output.last(), 0, part));
  }

  /** Whether an event has left. */
  boolean begun() {
    return created;
  }

  /** Ends a stream that has begun where nothing may follow the terminal event. */
  void failed(ApiException error, EventStream stream) {
    state("response.failed", snapshot("failed", failure(error)), Out.to(stream));
  }

  /** A response that nothing was generated for. */
  void prepared(Resolution resolution, EventStream stream) {
    accepted = resolution;
    finish = FinishReason.STOP;
    Out out = Out.to(stream);
    begin(out);
    end(new GenerationEvent.Finished(Usage.NONE, 0));
    state("response.completed", snapshot("completed", null), out);
  }

  @Override
  public void error(ApiException error, EventStream stream) {
    Out out = Out.to(stream);
    if (accepted != null) {
      begin(out);
      state("response.failed", snapshot("failed", failure(error)), out);
    }
    JsonNode body = Json.mapper().valueToTree(errors.body(error));
    JsonNode sentence = body.get("code"); // in xAI's form only
    out.send(
        "error",
        new ResponsesWire.ErrorEvent(
            "error",
            sequence++,
            sentence == null ? error.code().code() : sentence.stringValue(),
            error.text(),
            error.param().orElse(null),
            body.get("error")));
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
  public ResponsesWire.Response whole() {
    return snapshot(status(), null);
  }

  /** The response while it is made, with what there is of its output. */
  ResponsesWire.Response soFar() {
    return snapshot("in_progress", null, null, output.soFar(id()));
  }

  /** The response as it is remembered before anything of it was made. */
  StoredResponse stored(
      Principal caller, StoredResponse.Content asked, StoredResponse.Status status) {
    String shown = Json.string(snapshot(status.text(), null, null, List.of()));
    return new StoredResponse(
        id(),
        caller.teamId(),
        Optional.ofNullable(echo.previousResponseId),
        status,
        accepted().admitted(),
        new StoredResponse.Content(
            accepted().model(),
            asked.instructions(),
            asked.input(),
            List.of(),
            asked.tools(),
            Optional.empty(),
            Optional.of(new StoredResponse.Face(ResponsesFeature.DIALECT, shown))));
  }

  private void end(GenerationEvent.Finished end) {
    finished = end;
    if (ended == null) {
      ended = now.instant();
    }
  }

  /**
   * The response as it is remembered, when it ended in whatever way; empty when it never began.
   *
   * @param asked what is remembered of the request
   */
  Optional<StoredResponse> stored(
      Principal caller, StoredResponse.Content asked, Settlement settlement) {
    Resolution resolution = accepted;
    boolean well = settlement.status() == 200;
    if (resolution == null || (!well && !created)) {
      return Optional.empty();
    }
    ResponsesWire.Failure failure = null;
    StoredResponse.Status status;
    if (well) {
      end(
          new GenerationEvent.Finished(
              settlement.usage(),
              settlement.costTicks(),
              OptionalInt.empty(),
              settlement.limitedBy()));
      status = finish == FinishReason.LENGTH ? Status.INCOMPLETE : Status.COMPLETED;
    } else {
      status =
          settlement.status() == ErrorCode.CLIENT_CLOSED_REQUEST.status()
              ? Status.CANCELLED
              : Status.FAILED;
      failure = status == Status.FAILED ? failure(settlement) : null;
    }
    ResponsesWire.Response shown =
        snapshot(
            status.text(),
            failure,
            ResponsesWire.Usage.of(settlement.usage(), settlement.costTicks()));
    return Optional.of(
        new StoredResponse(
            resolution.requestId(),
            caller.teamId(),
            Optional.ofNullable(echo.previousResponseId),
            status,
            resolution.admitted(),
            new StoredResponse.Content(
                resolution.model(),
                asked.instructions(),
                asked.input(),
                output.kept(id()),
                asked.tools(),
                Optional.of(new StoredResponse.Spent(settlement.usage(), settlement.costTicks())),
                Optional.of(
                    new StoredResponse.Face(ResponsesFeature.DIALECT, Json.string(shown))))));
  }

  private static ResponsesWire.Failure failure(Settlement settlement) {
    ErrorCode code =
        settlement
            .errorType()
            .map(name -> ErrorCode.valueOf(name.toUpperCase(Locale.ROOT)))
            .orElse(ErrorCode.INTERNAL_ERROR);
    return failure(new ApiException(code, code.meaning()));
  }

  private ResponsesWire.Response snapshot(String status, ResponsesWire.@Nullable Failure failure) {
    return snapshot(status, failure, usage());
  }

  /** The response as it is at this moment. */
  private ResponsesWire.Response snapshot(
      String status, ResponsesWire.@Nullable Failure failure, ResponsesWire.@Nullable Usage usage) {
    return snapshot(
        status,
        failure,
        usage,
        status.equals("in_progress") ? List.of() : output.items(id(), "incomplete"));
  }

  private ResponsesWire.Response snapshot(
      String status,
      ResponsesWire.@Nullable Failure failure,
      ResponsesWire.@Nullable Usage usage,
      List<ResponsesWire.OutputItem> items) {
    Resolution resolution = accepted();
    boolean complete = ended != null && status.equals("completed");
    return new ResponsesWire.Response(
        resolution.requestId(),
        "response",
        resolution.admitted().getEpochSecond(),
        complete ? Objects.requireNonNull(ended).getEpochSecond() : null,
        status,
        echo.background,
        failure,
        status.equals("incomplete")
            ? new ResponsesWire.IncompleteDetails("max_output_tokens")
            : null,
        echo.instructions,
        echo.maxOutputTokens,
        echo.maxToolCalls,
        metadata(),
        resolution.model(),
        items,
        echo.parallelToolCalls,
        echo.presencePenalty,
        echo.frequencyPenalty,
        echo.previousResponseId,
        echo.promptCacheKey,
        echo.reasoning,
        echo.safetyIdentifier,
        ServiceTiers.shown(resolution.service()),
        echo.store,
        echo.temperature,
        new ResponsesWire.TextConfig(echo.format),
        echo.toolChoice,
        echo.tools,
        echo.topLogprobs,
        echo.topP,
        "disabled",
        usage,
        echo.user);
  }

  /** What the client noted, and the limit that cut the answer short, if one did. */
  private Map<String, String> metadata() {
    Optional<String> limit = Optional.ofNullable(finished).flatMap(GenerationEvent.Finished::limit);
    if (limit.isEmpty()) {
      return echo.metadata;
    }
    Map<String, String> all = new LinkedHashMap<>(echo.metadata);
    all.put("jubal_limit", limit.get());
    return all;
  }

  private String itemId() {
    return output.newestId(id());
  }

  private String id() {
    return accepted().requestId();
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
    GenerationEvent.Finished end = finished;
    return end == null ? null : ResponsesWire.Usage.of(end.usage(), end.costTicks());
  }
}
