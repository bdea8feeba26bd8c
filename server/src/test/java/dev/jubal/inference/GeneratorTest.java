package dev.jubal.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.testing.Blind;
import dev.jubal.testing.MemoryLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stations 4, 5 and 8: rules, defaults, admission, retry, time, settlement. */
class GeneratorTest {
  private static final Principal ANYBODY =
      new Principal("k", "name", "xai-...abcd", "u", "t", List.of("api-key:model:*"));
  private static final Model MODEL =
      new Model(
          "grok-x",
          List.of("grok-x-latest"),
          Model.Kind.LANGUAGE,
          new Model.Published(
              1000, Optional.empty(), List.of("text"), List.of("text"), "xai", Instant.EPOCH),
          new Model.Rules(
              true, List.of("stop", "presence_penalty"), List.of("low"), Optional.empty()),
          List.of(
              new Price(
                  Instant.EPOCH,
                  new Price.Rate(10, 1, 100),
                  100,
                  new Price.Rate(20, 2, 200),
                  "test")),
          "test",
          "weights",
          new Model.Defaults(
              Optional.of(0.2), Optional.of(0.9), Optional.of("Be brief."), OptionalInt.of(7)));

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final MemoryLedger ledger = new MemoryLedger();
  private final Cancellation cancel = new Cancellation();
  private final List<GenerationEvent> events = new ArrayList<>();
  private final List<GenerationRequest> received = new ArrayList<>();

  /** What the backend of a test does. */
  private interface Play {
    void run(GenerationRequest request, EventSink sink, Cancellation cancel) throws Exception;
  }

  @AfterEach
  void stop() {
    clock.shutdownNow();
  }

  @Test
  void aGoodRequestIsAdmittedFirstAndSettledBeforeItsEnd() {
    generate(
        request(),
        (r, sink, c) -> {
          assertEquals(1, ledger.admissions().size());
          answer(sink);
        });
    assertInstanceOf(GenerationEvent.Accepted.class, events.getFirst());
    // 8 uncached x 10 + 2 cached x 1 + 3 x 100
    assertEquals(new GenerationEvent.Finished(Usage.of(10, 2, 3), 382), events.getLast());
    Settlement s = settlement();
    assertEquals(382, s.costTicks());
    assertEquals(200, s.status());
    assertTrue(s.firstToken().isPresent());
  }

  @Test
  void theEndIsWithheldWhenTheSettlementCannotBeCommitted() {
    ApiException e =
        refused(
            (r, sink, c) -> {
              sink.accept(new GenerationEvent.Started(10, 0));
              sink.accept(new GenerationEvent.TextDelta(0, "a", 1, List.of()));
              ledger.fail();
              sink.accept(new GenerationEvent.Finished(Usage.of(10, 0, 1), 0));
            });
    assertEquals(ErrorCode.LEDGER_UNAVAILABLE, e.code());
    assertInstanceOf(GenerationEvent.TextDelta.class, events.getLast());
  }

  @Test
  void nothingRunsWhenTheAdmissionCannotBeCommitted() {
    ledger.fail();
    ApiException e = refused((r, sink, c) -> answer(sink));
    assertEquals(ErrorCode.LEDGER_UNAVAILABLE, e.code());
    assertTrue(received.isEmpty() && events.isEmpty());
  }

  @Test
  void aBackendThatBreaksBeforeTheFirstTextIsTriedOnceMore() {
    generate(
        request(),
        (r, sink, c) -> {
          sink.accept(new GenerationEvent.Started(10, 0));
          if (received.size() == 1) {
            throw new BackendFailure.Broken("crashed");
          }
          answer(sink);
        });
    assertEquals(2, received.size());
    assertEquals(200, settlement().status());
  }

  @Test
  void aBackendThatBreaksAfterTheFirstTextIsNotTriedAgainAndWhatWasMadeIsSettled() {
    ApiException e =
        refused(
            (r, sink, c) -> {
              sink.accept(new GenerationEvent.Started(10, 0));
              sink.accept(new GenerationEvent.TextDelta(0, "a", 2, List.of()));
              throw new BackendFailure.Broken("crashed");
            });
    assertEquals(ErrorCode.UPSTREAM_ERROR, e.code());
    assertEquals(1, received.size());
    assertEquals(Usage.of(10, 0, 2), settlement().usage());
    assertEquals(Optional.of("upstream_error"), settlement().errorType());
  }

