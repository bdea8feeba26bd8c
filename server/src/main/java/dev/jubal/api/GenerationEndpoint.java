package dev.jubal.api;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Keeping;
import dev.jubal.inference.work.Collected;
import dev.jubal.inference.work.Order;
import dev.jubal.inference.work.Submitted;
import dev.jubal.inference.work.Work;
import dev.jubal.inference.work.WorkKind;
import dev.jubal.inference.work.WorkQueue;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Rates;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.SseStream;
import dev.jubal.platform.http.rates.RateHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What every generation dialect does between its decoder and its encoder: runs the generator for
 * the caller, streamed or whole, and reports in headers what stands behind the answer.
 */
public final class GenerationEndpoint {
  /**
   * The header that tells of soft budgets a caller has passed: names with parameters, as {@code
   * budget_monthly;scope=team;used="21.3";limit="20";unit=USD;reset="2026-12-01T00:00:00Z"}, a list
   * of RFC 9651.
   */
  public static final String BUDGET_WARNING = "x-jubal-budget-warning";

  private final Generator generator;
  private final WorkQueue work;

  /**
   * An endpoint.
   *
   * @param work takes what goes on without its client
   */
  public GenerationEndpoint(Generator generator, WorkQueue work) {
    this.generator = generator;
    this.work = work;
  }

  /** Accepts a request that goes on without its client; returns the id to collect it by. */
  public String submit(Call call, Exchange exchange, Decoded decoded, WorkKind kind) {
    if (!decoded.ignored().isEmpty()) {
      exchange.header("x-jubal-ignored", IgnoredFields.header(decoded.ignored()));
    }
    return accepted(exchange, submit(decoded, order(call, decoded, kind)));
  }

  private static String accepted(Exchange exchange, Submitted submitted) {
    submitted.rates().ifPresent(exchange::rates);
    return submitted.id();
  }

  private static Order order(Call call, Decoded decoded, WorkKind kind) {
    return Order.of(
            kind,
            decoded.request(),
            call.caller(Principal.class),
            call.requestId(),
            call.clientRequestId())
        .calling(call.header(Order.WEBHOOK));
  }

  /**
   * Answers with what deferred work of the path's {@code request_id} came to: 202 while it is
   * pending.
   *
   * @param encoder makes what shows it
   */
  public void collect(Call call, Exchange exchange, Function<Work, Encoder> encoder) {
    String id = call.param("request_id");
    switch (work.collect(id, call.caller(Principal.class))) {
      case Collected.Pending _ -> exchange.empty(202);
      case Collected.Failed failed -> throw failed.error();
      case Collected.Gone _ ->
          throw new ApiException(
              ErrorCode.NOT_FOUND,
              "There is no deferred answer "
                  + id
                  + " for this key (expected: an id of the last 24 hours whose answer was not"
                  + " collected before).");
      case Collected.Done done -> {
        Encoder whole = encoder.apply(done.work());
        Decoded asked = new Decoded(done.work().request(), List.of(), Decoded.SchemaFields.NONE);
        done.events().forEach(headers(Head.later(exchange), asked, whole::fold)::accept);
        exchange.json(200, whole.whole());
      }
    }
  }

  /** Takes what an answer says before its first byte. */
  private record Head(BiConsumer<String, String> header, Consumer<Rates> rates) {
    static Head of(Exchange exchange) {
      return new Head(exchange::header, exchange::rates);
    }

    /** Of an answer that was made before: how the caller stood then is no news. */
    static Head later(Exchange exchange) {
      return new Head(exchange::header, rates -> {});
    }
  }

  /** Where the events of an answer come from; how it fails comes out of it. */
  @FunctionalInterface
  private interface Source {
    void give(EventSink sink);
  }

  /** Answers a call of which nothing is kept. */
  public void answer(Call call, Exchange exchange, Decoded decoded, Encoder encoder) {
    answer(call, exchange, decoded, encoder, Keeping.NOTHING);
  }

