package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Keeping;
import dev.jubal.inference.Resolution;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.http.RequestObserver;
import dev.jubal.platform.http.Socket;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.platform.trace.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Responses over one WebSocket, one after the other: each message {@code response.create} is
 * answered by the events that a stream over HTTP has, without {@code [DONE]}. A request that fails
 * before its response was created is answered by an error with a status, and one that fails later
 * by response.failed; the socket stays open.
 *
 * <p>The last few responses are held in memory, so that they can be continued on this socket
 * whether they are stored or not; one whose continuation failed is held no longer.
 */
final class SocketSession {
  private static final Logger log = LoggerFactory.getLogger(SocketSession.class);
  private static final String CREATE = "response.create";

  private final Call call;
  private final Socket socket;
  private final ResponsesFeature feature;
  private Principal caller;
  private final SocketRecall recall;
  private final EventStream events;

  SocketSession(Call call, Socket socket, ResponsesFeature feature) {
    this.call = call;
    this.socket = socket;
    this.feature = feature;
    this.caller = call.caller(Principal.class);
    this.recall = new SocketRecall(new TeamRecall(caller, feature.remembered()));
    this.events =
        (name, data) -> {
          if (name != null) { // what has no name is the end of an HTTP stream
            socket.send(data);
          }
        };
  }

  /** Serves the socket to its end. */
  void serve() throws InterruptedException {
    while (true) {
      switch (socket.take()) {
        case Socket.Incoming.Message m -> answer(m.text());
        case Socket.Incoming.Ended e -> {
          end(e.end());
          return;
        }
      }
      if (socket.gone().cancelled()) {
        return;
      }
    }
  }

  private void end(Socket.End end) {
    switch (end) {
      case CLIENT_LEFT -> {
        // nobody is told
      }
      case TOO_OLD ->
          send(
              new ApiException(
                  ErrorCode.WEBSOCKET_CONNECTION_LIMIT_REACHED,
                  "This WebSocket was open for as long as one may be (expected: another one for"
                      + " what comes next)."));
      case STOPPING -> socket.closeStopping();
    }
  }

  private void answer(String text) {
    String requestId = socket.nextRequestId();
    long start = System.nanoTime();
    Cancellation cancel = socket.begin();
    Trace trace = socket.trace(requestId, "WEBSOCKET " + call.path(), call);
    trace.note("team", caller.teamId());
    int status = 200;
    try {
      trace.enter("decode");
      trace.run(() -> turn(text, requestId, cancel));
    } catch (ApiException e) {
      status = e.code().status();
      trace.note("error", e.code().code());
    } finally {
      socket.end(cancel);
      socket
          .observer()
          .finished(
              new RequestObserver.Finished(
                  requestId,
                  call.clientRequestId(),
                  "WEBSOCKET",
                  ResponsesFeature.DIALECT,
                  status,
                  Duration.ofNanos(System.nanoTime() - start),
                  trace));
    }
  }

  private void turn(String text, String requestId, Cancellation cancel) {
    ResponsesEncoder encoder = null;
    Optional<String> previous = Optional.empty();
    try {
      socket.readmit(); // what ended the key since the last message ends its sockets too
      caller = call.caller(Principal.class);
      ObjectNode body = message(text);
      previous = body.path("previous_response_id").stringValueOpt();
      boolean generate = generate(body);
      ResponsesDecoder.Asked asked =
          ResponsesDecoder.decode(
              body,
              new ResponsesDecoder.Setting(
                  requestId,
                  recall,
                  () -> feature.remembered().memory().stores(caller),
                  feature::defaults));
      encoder = feature.encoder(asked, caller);
      if (generate) {
        run(asked, encoder, requestId, cancel);
      } else {
        prepare(asked, encoder, requestId);
      }
    } catch (ApiException e) {
      previous.ifPresent(recall::forget);
      fail(e, encoder);
      throw e;
    } catch (RuntimeException e) {
      log.error("request {} failed by a defect", requestId, e);
      ApiException defect =
          new ApiException(
              ErrorCode.INTERNAL_ERROR,
              "Internal error; the log names it under request id " + requestId + ".",
              null,
              null,
              e);
      previous.ifPresent(recall::forget);
      fail(defect, encoder);
      throw defect;
    }
  }

  private static ObjectNode message(String text) {
    JsonNode read;
    try {
      read = Json.tree(text.getBytes(StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new ApiException(
          ErrorCode.INVALID_JSON,
          "The message is not valid JSON: "
              + e.getOriginalMessage()
              + " (expected: a JSON object of the type "
              + CREATE
              + ").");
    }
    if (!(read instanceof ObjectNode body) || !body.path("type").asString("").equals(CREATE)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "type",
          "type: " + read.path("type") + " (expected: \"" + CREATE + "\").");
    }
    if (body.path("background").asBoolean(false)) {
      throw ApiException.of(
          ErrorCode.UNSUPPORTED_PARAMETER,
          "background",
          "background: true is not available over a WebSocket (expected: absent, or a request by"
              + " HTTP).");
    }
    body.remove("type");
    // every answer is streamed here
    body.remove("stream");
    body.remove("stream_options");
    return body;
  }

  private static boolean generate(ObjectNode body) {
    JsonNode generate = body.path("generate");
    if (!generate.isMissingNode() && !generate.isNull() && !generate.isBoolean()) {
      throw ApiException.of(
          ErrorCode.INVALID_TYPE, "generate", "generate: " + generate + " (expected: a boolean).");
    }
    body.remove("generate");
    return generate.asBoolean(true);
  }

  private void run(
      ResponsesDecoder.Asked asked,
      ResponsesEncoder encoder,
      String requestId,
      Cancellation cancel) {
    Keeping keeping =
        settlement -> {
          Optional<StoredResponse> made = encoder.stored(caller, asked.kept(), settlement);
          made.filter(r -> r.status().continuable())
              .ifPresent(r -> recall.hold(r.id(), asked.before().and(r.content())));
          return made.filter(r -> asked.echo().store)
              .map(r -> feature.remembered().memory().keeping(caller, r))
              .orElse(Companion.NONE);
        };
    feature
        .endpoint()
        .run(
            asked.decoded(),
            new Generator.Caller(caller, requestId, call.clientRequestId(), cancel, false, keeping),
            (name, value) -> {
              // there are no headers here
            },
            event -> encoder.stream(event, events));
  }

  /** Nothing is generated: what was sent is held for the next request. */
  private void prepare(ResponsesDecoder.Asked asked, ResponsesEncoder encoder, String requestId) {
    Conversation prepared = asked.before().and(asked.kept());
    encoder.prepared(
        new Resolution(
            requestId,
            feature.model(asked.decoded().request().model(), caller),
            "",
            feature.now(),
            List.of()),
        events);
    recall.hold(requestId, prepared);
  }

  private void fail(ApiException error, @Nullable ResponsesEncoder encoder) {
    if (socket.gone().cancelled()) {
      return;
    }
    if (encoder != null && encoder.begun()) {
      encoder.failed(error, events);
    } else {
      send(error);
    }
  }

  private void send(ApiException error) {
    ErrorCode code = error.code();
    socket.send(
        Json.bytes(
            new StoredWire.SocketError(
                "error",
                code.status(),
                new StoredWire.SocketErrorBody(
                    code.openAiType(), code.code(), error.text(), error.param().orElse(null)))));
  }
}
