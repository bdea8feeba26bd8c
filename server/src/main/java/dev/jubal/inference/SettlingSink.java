package dev.jubal.inference;

import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.telemetry.GenAi;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.platform.trace.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Station 8: counts what goes by, and commits the settlement before the terminal event goes on.
 * Used once, from the request's thread.
 *
 * <p>When the request ends in another way, {@link #settleFailed} writes the row: exactly one of the
 * two happens.
 */
final class SettlingSink implements EventSink {
  private static final Logger log = LoggerFactory.getLogger(SettlingSink.class);

  private final Ledger ledger;
  private final Admission admission;
  private final Reservation reservation;
  private final EventSink next;
  private final Cancellation cancel;
  private final Keeping keeping;
  private final boolean local;
  private final long startNanos = System.nanoTime();
  private @Nullable Duration firstToken;
  private long lastNanos;
  private long prompt;
  private long cached;
  private long image;
  private long completion;
  private long reasoning;
  private boolean settled;
  private @Nullable Usage reported;
  private long backendCost;
  private Usage spent = Usage.NONE;
  private long spentCost;
  private final Earlier earlier;
  private Pictures pictures = new Pictures(0, 0);
  private final Trace trace;
  private final Map<Integer, String> reasons = new TreeMap<>();
  private boolean placed;
  private boolean writing;

  /**
   * What earlier attempts at the request came to.
   *
   * @param usage what they used of what is kept; present when this one goes on after their text
   * @param took from the admission to the begin of this attempt
   */
  record Earlier(Optional<Usage> usage, Duration took) {
    static final Earlier NONE = new Earlier(Optional.empty(), Duration.ZERO);
  }

  /**
   * What is to be settled.
   *
   * @param reservation what is held for it
   * @param local whether the backend is this machine
   */
  record Open(Admission admission, Reservation reservation, boolean local) {}

  /**
   * A sink.
   *
   * @param trace follows it through the stations
   */
  SettlingSink(
      Ledger ledger,
      Open open,
      EventSink next,
      Generator.Caller caller,
      Earlier earlier,
      Trace trace) {
    this.ledger = ledger;
    this.admission = open.admission();
    this.reservation = open.reservation();
    this.local = open.local();
    this.next = next;
    this.cancel = caller.cancel();
    this.keeping = caller.keeping();
    this.trace = trace;
    this.earlier = earlier;
    earlier
        .usage()
        .ifPresent(
            u -> {
              prompt = u.prompt();
              cached = u.cached();
              image = u.image();
              completion = u.completion();
              reasoning = u.reasoning();
            });
  }

  @Override
  public void accept(GenerationEvent event) {
    follow(event);
    switch (event) {
      case GenerationEvent.Started s -> {
        if (earlier.usage().isEmpty()) { // else it was started before, and the prompt is paid once
          Usage counted = counted(Usage.of(s.prompt(), s.cached(), 0), 1);
          prompt = counted.prompt();
          cached = counted.cached();
          image = counted.image();
          next.accept(new GenerationEvent.Started(prompt, cached));
        }
      }
      case GenerationEvent.ReasoningDelta d -> {
        reasoning += d.tokens();
        next.accept(event);
      }
      case GenerationEvent.TextDelta d -> made(d.tokens(), event);
      case GenerationEvent.CallArguments a -> made(a.tokens(), event);
      case GenerationEvent.Finished f -> finish(f);
      case GenerationEvent.Accepted _,
          GenerationEvent.Queued _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.CallStarted _,
          GenerationEvent.CallFinished _,
          GenerationEvent.ChoiceFinished _ ->
          next.accept(event);
    }
  }

  /** The stations of the trace follow what goes by. */
  private void follow(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted _ -> trace.enter("queue");
      case GenerationEvent.Queued q -> place(q.position());
      case GenerationEvent.Started s -> {
        trace.enter("prompt");
        trace.here("jubal.prompt.tokens", s.prompt());
        trace.here("jubal.prompt.cached_tokens", s.cached());
        writing = false; // a second attempt reads the prompt again
      }
      case GenerationEvent.ReasoningDelta _,
          GenerationEvent.TextDelta _,
          GenerationEvent.CallStarted _ -> {
        if (!writing) {
          writing = true;
          trace.enter("generate");
        }
      }
      case GenerationEvent.ChoiceFinished c ->
          reasons.put(c.choice(), c.reason().name().toLowerCase(Locale.ROOT));
      case GenerationEvent.ReasoningFinished _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _,
          GenerationEvent.Finished _ -> {
        // nothing new begins
      }
    }
  }

  private void place(int position) {
    if (!placed) {
      placed = true;
      trace.here("jubal.queue.position", position);
    } else {
      trace.event("moved up", "jubal.queue.position", position);
    }
  }

  /**
   * How the request's pictures count.
   *
   * @param tokens what they count for
   * @param words tokens of the prompt that stand for them instead, as the backend counts
   */
  record Pictures(long tokens, long words) {}

  /** From now on usage counts pictures for what they count for, not for what was said of them. */
  void count(Pictures other) {
    pictures = other;
  }

  /** Pictures count once, in however many prompts their words stood. */
  private Usage counted(Usage used, int prompts) {
    if (pictures.tokens == 0 || used.image() > 0 || used.prompt() == 0) {
      return used; // a backend that counts pictures itself is believed
    }
    long all = Math.max(0, used.prompt() - prompts * pictures.words) + pictures.tokens;
    long held = Math.min(used.cached(), all);
    // of several prompts the longest is the one that they count in
    long longest = Math.max(0, used.longest() - pictures.words) + pictures.tokens;
    return new Usage(
        all,
        held,
        pictures.tokens,
        used.completion(),
        used.reasoning(),
        used.units(),
        Math.min(longest, all));
  }

  private void made(int tokens, GenerationEvent event) {
    lastNanos = System.nanoTime();
    if (firstToken == null) {
      firstToken = took(lastNanos);
    }
    completion += tokens;
    next.accept(event);
  }

  private void finish(GenerationEvent.Finished finished) {
    Usage counted = counted(finished.usage(), finished.prompts().orElse(1));
    reported = earlier.usage().map(e -> goneOn(e, counted)).orElse(counted);
    backendCost = finished.costTicks();
    if (cancel.cancelled()) {
      return; // the end of a cancelled run: settled as such, and nobody waits for the event
    }
    long cost = settle(200, Optional.empty());
    reservation
        .bound()
        .ifPresent(
            b ->
                trace.run(
                    () ->
                        log.info(
                            "request {} ended by length: {}", admission.requestId(), b.text())));
    next.accept(
        new GenerationEvent.Finished(
            usage(), cost, OptionalInt.empty(), reservation.bound().map(Bound::label)));
  }

  private static Usage goneOn(Usage before, Usage now) {
    Map<String, Long> units = new TreeMap<>(now.units());
    units.remove(Usage.AUDIO); // of the prompt, which is paid once
    return before.plus(new Usage(0, 0, 0, now.completion(), now.reasoning(), units));
  }

  private Duration took(long nanos) {
    return earlier.took().plusNanos(nanos - startNanos);
  }

  /** Adds what an attempt used whose events did not go by. */
  void spend(Usage usage, long costTicks) {
    spent = spent.plus(counted(usage, 1));
    spentCost += costTicks;
  }

  /** Closes the admission of a request that did not end well; does nothing after a settlement. */
  void settleFailed(ApiException error) {
    if (!settled) {
      settle(error.code().status(), Optional.of(error));
    }
  }

  Optional<Duration> firstToken() {
    return Optional.ofNullable(firstToken);
  }

  Usage usage() {
    Usage known = reported;
    return spent.plus(
        known != null ? known : new Usage(prompt, cached, image, completion, reasoning));
  }

  private long settle(int status, Optional<ApiException> error) {
    Usage usage = usage();
    long cost = admission.price().cost(usage);
    Settlement settlement =
        new Settlement(
            usage,
            cost,
            spentCost + backendCost,
            local,
            took(System.nanoTime()),
            firstToken(),
            firstToken().map(first -> took(lastNanos)),
            status,
            error.map(e -> e.code().code()),
            reservation.bound().map(Bound::label));
    Companion kept = Companion.both(kept(settlement, error), reservation.settling(usage, cost));
    settled = true; // also when the commit fails: then recovery settles it, never a second attempt
    trace.enter("settle");
    try {
      ledger.settle(admission, settlement, kept);
    } finally {
      reservation.settle(usage, cost);
      trace.leave();
      GenAi.settled(trace, settlement, List.copyOf(reasons.values()));
    }
    return cost;
  }

  /** When it fails, the request fails, and is settled as failed without what cannot be kept. */
  private Companion kept(Settlement settlement, Optional<ApiException> error) {
    if (error.isEmpty()) {
      return keeping.keep(settlement);
    }
    try {
      return keeping.keepFailed(settlement, error.get());
    } catch (RuntimeException e) {
      error.get().addSuppressed(e);
      return Companion.NONE;
    }
  }
}
