package dev.jubal.account.ledger;

import java.time.Instant;
import java.util.Map;

/**
 * What use of one name costs from a day on, in ticks (1e-10 USD).
 *
 * <p>From a prompt of {@code longThreshold} tokens on the whole request costs the long rates; 0
 * means there is no such switch. Of several prompts for one answer the longest decides. Source of
 * the form: api.x.ai's model objects.
 *
 * @param from the first moment the price holds
 * @param rate of tokens
 * @param source where the figure was published
 * @param extras what costs something besides tokens, and the factors of other services
 */
public record Price(
    Instant from, Rate rate, long longThreshold, Rate longRate, String source, Extras extras) {

  /**
   * Ticks a token.
   *
   * @param prompt of text that is read
   * @param cached of the prompt, read before
   * @param completion written
   * @param image of the prompt, for pictures
   * @param audio of the prompt, for sound
   * @param reasoning thought
   */
  public record Rate(
      long prompt, long cached, long completion, long image, long audio, long reasoning) {
    public static final Rate FREE = new Rate(0, 0, 0);

    /** One by which pictures and sound cost what text costs, and thought what is written. */
    public Rate(long prompt, long cached, long completion) {
      this(prompt, cached, completion, prompt, prompt, completion);
    }

    /** Whether pictures, sound and thought cost what text does. */
    boolean plain() {
      return image == prompt && audio == prompt && reasoning == completion;
    }

    /** What was cached counts as text first, since that is what caches hold. */
    long cost(Usage u) {
      long text = u.prompt() - u.image() - u.audio();
      long cachedText = Math.min(u.cached(), text);
      long cachedImage = Math.min(u.cached() - cachedText, u.image());
      long cachedAudio = u.cached() - cachedText - cachedImage;
      long sum = Math.multiplyExact(text - cachedText, prompt);
      sum = Math.addExact(sum, Math.multiplyExact(u.image() - cachedImage, image));
      sum = Math.addExact(sum, Math.multiplyExact(u.audio() - cachedAudio, audio));
      sum = Math.addExact(sum, Math.multiplyExact(u.cached(), cached));
      sum = Math.addExact(sum, Math.multiplyExact(u.completion(), completion));
      return Math.addExact(sum, Math.multiplyExact(u.reasoning(), reasoning));
    }

    long most(long read, long written) {
      long dearest = Math.max(Math.max(prompt, cached), Math.max(image, audio));
      return Math.addExact(
          Math.multiplyExact(read, dearest),
          Math.multiplyExact(written, Math.max(completion, reasoning)));
    }

    /** What long prompts usually cost. */
    public Rate twice() {
      return share(2_000_000);
    }

    /** So many millionths of it, each rate rounded up to a tick. */
    Rate share(long millionths) {
      return new Rate(
          Shares.of(prompt, millionths),
          Shares.of(cached, millionths),
          Shares.of(completion, millionths),
          Shares.of(image, millionths),
          Shares.of(audio, millionths),
          Shares.of(reasoning, millionths));
    }
  }

  /** One that costs nothing but tokens. */
  public Price(Instant from, Rate rate, long longThreshold, Rate longRate, String source) {
    this(from, rate, longThreshold, longRate, source, Extras.NONE);
  }

  public static final Price FREE =
      new Price(Instant.EPOCH, Rate.FREE, 0, Rate.FREE, "free of charge");

  /**
   * How the source of a price begins that nobody published; its rates are 0 and mean nothing. What
   * a plan makes of it may follow.
   */
  public static final String UNKNOWN = "none published";

  /** Whether somebody published it. */
  public boolean known() {
    return !source.equals(UNKNOWN) && !source.startsWith(UNKNOWN + ",");
  }

  /**
   * The most that so many tokens can cost, in ticks, whichever rate they will fall under: a prompt
   * that may reach the switch may also stay below it. The price of the request is in it.
   */
  public long most(long prompt, long output) {
    boolean maybeLong = longThreshold > 0 && prompt >= longThreshold;
    long tokens =
        Math.max(rate.most(prompt, output), maybeLong ? longRate.most(prompt, output) : 0);
    return prompt + output > 0 ? Math.addExact(tokens, extras.request()) : tokens;
  }

  /** The cost of a request in ticks; what it used without a price is {@link #unpriced}. */
  public long cost(Usage usage) {
    if (usage.total() == 0 && usage.units().isEmpty()) {
      return 0; // nothing was done
    }
    boolean isLong = longThreshold > 0 && usage.longest() >= longThreshold;
    long sum = Math.addExact((isLong ? longRate : rate).cost(usage), extras.request());
    for (Map.Entry<String, Long> used : usage.units().entrySet()) {
      long each = extras.units().getOrDefault(used.getKey(), 0L);
      sum = Math.addExact(sum, Math.multiplyExact(used.getValue(), each));
    }
    return sum;
  }

  /** Whether something was used that the price does not name. */
  public boolean unpriced(Usage usage) {
    return usage.units().keySet().stream()
        .anyMatch(name -> !name.equals(Usage.AUDIO) && !extras.units().containsKey(name));
  }

  /** So many millionths of all of it, each figure rounded up to a tick. */
  public Price share(long millionths, String newSource) {
    return new Price(
        from,
        rate.share(millionths),
        longThreshold,
        longRate.share(millionths),
        newSource,
        extras.share(millionths));
  }

  /**
   * The same for a service that was asked for, as far as the price names a factor for it: a
   * priority that has none is not granted. The factor holds for tokens.
   */
  public Price as(Service asked) {
    long permille = extras.permille(asked).orElse(Service.WHOLE);
    Service granted =
        asked == Service.PRIORITY && extras.permille(asked).isEmpty() ? Service.DEFAULT : asked;
    long millionths = Math.multiplyExact(permille, Service.WHOLE);
    return new Price(
        from,
        rate.share(millionths),
        longThreshold,
        longRate.share(millionths),
        source,
        extras.served(granted));
  }

  /** With the prices of tools too, where it names none itself. */
  public Price with(Map<String, Long> units) {
    return new Price(from, rate, longThreshold, longRate, source, extras.with(units));
  }

  /** The same for who uses nothing but tokens. */
  public Price ofTokens() {
    return extras.units().isEmpty()
        ? this
        : new Price(from, rate, longThreshold, longRate, source, extras.withoutUnits());
  }

  /** The service that its rates are for. */
  public Service service() {
    return extras.service();
  }
}