  /**
   * Answers a call; the client may ask by headers that it can come back to it.
   *
   * @param keeping what is kept of the answer, unless the client can come back to it
   */
  public void answer(
      Call call, Exchange exchange, Decoded decoded, Encoder encoder, Keeping keeping) {
    if (resumable(call)) {
      resume(call, exchange, decoded, encoder, new byte[0]);
      return;
    }
    refuseWebhook(call);
    Generator.Caller caller =
        new Generator.Caller(
            call.caller(Principal.class),
            call.requestId(),
            call.clientRequestId(),
            exchange.gone(),
            false,
            keeping);
    Source source = sink -> generator.generate(decoded.request(), caller, sink);
    if (decoded.request().stream()) {
      SseStream out = exchange.sse();
      stream(exchange, decoded, source, encoder, new Out(out, out));
    } else {
      whole(exchange, decoded, source, encoder);
    }
  }

  private static void refuseWebhook(Call call) {
    call.header(Order.WEBHOOK)
        .ifPresent(
            url -> {
              throw ApiException.of(
                  ErrorCode.INVALID_VALUE,
                  Order.WEBHOOK,
                  Order.WEBHOOK
                      + ": given with a request that is answered at once (expected: with deferred,"
                      + " background, x-jubal-resumable or an Idempotency-Key).");
            });
  }

  /**
   * Where a stream goes.
   *
   * @param events numbered, when the client may come back
   */
  private record Out(SseStream sse, EventStream events) {}

  /** The queue of what goes on without its client. */
  public WorkQueue work() {
    return work;
  }

  /**
   * Work that is begun whether or not its client stays.
   *
   * @param shape what the dialect needs to show the answer again
   * @param row what is written with the admission
   */
  public record Background(WorkKind kind, byte[] shape, Companion row) {}

  /** Accepts such work; returns its id, or that of the earlier work of the client's name. */
  public String submit(Call call, Exchange exchange, Decoded decoded, Background background) {
    if (!decoded.ignored().isEmpty()) {
      exchange.header("x-jubal-ignored", IgnoredFields.header(decoded.ignored()));
    }
    return accepted(exchange, submit(decoded, order(call, decoded, background)));
  }

  private static Order order(Call call, Decoded decoded, Background background) {
    Optional<Resumption> asked = Resumption.of(call);
    return order(call, decoded, background.kind())
        .withShape(background.shape())
        .with(background.row())
        .resumable(asked.flatMap(Resumption::name), asked.flatMap(Resumption::grace));
  }

  /** Accepts such work and gives its events; the client can come back to them. */
  public void background(
      Call call, Exchange exchange, Decoded decoded, Encoder encoder, Background background) {
    Principal caller = call.caller(Principal.class);
    String id = submit(decoded, order(call, decoded, background)).id();
    follow(exchange, decoded, encoder, new Followed(id, caller, -1));
  }

  /** Gives the events of work after that of a number, -1 for all of them. */
  public void follow(Call call, Exchange exchange, Work of, Encoder encoder, int after) {
    Decoded asked = new Decoded(of.request(), List.of(), Decoded.SchemaFields.NONE);
    Followed followed = new Followed(of.id(), call.caller(Principal.class), after);
    stream(exchange, asked, source(exchange, followed), encoder, out(exchange, followed));
  }

  /** Work that is followed after an event. */
  private record Followed(String id, Principal caller, int after) {}

  private Source source(Exchange exchange, Followed followed) {
    exchange.header("x-jubal-work", followed.id());
    return sink -> work.follow(followed.id(), followed.caller(), 0, sink, exchange.gone());
  }

  private static Out out(Exchange exchange, Followed followed) {
    SseStream out = exchange.sse();
    return new Out(out, new NumberedStream(out, followed.id(), followed.after()));
  }

  private void follow(Exchange exchange, Decoded decoded, Encoder encoder, Followed followed) {
    Source source = source(exchange, followed);
    if (decoded.request().stream()) {
      stream(exchange, decoded, source, encoder, out(exchange, followed));
    } else {
      whole(exchange, decoded, source, encoder);
    }
  }

  /** Whether the client asks that it can come back to the answer. */
  public static boolean resumable(Call call) {
    return Resumption.of(call).isPresent();
  }

