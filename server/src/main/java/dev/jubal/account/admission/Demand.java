package dev.jubal.account.admission;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Price;
import java.time.Instant;
import java.util.Optional;

/**
 * What a request asks for.
 *
 * @param requestId the server's id
 * @param endUser the client's own end user
 * @param endpoint the surface, such as chat
 * @param model the catalogue name
 * @param price what the name asked for costs
 * @param tokens most that it may use until it asks for more
 * @param exact whether the prompt was counted by the tokenizer that will read it; else it is an
 *     upper bound
 * @param at when it asks
 * @param question whether it only asks what would stand against it
 * @param narrowed what it asks for less output by than it could use; empty when it asks for all
 */
public record Demand(
    String requestId,
    Principal principal,
    Optional<String> endUser,
    String endpoint,
    String model,
    Price price,
    Tokens tokens,
    boolean exact,
    Instant at,
    boolean question,
    Optional<Bound> narrowed) {

  /** Of a request that is to be answered. */
  public Demand(
      String requestId,
      Principal principal,
      Optional<String> endUser,
      String endpoint,
      String model,
      Price price,
      Tokens tokens,
      boolean exact,
      Instant at) {
    this(
        requestId,
        principal,
        endUser,
        endpoint,
        model,
        price,
        tokens,
        exact,
        at,
        false,
        Optional.empty());
  }

  /**
   * Tokens, none of them negative.
   *
   * @param prompt all that is read, pictures included
   * @param output all that is written, thought included
   */
  public record Tokens(long prompt, long output) {
    public static final Tokens NONE = new Tokens(0, 0);

    public Tokens {
      if (prompt < 0 || output < 0) {
        throw new IllegalArgumentException(
            "tokens " + prompt + "/" + output + " (expected: nothing negative)");
      }
    }

    public Tokens plus(Tokens other) {
      return new Tokens(Math.addExact(prompt, other.prompt), Math.addExact(output, other.output));
    }

    public long total() {
      return Math.addExact(prompt, output);
    }
  }

  /** What a request asks for that was looked at. */
  public static Demand of(Admission admission, Tokens tokens, boolean exact) {
    return new Demand(
        admission.requestId(),
        admission.principal(),
        admission.reserved().endUser(),
        admission.endpoint(),
        admission.modelResolved(),
        admission.price(),
        tokens,
        exact,
        admission.admitted());
  }

  /** The same of somebody who only asks. */
  Demand asked() {
    return new Demand(
        requestId, principal, endUser, endpoint, model, price, tokens, exact, at, true, narrowed);
  }

  /** The same for so much output, as there is not the money for all of it. */
  Demand narrowed(long output, Bound by) {
    return new Demand(
        requestId,
        principal,
        endUser,
        endpoint,
        model,
        price,
        new Tokens(tokens.prompt(), output),
        exact,
        at,
        question,
        Optional.of(by));
  }

  /** The most output, of that which it asks for, that so many ticks pay for with the prompt. */
  long outputFor(long ticks) {
    long fits = 0;
    long over = tokens.output() + 1;
    while (over - fits > 1) {
      long half = fits + (over - fits) / 2;
      if (mostTicks(new Tokens(tokens.prompt(), half)) <= ticks) {
        fits = half;
      } else {
        over = half;
      }
    }
    return fits;
  }

  /** The most that tokens of this demand can cost, in ticks: nothing cached, all of it used. */
  public long mostTicks(Tokens used) {
    return price.most(used.prompt(), used.output());
  }
}
