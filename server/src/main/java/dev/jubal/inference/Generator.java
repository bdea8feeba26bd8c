package dev.jubal.inference;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Admittance;
import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.price.Tariff;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.sight.Looked;
import dev.jubal.inference.sight.Sight;
import dev.jubal.inference.telemetry.GenAi;
import dev.jubal.inference.validation.SchemaValidator;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Rates;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.platform.trace.Trace;
import dev.jubal.platform.trace.Traces;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
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
  private final Sight sight;
  private final Admittance admittance;
  private final Tariff tariff;
  private final Traces traces;
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
    this.sight = config.sight();
    this.admittance = config.admittance();
    this.tariff = config.tariff();
    this.traces = config.traces();
  }

  /**
   * What the generator is configured with.
   *
   * @param sight looks at pictures
   * @param admittance what may stand against a request
   * @param tariff what it costs
   * @param traces begins what is told of requests that no client waits for
   */
  public record GenerationConfig(
      boolean lenient,
      TimeoutConfig timeouts,
      Sight sight,
      Admittance admittance,
      Tariff tariff,
      Traces traces) {
    /** One that tells of no such request. */
    public GenerationConfig(
        boolean lenient,
        TimeoutConfig timeouts,
        Sight sight,
        Admittance admittance,
        Tariff tariff) {
      this(lenient, timeouts, sight, admittance, tariff, Traces.NONE);
    }

    /** One in which nothing stands against a request. */
    public GenerationConfig(boolean lenient, TimeoutConfig timeouts, Sight sight) {
      this(lenient, timeouts, sight, Admittance.OPEN, Tariff.PUBLISHED);
    }
  }

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
    answer(admit(request, caller, looked -> Companion.NONE), sink);
  }

  /**
   * A request that may be answered: once, by {@link #answer}.
   *
   * @param request with every default filled in
   * @param dropped fields a lenient model rule dropped
   * @param looked what its pictures came to
   * @param open what is to be settled
   * @param earlier what earlier attempts came to
   * @param trace of the request that it came with
   */
  private record Ready(
      GenerationRequest request,
      Model model,
      List<String> dropped,
      Looked looked,
      SettlingSink.Open open,
      Caller caller,
      AnswerCheck check,
      SettlingSink.Earlier earlier,
      Trace trace) {
    Admission admission() {
      return open.admission();
    }
  }

  /** An admitted request that is to be answered, once. */
  public static final class Admitted {
    private final Ready ready;

    private Admitted(Ready ready) {
      this.ready = ready;
    }

    /** As it stands in the ledger. */
    public Admission admission() {
      return ready.admission();
    }

    /** How the caller stood against its limits then. */
    public Optional<Rates> rates() {
      return ready.open().reservation().standing().map(s -> s.at(ready.admission().admitted()));
    }
  }

  /**
   * Looks at a request and commits its admission, together with what makes it durable.
   *
   * @param companion is told what its pictures came to
   * @throws ApiException when it is refused
   */
  public Admitted admit(
      GenerationRequest request, Caller caller, Function<Looked, Companion> companion) {
    Ready ready = ready(request, caller, Optional.empty(), Known.NOTHING);
    try {
      ledger.admit(ready.admission(), companion.apply(ready.looked()));
    } catch (RuntimeException | Error e) {
      ready.open().reservation().release();
      throw e;
    }
    return new Admitted(ready);
  }

  /**
   * What is known of a request from an earlier attempt.
   *
   * @param begun what was used for what the request goes on after, if it does
   * @param looked what its pictures came to; empty looks at them
   */
  public record Known(Optional<Usage> begun, Optional<Looked> looked) {
    static final Known NOTHING = new Known(Optional.empty(), Optional.empty());
  }

  /**
   * Another attempt at a request whose admission stands, by the prices of then.
   *
   * @throws ApiException when it is refused by now; nothing is settled then
   */
  public Admitted again(
      GenerationRequest request, Caller caller, Admission admission, Known known) {
    return new Admitted(ready(request, caller, Optional.of(admission), known));
  }

  /** Settles an admitted request whose answer was whole before, and lacked nothing but that. */
  public void finish(Admission admission, Caller caller, Usage used, EventSink sink) {
    SettlingSink.Earlier earlier = new SettlingSink.Earlier(Optional.of(used), since(admission));
    new SettlingSink(ledger, open(admission), sink, caller, earlier, Trace.NONE)
        .accept(new GenerationEvent.Finished(Usage.NONE, 0));
  }

  /** Settles an admitted request that no attempt will be made at any more. */
  public void close(Admission admission, Caller caller, Usage used, ApiException error) {
    SettlingSink.Earlier earlier = new SettlingSink.Earlier(Optional.of(used), since(admission));
    new SettlingSink(ledger, open(admission), event -> {}, caller, earlier, Trace.NONE)
        .settleFailed(error);
  }

  /** An admission that no attempt is made at, with what is held for it, if anything is. */
  private SettlingSink.Open open(Admission admission) {
    // what another process held for it is given back with this
    Reservation held = admittance.again(Demand.of(admission, Demand.Tokens.NONE, true));
    return new SettlingSink.Open(admission, held, true);
  }

  /** Whether an answer of this name goes on after what is written already. */
  public boolean goesOn(GenerationRequest request, Principal caller) {
    Model model = catalogue.resolve(request.model(), Model.Kind.LANGUAGE, caller);
    Backend.Weights weights = router.backend(model).weights(model);
    return weights.local() && (weights.constrains() || !AnswerCheck.asked(request));
  }

  private Duration since(Admission admission) {
    Duration since = Duration.between(admission.admitted(), now.instant());
    return since.isNegative() ? Duration.ZERO : since; // the clock was set back
  }

  private Ready ready(
      GenerationRequest request, Caller caller, Optional<Admission> standing, Known known) {
    Trace trace = Trace.current();
    trace.enter("admit");
    Model model = catalogue.resolve(request.model(), Model.Kind.LANGUAGE, caller.principal());
    request.options().tools().check(caller.principal());
    ParameterRules.Checked checked = rules.check(request, model);
    GenerationRequest filled = ParameterRules.withDefaults(checked.request(), model);
    Backend.Weights weights = router.backend(model).weights(model);
    Instant admitted = now.instant();
    AnswerCheck check = new AnswerCheck(filled, validator);
    if (!weights.constrains()) {
      refuseBadSchemas(check);
    }
    router.check(filled, model);
    Looked looked =
        known
            .looked()
            .filter(l -> l.eyes() == weights.sees())
            .orElseGet(
                () ->
                    sight.look(
                        caller.principal().teamId(),
                        pictures(filled.prompt()),
                        weights.sees(),
                        caller.cancel()));
    Target target = new Target(model, weights, admitted);
    Admission asked = standing.orElseGet(() -> admission(request, caller, target));
    Optional<Usage> begun = standing.map(_ -> known.begun().orElse(Usage.NONE));
    Reservation reservation = reserve(asked, filled, target, looked, begun);
    SettlingSink.Earlier earlier =
        new SettlingSink.Earlier(known.begun(), standing.map(this::since).orElse(Duration.ZERO));
    return new Ready(
        reservation.narrowed() ? filled.atMost(reservation.granted().output()) : filled,
        model,
        checked.dropped(asked.price().service()),
        looked,
        new SettlingSink.Open(
            standing.orElseGet(() -> holding(asked, reservation)), reservation, weights.local()),
        caller,
        check,
        earlier,
        trace);
  }

  private static Admission holding(Admission asked, Reservation reservation) {
    try {
      return asked.holding(reservation.granted().total(), reservation.ticks());
    } catch (ArithmeticException e) {
      reservation.release();
      throw e;
    }
  }

  /** What a request is answered by, and when it was accepted. */
  private record Target(Model model, Backend.Weights weights, Instant at) {}

  /** A model of this machine calls no tools of the server. */
  private Price price(GenerationRequest request, Principal who, Target target) {
    Model model = target.model();
    Price list = tariff.price(who, model.id(), model.prices(), target.at());
    Price all =
        target.weights().local() ? list.ofTokens() : tariff.withTools(list, who, target.at());
    return all.as(request.options().service());
  }

  private Admission admission(GenerationRequest request, Caller caller, Target target) {
    return new Admission(
        caller.requestId(),
        caller.clientRequestId(),
        caller.principal(),
        request.endpoint(),
        request.model(),
        target.model().id(),
        target.weights().name(),
        price(request, caller.principal(), target),
        request.stream(),
        target.at(),
        new Admission.Reserved(caller.principal().endUser(request.options().user()), 0, 0));
  }

  /**
   * Holds what the request may use: the prompt, and the first step of the answer where more can be
   * held while it is written; else all that it could become.
   *
   * @param begun what was written before, of a request that was admitted before
   */
  private Reservation reserve(
      Admission asked,
      GenerationRequest request,
      Target target,
      Looked looked,
      Optional<Usage> begun) {
    if (admittance.open()) {
      return Reservation.unlimited(Demand.of(asked, Demand.Tokens.NONE, false));
    }
    Room room = room(request, target, looked.tokens());
    if (begun.isPresent()) {
      long before = begun.get().completion() + begun.get().reasoning();
      Demand.Tokens tokens = new Demand.Tokens(room.prompt(), before + room.first());
      return admittance.again(Demand.of(asked, tokens, room.exact()));
    }
    return admittance.reserve(demand(asked, request, target, room));
  }

  /** What is asked for; of an answer whose every token is paid, less where a budget ends. */
  private Demand demand(Admission asked, GenerationRequest request, Target target, Room room) {
    Demand all = Demand.of(asked, new Demand.Tokens(room.prompt(), room.first()), room.exact());
    return target.weights().local() ? all : admittance.affordable(all, request.options().choices());
  }

  /**
   * Tokens that a request may take.
   *
   * @param first of its output, held at first
   * @param most of its output, in the end
   * @param exact whether the prompt was counted by the tokenizer that will read it
   */
  private record Room(long prompt, long first, long most, boolean exact) {}

  private Room room(GenerationRequest request, Target target, long pictures) {
    Backend.Weights weights = target.weights();
    OptionalLong counted = router.counted(request, target.model());
    long prompt = counted.orElseGet(request::mostPromptTokens) + pictures;
    long room = Math.max(1, weights.contextTokens() - (counted.isPresent() ? prompt : 0));
    long cap = Math.min(request.limits().maxTokens().orElse(Integer.MAX_VALUE), room);
    int choices = request.options().choices();
    long first = weights.local() ? AllowanceSink.first(choices, cap) : cap * choices;
    return new Room(prompt, first, cap * choices, counted.isPresent());
  }

  /**
   * Answers an admitted request, as {@link #generate} does.
   *
   * @throws ApiException when it fails or is cancelled; it is settled, unless its {@link Keeping}
   *     says that it stays open
   */
  public void answer(Admitted admitted, EventSink sink) {
    Ready ready = admitted.ready;
    GenAi.answer(ready.trace(), traces, ready.admission(), trace -> answer(ready, trace, sink));
  }

  private void answer(Ready ready, Trace trace, EventSink sink) {
    Admission admission = ready.admission();
    Model model = ready.model();
    Caller caller = ready.caller();
    SettlingSink settling =
        new SettlingSink(ledger, ready.open(), sink, caller, ready.earlier(), trace);
    GenAi.options(
        trace,
        ready.request().options().choices(),
        ready.request().limits().maxTokens().orElse(-1));
    try {
      settling.accept(
          new GenerationEvent.Accepted(
              new Resolution(
                  caller.requestId(),
                  model.id(),
                  admission.backend(),
                  admission.admitted(),
                  ready.dropped(),
                  ready.open().reservation().standing(),
                  ready.open().reservation().warning(),
                  admission.price().service())));
      count(ready, settling);
      run(ready.request().shown(ready.looked()), ready, settling);
    } catch (ApiException e) {
      throw failed(settling, ready, caller.cancel().reason().orElse(e));
    } catch (RuntimeException e) {
      log.error("request {} failed by a defect", caller.requestId(), e);
      throw failed(settling, ready, defect(caller, e));
    } catch (Error e) {
      // such as no memory left: what is held for it must be free again all the same
      var _ = failed(settling, ready, defect(caller, e));
      throw e;
    }
  }

  private static ApiException defect(Caller caller, Throwable cause) {
    return new ApiException(
        ErrorCode.INTERNAL_ERROR,
        "Internal error; the log names it under request id " + caller.requestId() + ".",
        null,
        null,
        cause);
  }

  /**
   * How many tokens the prompt of a request has: what {@code Started} would tell. Nothing is
   * admitted, as nothing is answered.
   *
   * @throws ApiException when the request would be refused
   */
  public long promptTokens(GenerationRequest request, Principal principal, Cancellation cancel) {
    Model model = catalogue.resolve(request.model(), Model.Kind.LANGUAGE, principal);
    GenerationRequest filled =
        ParameterRules.withDefaults(rules.check(request, model).request(), model);
    router.check(filled, model);
    long pictures = sight.count(principal.teamId(), pictures(filled.prompt()), cancel);
    return router.promptTokens(filled, model) + pictures;
  }

  /**
   * What would become of a request.
   *
   * @param model the catalogue name
   * @param demand what it would ask for at first
   * @param most all that it could use
   * @param refusal what stands against it; empty when it would pass now
   * @param bounds how it stands against each limit and budget
   */
  public record Explained(
      String model,
      Demand demand,
      Demand.Tokens most,
      Optional<ApiException> refusal,
      List<Bound> bounds) {}

  /**
   * Says whether a request would pass now, and what it could cost at most. Nothing is answered,
   * admitted or held.
   *
   * @throws ApiException when the request is wrong in itself
   */
  public Explained explain(GenerationRequest request, Caller caller) {
    Principal who = caller.principal();
    Model model = catalogue.resolve(request.model(), Model.Kind.LANGUAGE, who);
    GenerationRequest filled =
        ParameterRules.withDefaults(rules.check(request, model).request(), model);
    router.check(filled, model);
    long pictures = sight.count(who.teamId(), pictures(filled.prompt()), caller.cancel());
    Backend.Weights weights = router.backend(model).weights(model);
    Target target = new Target(model, weights, now.instant());
    Admission asked = admission(request, caller, target);
    Room room = room(filled, target, pictures);
    Demand demand = demand(asked, filled, target, room);
    return new Explained(
        model.id(),
        demand,
        new Demand.Tokens(room.prompt(), room.most()),
        admittance.refusal(demand),
        admittance.bounds(demand));
  }

  private static List<Sight.Asked> pictures(Prompt prompt) {
    return prompt.pictures().stream().map(p -> new Sight.Asked(p.url(), p.detail())).toList();
  }

  /** Pictures count for what they count for, not for the words that stand for them. */
  private void count(Ready ready, SettlingSink settling) {
    Looked looked = ready.looked();
    if (looked.tokens() == 0) {
      return;
    }
    long words = looked.eyes() ? 0 : router.count(looked.parts(), ready.model());
    settling.count(new SettlingSink.Pictures(looked.tokens(), words));
  }

  private static void refuseBadSchemas(AnswerCheck check) {
    try {
      check.refuseBadSchemas();
    } catch (BackendFailure.RejectedForm e) {
      throw Router.error(e);
    }
  }

  private void run(GenerationRequest request, Ready ready, SettlingSink settling) {
    Model model = ready.model();
    Caller caller = ready.caller();
    AnswerCheck check = ready.check();
    Cancellation cancel = caller.cancel();
    Requester requester =
        Requester.of(
            caller.principal(),
            ready.admission().reserved().endUser().orElse(""),
            caller.background(),
            ready.admission().price().service());
    boolean constrains = router.backend(model).weights(model).constrains();
    CheckedAttempts attempts = new CheckedAttempts(check, settling, cancel);
    AnswerRecorder answer = AnswerRecorder.of(request.options());
    boolean asked = AnswerCheck.asked(request);
    EventSink sink = asked ? constrains ? answer.before(settling) : attempts : settling;
    try (TimeLimits limits = new TimeLimits(timeouts, sink, cancel, clock)) {
      AllowanceSink allowance = allowance(ready, limits);
      CheckedAttempts.Attempt attempt =
          next -> router.generate(next, model, requester, allowance, allowance.run());
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

  private static AllowanceSink allowance(Ready ready, EventSink next) {
    int choices = ready.request().options().choices();
    long each = ready.request().limits().maxTokens().orElse(Integer.MAX_VALUE);
    return new AllowanceSink(
        ready.open().reservation(),
        new AllowanceSink.Room(choices, each),
        ready.earlier().usage().orElse(Usage.NONE),
        next,
        ready.caller().cancel());
  }

  /** Settles a request that did not end well; when even that fails, recovery will. */
  private static ApiException failed(SettlingSink sink, Ready ready, ApiException error) {
    if (ready.caller().keeping().staysOpen(error)) {
      return error; // and so does what is held for it
    }
    try {
      sink.settleFailed(error);
    } catch (ApiException ledgerError) {
      error.addSuppressed(ledgerError);
    } finally {
      ready.open().reservation().release(); // whatever kept the settlement from it
    }
    return error;
  }
}