  /**
   * Answers a client that asks for that.
   *
   * @param shape what the dialect needs to show the answer again, when that is not the request
   */
  public void resume(Call call, Exchange exchange, Decoded decoded, Encoder encoder, byte[] shape) {
    Resumption asked = Resumption.of(call).orElseThrow();
    Optional<Resumption.Place> after = asked.after();
    Background stream = new Background(WorkKind.STREAM, shape, Companion.NONE);
    String id =
        after
            .map(Resumption.Place::work)
            .orElseGet(() -> submit(decoded, order(call, decoded, stream)).id());
    Principal caller = call.caller(Principal.class);
    follow(
        exchange,
        decoded,
        encoder,
        new Followed(id, caller, after.map(Resumption.Place::n).orElse(-1)));
  }

  /**
   * Runs the generator for a surface that is not HTTP.
   *
   * @param header takes what HTTP says in headers, before the first event that shows
   * @throws ApiException in the words of the dialect
   */
  public void run(
      Decoded decoded, Generator.Caller caller, BiConsumer<String, String> header, EventSink sink) {
    give(
        decoded,
        next -> generator.generate(decoded.request(), caller, next),
        headers(
            new Head(header, rates -> RateHeaders.openAi(rates).forEach(header)), decoded, sink));
  }

  /** Accepts an order. */
  public Submitted submit(Decoded decoded, Order order) {
    try {
      return work.submit(order);
    } catch (ApiException e) {
      throw decoded.named(e);
    }
  }

  /** How many tokens the prompt of a call has, without an answer to it. */
  public long promptTokens(Call call, Exchange exchange, Decoded decoded) {
    try {
      return generator.promptTokens(
          decoded.request(), call.caller(Principal.class), exchange.gone());
    } catch (ApiException e) {
      throw decoded.named(e);
    }
  }

  /** Answers with what would become of a call. */
  public void explain(Call call, Exchange exchange, Decoded decoded) {
    Generator.Caller caller =
        new Generator.Caller(
            call.caller(Principal.class),
            call.requestId(),
            call.clientRequestId(),
            exchange.gone());
    try {
      exchange.json(200, Explanation.of(generator.explain(decoded.request(), caller)));
    } catch (ApiException e) {
      throw decoded.named(e);
    }
  }

  private static void whole(Exchange exchange, Decoded decoded, Source source, Encoder encoder) {
    give(decoded, source, headers(Head.of(exchange), decoded, encoder::fold));
    exchange.json(200, encoder.whole());
  }

  private static void give(Decoded decoded, Source source, EventSink sink) {
    try {
      source.give(sink);
    } catch (ApiException e) {
      throw decoded.named(e);
    }
  }

  private static void stream(
      Exchange exchange, Decoded decoded, Source source, Encoder encoder, Out out) {
    encoder.open(out.sse());
    try {
      EventSink next =
          QueueNotice.heartbeats(out.sse(), event -> encoder.stream(event, out.events()));
      give(decoded, source, headers(Head.of(exchange), decoded, next));
      out.sse().close();
    } catch (ApiException e) {
      if (!exchange.headSent()) {
        out.sse().abandon();
        throw e;
      }
      // the source throws why a run was cancelled, so a client that left shows in the code
      if (e.code() != ErrorCode.CLIENT_CLOSED_REQUEST || !exchange.gone().cancelled()) {
        encoder.error(e, out.events());
      }
      out.sse().close();
    }
  }

  private static EventSink headers(Head head, Decoded decoded, EventSink encoder) {
    BiConsumer<String, String> header = head.header();
    EventSink next = QueueNotice.headers(header, encoder);
    return event -> {
      if (event instanceof GenerationEvent.Accepted a) {
        header.accept("x-jubal-backend", a.resolution().backend());
        List<String> all = new ArrayList<>(decoded.ignored());
        a.resolution().dropped().forEach(name -> all.add(decoded.name(name)));
        if (!all.isEmpty()) {
          header.accept("x-jubal-ignored", IgnoredFields.header(all));
        }
        a.resolution()
            .standing()
            .ifPresent(standing -> head.rates().accept(standing.at(a.resolution().admitted())));
        a.resolution().warning().ifPresent(w -> header.accept(BUDGET_WARNING, w));
      }
      if (event instanceof GenerationEvent.Finished f) {
        f.limit().ifPresent(limit -> header.accept("x-jubal-limit", limit)); // of a whole answer
      }
      next.accept(event);
    };
  }
}
