package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.api.Encoder;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Resolution;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.inference.memory.StoredResponse.Status;
import dev.jubal.inference.work.Work;
import dev.jubal.inference.work.WorkKeeping;
import dev.jubal.inference.work.WorkKind;
import dev.jubal.inference.work.WorkQueue;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Responses that go on without their client: begun in the background, followed, cancelled, and
 * remembered at their end. While one is under way its stored form is the state it began with, and
 * how far it is stands in the queue of work.
 */
final class BackgroundResponses implements WorkKeeping {
  private static final String ID = "response_id";

  private final GenerationEndpoint endpoint;
  private final WorkQueue work;
  private final ErrorRenderer errors;
  private final InstantSource now;
  private final TeamRecall.Remembered remembered;

  BackgroundResponses(
      GenerationEndpoint endpoint,
      ErrorRenderer errors,
      InstantSource now,
      TeamRecall.Remembered remembered) {
    this.endpoint = endpoint;
    this.work = endpoint.work();
    this.errors = errors;
    this.now = now;
    this.remembered = remembered;
  }

  void register(Routes routes) {
    work.keep(ResponsesFeature.DIALECT, this);
    routes.add(
        Route.post("/v1/responses/{response_id}/cancel")
            .access(Access.ENDPOINT, "responses")
            .summary(
                "Stops a background response within a step; what was made until then is billed and"
                    + " stays readable.")
            .gives(ResponsesWire.Response.class)
            .handle(this::cancel));
  }

