package dev.jubal.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Admittance;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.limits.Limits;
import dev.jubal.account.limits.LimitsGuard;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Scope;
import dev.jubal.account.price.Tariff;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.testing.Blind;
import dev.jubal.testing.Counter;
import dev.jubal.testing.MemoryLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever ends a request, nothing of it stays taken. */
class HeldTest {
  private static final Principal ANYBODY =
      new Principal("k", "name", "xai-...abcd", "u", "t", List.of("api-key:model:*"));
  private static final Model MODEL =
      new Model(
          "grok-x",
          List.of(),
          Model.Kind.LANGUAGE,
          new Model.Published(
              1000, Optional.empty(), List.of("text"), List.of("text"), "xai", Instant.EPOCH),
          Model.Rules.FREE,
          List.of(Price.FREE),
          "test",
          "weights",
          Model.Defaults.NONE);

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final LimitsGuard guard =
      new LimitsGuard(
          demand ->
              new Limits(
                  Map.of(
                      Scope.TEAM,
                      Map.of(Quota.CONCURRENT_REQUESTS, 1L, Quota.TOKENS_PER_MINUTE, 1_000_000L)),
                  Optional.empty()),
          System::nanoTime,
          (scope, quota) -> {});
  private final Cancellation cancel = new Cancellation();
  private MemoryLedger ledger = new MemoryLedger();

  /** What the backend of a test does. */
  private interface Play {
    void run(EventSink sink);
  }

  @AfterEach
  void stop() {
    clock.shutdownNow();
  }

  private void free() {
    assertEquals(0, guard.open(Scope.TEAM));
    assertEquals(0, guard.held(Scope.TEAM));
  }

  private <T extends Throwable> void fails(Class<T> type, Play play) {
    assertThrows(type, () -> generate(new Admittance(List.of(guard)), play));
    free();
  }

  private void generate(Admittance admittance, Play play) {
    new Generator(
            new Catalogue(List.of(MODEL)),
            new Router(Map.of("test", new Played(play))),
            ledger,
            new Generator.GenerationConfig(
                false,
                new TimeoutConfig(
                    Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofSeconds(9)),
                Blind.sight(),
                admittance,
                Tariff.PUBLISHED),
            clock,
            InstantSource.system(),
            cause -> {})
        .generate(
            request(), new Generator.Caller(ANYBODY, "r", Optional.empty(), cancel), event -> {});
  }

  private static void answer(EventSink sink) {
    sink.accept(new GenerationEvent.Started(10, 0));
    sink.accept(new GenerationEvent.TextDelta(0, "a", 1, List.of()));
    sink.accept(new GenerationEvent.Finished(Usage.of(10, 0, 1), 0));
  }

  @Test
  void whenItGoesWell() {
    generate(new Admittance(List.of(guard)), HeldTest::answer);
    free();
    assertEquals(11 / 1e6, guard.use(Scope.TEAM, Quota.TOKENS_PER_MINUTE), 1e-9);
  }

  @Test
  void whenABackendBreaks() {
    fails(
        ApiException.class,
        sink -> {
          sink.accept(new GenerationEvent.Started(10, 0));
          throw new BackendFailure.Broken("crashed");
        });
  }

  @Test
  void whenTheServerHasADefect() {
    fails(
        ApiException.class,
        sink -> {
          throw new IllegalStateException("defect");
        });
    ledger = new MemoryLedger();
    fails(
        OutOfMemoryError.class,
        sink -> {
          throw new OutOfMemoryError("none left");
        });
  }

  @Test
  void whenTheLedgerCannotBeWritten() {
    fails(
        ApiException.class,
        sink -> {
          ledger.fail();
          answer(sink);
        });
    fails(
        ApiException.class,
        sink -> {
          throw new AssertionError("without an admission");
        });
  }

  @Test
  void whenTheClientLeaves() {
    fails(
        ApiException.class,
        sink -> {
          sink.accept(new GenerationEvent.Started(10, 0));
          cancel.cancel(new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "gone"));
          sink.accept(new GenerationEvent.Finished(Usage.of(10, 0, 0), 0));
        });
  }

  @Test
  void whenALaterGuardRefuses() {
    assertThrows(
        ApiException.class,
        () -> generate(new Admittance(List.of(guard, new Counter(5))), HeldTest::answer));
    free();
    assertEquals(0, guard.use(Scope.TEAM, Quota.TOKENS_PER_MINUTE));
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

  /** A backend that does as it is told. */
  private record Played(Play play) implements Backend {
    @Override
    public void generate(
        GenerationRequest request,
        Model model,
        Requester requester,
        EventSink sink,
        Cancellation cancel) {
      play.run(sink);
    }

    @Override
    public void check(GenerationRequest request, Model model) {}

    @Override
    public long promptTokens(GenerationRequest request, Model model) {
      return 10;
    }

    @Override
    public List<Token> tokenize(String text, Model model) {
      return List.of();
    }

    @Override
    public Weights weights(Model model) {
      return new Weights(
          "test/weights", 1000, "Apache-2.0", true, true, false, Weights.Thinking.ITSELF);
    }

    @Override
    public void close() {}
  }
}
