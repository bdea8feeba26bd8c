package dev.jubal.account.ledger;

import java.time.Instant;

/**
 * What tokens of one name cost from a day on, in ticks (1e-10 USD) a token.
 *
 * <p>From {@code longThreshold} prompt tokens on the whole request costs the long rates; 0 means
 * there is no such switch. Source of the form: api.x.ai's model objects.
 *
 * @param from the first moment the price holds
 * @param source where the figure was published
 */
public record Price(Instant from, Rate rate, long longThreshold, Rate longRate, String source) {

  /** Ticks a token; reasoning tokens cost what completion tokens cost. */
  public record Rate(long prompt, long cached, long completion) {
    public static final Rate FREE = new Rate(0, 0, 0);

    long cost(Usage usage) {
      return Math.addExact(
          Math.addExact(
              Math.multiplyExact(usage.prompt() - usage.cached(), prompt),
              Math.multiplyExact(usage.cached(), cached)),
          Math.multiplyExact(usage.completion() + usage.reasoning(), completion));
    }
  }

  public static final Price FREE =
      new Price(Instant.EPOCH, Rate.FREE, 0, Rate.FREE, "free of charge");

  /** The source of a price that nobody published; its rates are 0 and mean nothing. */
  public static final String UNKNOWN = "none published";

  /** Whether somebody published it. */
  public boolean known() {
    return !source.equals(UNKNOWN);
  }

  /** Whether nothing ever costs anything by it. */
  public boolean free() {
    return rate.equals(Rate.FREE) && longRate.equals(Rate.FREE);
  }

  /**
   * The most that so many tokens can cost, in ticks, whichever rate they will fall under: a prompt
   * that may reach the switch may also stay below it.
   */
  public long most(long prompt, long output) {
    boolean maybeLong = longThreshold > 0 && prompt >= longThreshold;
    return Math.max(most(rate, prompt, output), maybeLong ? most(longRate, prompt, output) : 0);
  }

  private static long most(Rate rate, long prompt, long output) {
    return Math.addExact(
        Math.multiplyExact(prompt, Math.max(rate.prompt(), rate.cached())),
        Math.multiplyExact(output, rate.completion()));
  }

  /** The cost of a request in ticks. */
  public long cost(Usage usage) {
    boolean isLong = longThreshold > 0 && usage.prompt() >= longThreshold;
    return (isLong ? longRate : rate).cost(usage);
  }
}
