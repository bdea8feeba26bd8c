package dev.jubal.inference;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.validation.SchemaValidator;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Station 4: name to model, parameter rules, defaults, admission; then the router; then settlement.
 * One call makes one answer, and exactly one settled row. Thread-safe.
 */
public final class Generator {
  private static final Logger log = LoggerFactory.getLogger(Generator.class);

  private final Catalogue catalogue;
  private final Router router;
  private final Ledger ledger;
  private final ParameterRules rules;
  private final TimeoutConfig timeouts;
  private final ScheduledExecutorService clock;
  private final InstantSource now;
  private final SecondReading second;
  private final SchemaValidator validator = new SchemaValidator();

  /**
   * A generator.
   *
   * @param disagreements is told why an answer of a backend that constrains does not satisfy its
   *     schema, in one of few words
   */
  public Generator(
      Catalogue catalogue,
      Router router,
      Ledger ledger,
      GenerationConfig config,
      ScheduledExecutorService clock,
      InstantSource now,
      Consumer<String> disagreements) {
    this.catalogue = catalogue;
    this.router = router;
    this.ledger = ledger;
    this.rules = new ParameterRules(config.lenient());
    this.timeouts = config.timeouts();
    this.clock = clock;
    this.now = now;
    this.second = new SecondReading(disagreements);
  }

  /** What the generator is configured with. */
  public record GenerationConfig(boolean lenient, TimeoutConfig timeouts) {}

  /**
   * Who asks, under which ids.
   *
   * @param cancel fires when the client leaves
   * @param background whether it gives way to every request that is not
   * @param keeping what is kept of the answer
   */
  public record Caller(
      Principal principal,
      String requestId,
      Optional<String> clientRequestId,
      Cancellation cancel,
      boolean background,
      Keeping keeping) {

    /** One who waits for the answer and keeps nothing. */
    public Caller(
        Principal principal,
        String requestId,
        Optional<String> clientRequestId,
        Cancellation cancel) {
      this(principal, requestId, clientRequestId, cancel, false, Keeping.NOTHING);
    }
  }

  /**
   * Answers a request into the sink and returns after {@code Finished} went through it.
   *
   * @throws ApiException when it is refused, fails or is cancelled; whatever was used is settled
   */
  public void generate(GenerationRequest request, Caller caller, EventSink sink) {
    Model model = catalogue.resolve(request.model(), Model.Kind.LANGUAGE, caller.principal());
    ParameterRules.Checked checked = rules.check(request, model);
    GenerationRequest filled = ParameterRules.withDefaults(checked.request(), model);
    Backend.Weights weights = router.backend(model).weights(model);
    Instant admitted = now.instant();
    AnswerCheck check = new AnswerCheck(filled, validator);
    if (!weights.constrains()) {
      refuseBadSchemas(check);
    }
    router.check(filled, model);
    Admission admission =
        new Admission(
            caller.requestId(),
            caller.clientRequestId(),
            caller.principal(),
            request.endpoint(),
            request.model(),
            model.id(),
            weights.name(),
            model.price(admitted),
            request.stream(),
            admitted);
    ledger.admit(admission);
    SettlingSink settling = new SettlingSink(ledger, admission, weights.local(), sink, caller);
    try {
      settling.accept(
          new GenerationEvent.Accepted(
              new Resolution(
                  caller.requestId(), model.id(), weights.name(), admitted, checked.dropped())));
      run(filled, model, caller, settling, check);
    } catch (ApiException e) {
      throw failed(settling, caller.cancel().reason().orElse(e));
    } catch (RuntimeException e) {
      log.error("request {} failed by a defect", caller.requestId(), e);
      throw failed(
          settling,
          new ApiException(
              ErrorCode.INTERNAL_ERROR,
              "Internal error; the log names it under request id " + caller.requestId() + ".",
              null,
              null,
              e));
    }
  }

  private static void refuseBadSchemas(AnswerCheck check) {
    try {
      check.refuseBadSchemas();
    } catch (BackendFailure.RejectedForm e) {
      throw Router.error(e);
    }
  }

  private void run(
      GenerationRequest request,
      Model model,
      Caller caller,
      SettlingSink settling,
      AnswerCheck check) {
    Cancellation cancel = caller.cancel();
    Requester requester =
        new Requester(
            caller.principal().teamId(),
            caller.principal().keyId(),
            request.options().user().orElse(""),
            caller.principal().weight(),
            caller.background());
    boolean constrains = router.backend(model).weights(model).constrains();
    CheckedAttempts attempts = new CheckedAttempts(check, settling, cancel);
    AnswerRecorder answer = new AnswerRecorder(request.options().choices());
    boolean asked = AnswerCheck.asked(request);
    EventSink sink = asked ? constrains ? answer.before(settling) : attempts : settling;
    try (TimeLimits limits = new TimeLimits(timeouts, sink, cancel, clock)) {
      CheckedAttempts.Attempt attempt =
          next -> router.generate(next, model, requester, limits, cancel);
      if (asked && !constrains) {
        attempts.run(request, attempt);
      } else {
        attempt.run(request);
      }
    }
    Optional<ApiException> reason = cancel.reason();
    if (reason.isPresent()) {
      throw reason.get();
    }
    if (asked && constrains) {
      second.read(caller.requestId(), model, check, answer);
    }
  }

  /** Settles a request that did not end well; when even that fails, recovery will. */
  private ApiException failed(SettlingSink sink, ApiException error) {
    try {
      sink.settleFailed(error);
    } catch (ApiException ledgerError) {
      error.addSuppressed(ledgerError);
    }
    return error;
  }
}
