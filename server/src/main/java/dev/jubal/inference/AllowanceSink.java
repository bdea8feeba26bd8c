package dev.jubal.inference;

import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.util.BitSet;
import java.util.Optional;

/**
 * Keeps an answer within what is reserved for it: takes more before the backend can have produced
 * it, and where that is refused ends every open choice by length at the last token that is paid
 * for. The request itself goes well then. Used once, from the request's thread.
 *
 * <p>A backend is at most its buffer of events ahead of this sink, which is less than {@link
 * #AHEAD} tokens a choice.
 */
final class AllowanceSink implements EventSink {
  /** How many tokens of each choice are reserved at a time. */
  static final int STEP = 1024;

  private static final int AHEAD = 64;

  private final Reservation reservation;
  private final int choices;
  private final long most;
  private final EventSink next;
  private final Cancellation run = new Cancellation();
  private final BitSet ended = new BitSet();
  private long prompt;
  private long begun;
  private long completion;
  private long reasoning;
  private boolean cut;

  /**
   * A sink.
   *
   * @param room how many tokens the answer can have
   * @param used what earlier attempts wrote of the answer
   * @param cancel of the request; the backend is to be given {@link #run} instead
   */
  AllowanceSink(
      Reservation reservation, Room room, Usage used, EventSink next, Cancellation cancel) {
    this.reservation = reservation;
    this.choices = room.choices;
    this.most = Math.multiplyExact(room.each, (long) room.choices);
    this.completion = used.completion();
    this.reasoning = used.reasoning();
    this.next = next;
    cancel.onCancel(() -> run.cancel(cancel.reason().orElseThrow()));
  }

  /**
   * How far an answer can grow: nothing is taken ahead of its end, which would stand against others
   * for nothing.
   *
   * @param each the most tokens of each choice; where a backend writes more all the same, it is
   *     taken as it comes
   */
  record Room(int choices, long each) {}

  /** The first reservation for the output of a request. */
  static long first(int choices, long cap) {
    return Math.min(Math.multiplyExact(cap, (long) choices), (long) STEP * choices);
  }

  /** Fires with the request's, and when nothing more may be written. */
  Cancellation run() {
    return run;
  }

  @Override
  public void accept(GenerationEvent event) {
    if (cut) {
      if (event instanceof GenerationEvent.Finished f) {
        finish(f);
      }
      return;
    }
    switch (event) {
      case GenerationEvent.Started s -> {
        prompt -= begun; // it was begun before, and broke before it said anything
        begun = 0;
        if (covers(s.prompt(), 0)) {
          prompt += s.prompt();
          begun = s.prompt();
          next.accept(event);
        }
      }
      case GenerationEvent.ReasoningDelta d -> {
        if (covers(0, d.tokens())) {
          begun = 0;
          reasoning += d.tokens();
          next.accept(event);
        }
      }
      case GenerationEvent.TextDelta d -> made(d.tokens(), event);
      case GenerationEvent.CallArguments a -> made(a.tokens(), event);
      case GenerationEvent.ChoiceFinished c -> {
        ended.set(c.choice());
        if (c.reason() == FinishReason.LENGTH && reservation.narrowed()) {
          reservation.cut();
        }
        next.accept(event);
      }
      case GenerationEvent.Accepted _,
          GenerationEvent.Queued _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.CallStarted _,
          GenerationEvent.CallFinished _,
          GenerationEvent.Finished _ ->
          next.accept(event);
    }
  }

  private void made(int tokens, GenerationEvent event) {
    if (covers(0, tokens)) {
      begun = 0;
      completion += tokens;
      next.accept(event);
    }
  }

  /** Whether these tokens are reserved, with what may follow them before the next look. */
  private boolean covers(long read, long written) {
    long promptLeft = reservation.granted().prompt() - prompt - read;
    long made = completion + reasoning + written;
    long outputLeft = reservation.granted().output() - made;
    long more = more(outputLeft, most - made);
    if (promptLeft >= 0 && more == 0) {
      return true;
    }
    if (reservation.extend(new Demand.Tokens(Math.max(0, -promptLeft), more))
        || (promptLeft >= 0 && outputLeft >= 0)) {
      return true;
    }
    end();
    return false;
  }

  /** What is to be taken of output, where so much is left of what is held and can still be made. */
  private long more(long left, long toCome) {
    long step = (long) STEP * choices;
    if (left < 0) {
      return Math.max(step, -left);
    }
    return left < Math.min((long) AHEAD * choices, toCome) ? Math.min(step, toCome - left) : 0;
  }

  private void end() {
    cut = true;
    reservation.cut();
    for (int i = 0; i < choices; i++) {
      if (!ended.get(i)) {
        next.accept(new GenerationEvent.ChoiceFinished(i, FinishReason.LENGTH, Optional.empty()));
      }
    }
    String why = reservation.bound().map(Bound::text).orElse("Nothing more is reserved.");
    run.cancel(new ApiException(ErrorCode.RATE_LIMIT_EXCEEDED, why));
  }

  /** What was written beyond the last reserved token is nobody's to pay. */
  private void finish(GenerationEvent.Finished f) {
    Usage u = f.usage();
    Usage delivered =
        new Usage(
            u.prompt(),
            u.cached(),
            u.image(),
            Math.min(u.completion(), completion),
            Math.min(u.reasoning(), reasoning),
            u.units(),
            u.longest());
    next.accept(new GenerationEvent.Finished(delivered, f.costTicks(), f.prompts()));
  }
}
