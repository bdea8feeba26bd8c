package dev.jubal.inference.catalogue;

import dev.jubal.account.ledger.Price;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One row of the catalogue: a name clients may ask for.
 *
 * @param id the name answers report
 * @param aliases other names for the same row
 * @param kind what it makes
 * @param published the vendor's own figures, kept apart from what stands behind the name now
 * @param rules which parameters it takes
 * @param prices its dated prices, oldest first; never empty
 * @param backend the kind of backend, such as llama
 * @param target the weights' name within that backend
 * @param defaults what a request gets that says nothing
 */
public record Model(
    String id,
    List<String> aliases,
    Kind kind,
    Published published,
    Rules rules,
    List<Price> prices,
    String backend,
    String target,
    Defaults defaults) {

  /** What a model makes. */
  public enum Kind {
    LANGUAGE,
    EMBEDDING
  }

  /**
   * Figures the vendor published for the name; 0 or empty where it published none.
   *
   * @param created when the name appeared, or the date of the list it was read from
   */
  public record Published(
      long contextTokens,
      Optional<String> knowledgeCutoff,
      List<String> inputModalities,
      List<String> outputModalities,
      String ownedBy,
      Instant created) {}

  /**
   * Which parameters a name takes.
   *
   * @param reasoning whether it is a reasoning model
   * @param rejects wire names it refuses, such as stop
   * @param efforts allowed reasoning efforts; empty means the parameter is refused
   * @param defaultEffort the effort when none is asked
   * @param tokenEncoding what token ids in an embedding's input are ids of, such as cl100k_base;
   *     empty for the vocabulary of the weights
   */
  public record Rules(
      boolean reasoning,
      List<String> rejects,
      List<String> efforts,
      Optional<String> defaultEffort,
      Optional<String> tokenEncoding) {
    public static final Rules FREE = new Rules(false, List.of(), List.of(), Optional.empty());

    public Rules {
      rejects = List.copyOf(rejects);
      efforts = List.copyOf(efforts);
    }

    /** The rules of a name whose token ids, if any, are those of the weights. */
    public Rules(
        boolean reasoning,
        List<String> rejects,
        List<String> efforts,
        Optional<String> defaultEffort) {
      this(reasoning, rejects, efforts, defaultEffort, Optional.empty());
    }
  }

  /**
   * What a request gets that says nothing.
   *
   * @param systemPrompt one line put before a conversation without any system message
   * @param endFrom tokens from which on a free text is drawn to its end, whatever limit the client
   *     set: for weights that often find no end by themselves; at least 1, empty for never
   */
  public record Defaults(
      Optional<Double> temperature,
      Optional<Double> topP,
      Optional<String> systemPrompt,
      OptionalInt endFrom) {
    public static final Defaults NONE =
        new Defaults(Optional.empty(), Optional.empty(), Optional.empty());

    /** Defaults that leave it to the model when its text is over. */
    public Defaults(
        Optional<Double> temperature, Optional<Double> topP, Optional<String> systemPrompt) {
      this(temperature, topP, systemPrompt, OptionalInt.empty());
    }
  }

  public Model {
    aliases = List.copyOf(aliases);
    prices = prices.stream().sorted(Comparator.comparing(Price::from)).toList();
    if (prices.isEmpty()) {
      throw new IllegalArgumentException(id + " has no price (expected: at least one)");
    }
  }

  /** The price that holds at a moment; the oldest one before all of them. */
  public Price price(Instant at) {
    Price found = prices.getFirst();
    for (Price price : prices) {
      if (!price.from().isAfter(at)) {
        found = price;
      }
    }
    return found;
  }
}