  @Test
  void aDefectOfABackendIsA500AndSettled() {
    ApiException e =
        refused(
            (r, sink, c) -> {
              throw new IllegalStateException("secret detail");
            });
    assertEquals(ErrorCode.INTERNAL_ERROR, e.code());
    assertTrue(!e.text().contains("secret"), e.text());
    assertEquals(500, settlement().status());
  }

  @Test
  void aClientThatLeavesStopsTheBackendAndItsPartIsSettled() {
    ApiException e =
        refused(
            (r, sink, c) -> {
              sink.accept(new GenerationEvent.Started(10, 0));
              sink.accept(new GenerationEvent.TextDelta(0, "a", 1, List.of()));
              cancel.cancel(new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "gone"));
              sink.accept(new GenerationEvent.Finished(Usage.of(10, 0, 5), 0));
            });
    assertEquals(ErrorCode.CLIENT_CLOSED_REQUEST, e.code());
    assertEquals(499, settlement().status());
    assertEquals(Usage.of(10, 0, 5), settlement().usage());
  }

  @Test
  void eachTimeLimitHasItsOwnError() {
    assertEquals(ErrorCode.FIRST_TOKEN_TIMEOUT, stalled(false, 50, 9_000, 9_000).code());
    assertEquals(ErrorCode.IDLE_TIMEOUT, stalled(true, 9_000, 50, 9_000).code());
    assertEquals(ErrorCode.TOTAL_TIMEOUT, stalled(true, 9_000, 9_000, 50).code());
  }

  @Test
  void theFirstTokenIsCountedFromTheSlotNotFromTheQueue() {
    CountDownLatch wait = new CountDownLatch(1);
    var _ = clock.schedule(wait::countDown, 150, java.util.concurrent.TimeUnit.MILLISECONDS);
    generate(
        generator(
            false,
            timeouts(100, 9_000, 9_000),
            (r, sink, c) -> {
              wait.await();
              answer(sink);
            }),
        request());
    assertEquals(200, settlement().status());
  }

  @Test
  void whatTheClientLeftUnsaidComesFromTheCatalogueRow() {
    generate(request(), (r, sink, c) -> answer(sink));
    GenerationRequest r = received.getFirst();
    assertEquals(Optional.of(0.2), r.sampling().temperature());
    Prompt.Conversation c = (Prompt.Conversation) r.prompt();
    assertEquals(Item.Message.text(Role.SYSTEM, "Be brief."), c.items().getFirst());
    assertEquals(OptionalInt.of(7), r.limits().endFrom());
  }

  @Test
  void aClientThatNamesOneOfTemperatureAndTopPGetsNeitherDefault() {
    SamplingOptions warm =
        new SamplingOptions(
            Optional.of(1.0),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            SamplingOptions.Penalties.NONE,
            Map.of(),
            Optional.empty());
    generate(request().withSampling(warm), (r, sink, c) -> answer(sink));
    assertEquals(warm, received.getFirst().sampling());
  }

  @Test
  void anySystemMessageSwitchesTheDefaultOneOff() {
    GenerationRequest own =
        request()
            .withPrompt(
                new Prompt.Conversation(
                    List.of(
                        Item.Message.text(Role.USER, "hi"),
                        Item.Message.text(Role.DEVELOPER, "Rhyme."))));
    generate(own, (r, sink, c) -> answer(sink));
    assertEquals(own.prompt(), received.getFirst().prompt());
  }

  @Test
  void aRefusedParameterIsA400AndLenientlyDroppedAndReported() {
    GenerationRequest stop =
        request().withLimits(new GenerationRequest.Limits(OptionalInt.empty(), List.of("x")));
    Generator strict =
        generator(false, timeouts(9_000, 9_000, 9_000), (r, sink, c) -> answer(sink));
    ApiException e = assertThrows(ApiException.class, () -> generate(strict, stop));
    assertEquals(Optional.of("stop"), e.param());
    assertTrue(ledger.admissions().isEmpty());
    Generator lenient =
        generator(true, timeouts(9_000, 9_000, 9_000), (r, sink, c) -> answer(sink));
    generate(lenient, stop);
    GenerationEvent.Accepted accepted = (GenerationEvent.Accepted) events.getFirst();
    assertEquals(List.of("stop"), accepted.resolution().dropped());
    assertTrue(received.getFirst().limits().stop().isEmpty());
  }

  @Test
  void anAliasIsAnsweredUnderItsCatalogueNameAndTheLedgerKeepsBoth() {
    generate(
        new GenerationRequest(
            "chat",
            "grok-x-latest",
            request().prompt(),
            SamplingOptions.UNSAID,
            request().limits(),
            request().options(),
            false),
        (r, sink, c) -> answer(sink));
    var admission = ledger.admissions().values().iterator().next();
    assertEquals("grok-x-latest", admission.modelAsked());
    assertEquals("grok-x", admission.modelResolved());
    assertEquals("test/weights", admission.backend());
  }

  @Test
  void anUnknownModelIsA404WithTheNearestNames() {
    GenerationRequest unknown =
        new GenerationRequest(
            "chat",
            "grok-y",
            request().prompt(),
            SamplingOptions.UNSAID,
            request().limits(),
            request().options(),
            false);
    ApiException e =
        assertThrows(ApiException.class, () -> generate(unknown, (r, s, c) -> answer(s)));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, e.code());
    assertTrue(e.text().contains("grok-x"), e.text());
  }

  @Test
  void theLongRateHoldsForTheWholeRequest() {
    assertEquals(100 * 20 + 200, MODEL.prices().getFirst().cost(Usage.of(100, 0, 1)));
  }

  private ApiException stalled(boolean text, long first, long idle, long total) {
    Cancellation own = new Cancellation();
    Generator g =
        generator(
            false,
            timeouts(first, idle, total),
            (r, sink, c) -> {
              sink.accept(new GenerationEvent.Started(1, 0));
              if (text) {
                sink.accept(new GenerationEvent.TextDelta(0, "a", 1, List.of()));
              }
              CountDownLatch stopped = new CountDownLatch(1);
              c.onCancel(stopped::countDown);
              stopped.await();
              sink.accept(new GenerationEvent.Finished(Usage.of(1, 0, 1), 0));
            });
    String id = "r" + ledger.admissions().size();
    return assertThrows(
        ApiException.class,
        () ->
            g.generate(
                request(), new Generator.Caller(ANYBODY, id, Optional.empty(), own), e -> {}));
  }

  private static void answer(EventSink sink) {
    sink.accept(new GenerationEvent.Started(10, 2));
    sink.accept(new GenerationEvent.TextDelta(0, "hello", 3, List.of()));
    sink.accept(
        new GenerationEvent.ChoiceFinished(0, GenerationEvent.FinishReason.STOP, Optional.empty()));
    sink.accept(new GenerationEvent.Finished(Usage.of(10, 2, 3), 0));
  }

  private ApiException refused(Play play) {
    return assertThrows(ApiException.class, () -> generate(request(), play));
  }

  private void generate(GenerationRequest request, Play play) {
    generate(generator(false, timeouts(9_000, 9_000, 9_000), play), request);
  }

  private void generate(Generator generator, GenerationRequest request) {
    generator.generate(
        request, new Generator.Caller(ANYBODY, "r", Optional.empty(), cancel), events::add);
  }

  private Settlement settlement() {
    return ledger.settlements().values().iterator().next();
  }

  private static GenerationRequest request() {
    return new GenerationRequest(
        "chat",
        "grok-x",
        new Prompt.Conversation(List.of(Item.Message.text(Role.USER, "hi"))),
        SamplingOptions.UNSAID,
        new GenerationRequest.Limits(OptionalInt.empty(), List.of()),
        new GenerationRequest.Options(
            1,
            OptionalInt.empty(),
            GenerationRequest.Thought.UNSAID,
            Optional.empty(),
            new AnswerFormat.Text(),
            Tools.NONE),
        false);
  }

  private static TimeoutConfig timeouts(long first, long idle, long total) {
    return new TimeoutConfig(
        Duration.ofMillis(first), Duration.ofMillis(idle), Duration.ofMillis(total));
  }

  private Generator generator(boolean lenient, TimeoutConfig timeouts, Play play) {
    return new Generator(
        new Catalogue(List.of(MODEL)),
        new Router(Map.of("test", new PlayedBackend(play))),
        ledger,
        new Generator.GenerationConfig(lenient, timeouts, Blind.sight()),
        clock,
        InstantSource.system(),
        cause -> {});
  }

  private final class PlayedBackend implements Backend {
    private final Play play;

    PlayedBackend(Play play) {
      this.play = play;
    }

    @Override
    public void generate(
        GenerationRequest request,
        Model model,
        Requester requester,
        EventSink sink,
        Cancellation cancel) {
      received.add(request);
      try {
        play.run(request, sink, cancel);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void check(GenerationRequest request, Model model) {}

    @Override
    public long promptTokens(GenerationRequest request, Model model) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Token> tokenize(String text, Model model) {
      return List.of();
    }

    @Override
    public Weights weights(Model model) {
      return new Weights(
          "test/weights", 100, "Apache-2.0", true, true, false, Weights.Thinking.ITSELF);
    }

    @Override
    public void close() {}
  }
}