  /**
   * Begins one, and answers with it as it is queued, or with its events.
   *
   * @throws ApiException 400 when it is not to be stored, since nobody could ever read it
   */
  void begin(Call call, Exchange exchange, ResponsesDecoder.Asked asked, byte[] shape) {
    Principal caller = call.caller(Principal.class);
    if (!asked.echo().store) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "background",
          "background: true without storing (expected: store left out or true, and a team whose"
              + " responses are stored).");
    }
    ResponsesEncoder encoder = encoder(asked, caller);
    if (asked.decoded().request().stream()) {
      endpoint.background(call, exchange, asked.decoded(), encoder, order(call, asked, shape));
      return;
    }
    StoredResponse queued = queued(call.requestId(), caller, asked);
    String id = endpoint.submit(call, exchange, asked.decoded(), order(call, asked, shape));
    StoredResponse shown =
        id.equals(queued.id())
            ? queued
            : remembered.memory().find(caller.teamId(), id).orElseThrow(() -> none(id));
    exchange.json(200, StoredResponses.shown(shown, new ListedItems(Optional.empty())));
  }

  private GenerationEndpoint.Background order(
      Call call, ResponsesDecoder.Asked asked, byte[] shape) {
    Principal caller = call.caller(Principal.class);
    Companion row = remembered.memory().keeping(caller, queued(call.requestId(), caller, asked));
    return new GenerationEndpoint.Background(WorkKind.BACKGROUND, shape, row);
  }

  private StoredResponse queued(String id, Principal caller, ResponsesDecoder.Asked asked) {
    ResponsesEncoder encoder = encoder(asked, caller);
    encoder.fold(accepted(id, asked.decoded().request()));
    return encoder.stored(caller, asked.kept(), Status.QUEUED);
  }

  private GenerationEvent accepted(String id, GenerationRequest request) {
    return new GenerationEvent.Accepted(
        new Resolution(id, request.model(), "", now.instant(), List.of()));
  }

  ResponsesEncoder encoder(ResponsesDecoder.Asked asked, Principal caller) {
    return encoder(asked.echo(), asked.encrypted(), caller.teamId());
  }

  private ResponsesEncoder encoder(ResponseEcho echo, boolean encrypted, String team) {
    Optional<UnaryOperator<String>> sealing =
        encrypted
            ? Optional.of(thought -> remembered.thoughts().seal(team, thought))
            : Optional.empty();
    return new ResponsesEncoder(echo, errors, now, sealing);
  }

  private ResponsesEncoder encoder(Work of, ResponseShape shape) {
    return encoder(shape.echo(of.request()), shape.encrypted(), of.owner().teamId());
  }

  @Override
  public Companion keep(Work ended, End end) {
    if (ended.shape().length == 0) {
      return Companion.NONE;
    }
    ResponseShape shape = ResponseShape.read(ended.shape());
    if (!shape.store()) {
      return Companion.NONE;
    }
    ResponsesEncoder encoder = encoder(ended, shape);
    if (end.events().isEmpty()) { // it ended before it began
      encoder.fold(accepted(ended.id(), ended.request()));
    }
    end.events().stream()
        .filter(e -> !(e instanceof GenerationEvent.Finished))
        .forEach(encoder::fold);
    if (end.events().stream().noneMatch(GenerationEvent.Started.class::isInstance)) {
      encoder.fold(new GenerationEvent.Started(0, 0));
    }
    return encoder
        .stored(end.owner(), shape.kept(), end.settlement())
        .map(r -> remembered.memory().keeping(end.owner(), r))
        .orElse(Companion.NONE);
  }

  /** A response as it stands, while it is under way; empty when it is not, or not the caller's. */
  Optional<ResponsesWire.Response> underWay(String id, Principal caller) {
    Optional<Work> open =
        work.find(id, caller).filter(Work::open).filter(w -> w.shape().length > 0);
    if (open.isEmpty()) {
      return Optional.empty();
    }
    List<GenerationEvent> events = work.events(id, caller);
    if (events.stream().noneMatch(GenerationEvent.Started.class::isInstance)) {
      return Optional.empty(); // it is queued, as it is stored
    }
    ResponsesEncoder encoder = encoder(open.get(), ResponseShape.read(open.get().shape()));
    events.forEach(encoder::fold);
    return Optional.of(encoder.soFar());
  }

  /** Gives the events of a response after one of a number, from the start when it is left out. */
  void follow(Call call, Exchange exchange) {
    String id = call.param(ID);
    Principal caller = call.caller(Principal.class);
    Work found =
        work.find(id, caller).filter(w -> w.shape().length > 0).orElseThrow(() -> notFollowed(id));
    Encoder encoder = encoder(found, ResponseShape.read(found.shape()));
    endpoint.follow(call, exchange, found, encoder, after(call));
  }

  private static int after(Call call) {
    String after = call.query("starting_after").orElse("-1");
    if (!after.matches("-1|[0-9]{1,9}")) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "starting_after",
          "starting_after: \"" + after + "\" (expected: the sequence number of an event).");
    }
    return Integer.parseInt(after);
  }

  private void cancel(Call call, Exchange exchange) {
    String id = call.param(ID);
    Principal caller = call.caller(Principal.class);
    StoredResponse stored =
        remembered.memory().find(caller.teamOfStored(), id).orElseThrow(() -> none(id));
    if (!background(stored)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          ID,
          "The response " + id + " was not made in the background (expected: one that was).");
    }
    if (underWay(stored) && work.cancel(id, caller).isEmpty()) {
      throw notYours(id);
    }
    StoredResponse now = remembered.memory().find(caller.teamId(), id).orElseThrow(() -> none(id));
    exchange.json(200, StoredResponses.shown(now, new ListedItems(Optional.empty())));
  }

  /**
   * Stops what is to be deleted, so that it does not come back at its end.
   *
   * @throws ApiException 409 when it is under way for another key
   */
  void stop(StoredResponse stored, Principal caller) {
    if (underWay(stored) && work.cancel(stored.id(), caller).isEmpty()) {
      throw notYours(stored.id());
    }
  }

  private static boolean underWay(StoredResponse stored) {
    return stored.status() == Status.QUEUED || stored.status() == Status.IN_PROGRESS;
  }

  private static boolean background(StoredResponse stored) {
    return stored
        .content()
        .face()
        .filter(f -> f.dialect().equals(ResponsesFeature.DIALECT))
        .map(f -> Json.tree(f.json().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .map(face -> face.path("background").asBoolean(false))
        .orElse(false);
  }

  private static ApiException notYours(String id) {
    return new ApiException(
        ErrorCode.CONFLICT,
        "The response "
            + id
            + " is under way for another key of the team (expected: the key that asked for it).");
  }

  private static ApiException notFollowed(String id) {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "There are no events of the response "
            + id
            + " for this key (expected: a background or resumable response of the last 24 hours"
            + " that this key asked for).");
  }

  private static ApiException none(String id) {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "There is no response \"" + id + "\" of this team (expected: one that is stored).");
  }
}
