package dev.jubal.account.alert;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How something that a rule watches stands now.
 *
 * @param item what of the rule; the state of its thresholds is kept by it
 * @param reached what is compared with thresholds; empty where there is nothing that could cross
 * @param once whether a threshold that was crossed stays so, as a budget's in its window
 * @param until when the item ends, as a window does
 * @param facts for who is told
 */
record Observation(
    AlertRule rule,
    String item,
    OptionalDouble reached,
    boolean once,
    Optional<Instant> until,
    Facts facts) {
  /**
   * What is told of it.
   *
   * @param what in a few words
   * @param value with its unit
   * @param detail figures behind it; may be empty
   * @param todo what to do
   */
  record Facts(String what, String value, String detail, String todo) {
    static final Facts NONE = new Facts("", "", "", "");
  }

  /** One of a rule that watches one thing, which may come back. */
  static Observation of(AlertRule rule, double reached, Facts facts) {
    return new Observation(rule, "", OptionalDouble.of(reached), false, Optional.empty(), facts);
  }

  /** There is nothing that could cross. */
  static Observation quiet(AlertRule rule) {
    return new Observation(rule, "", OptionalDouble.empty(), false, Optional.empty(), Facts.NONE);
  }

  boolean crossed(double level) {
    return reached.isPresent() && rule.terms().kind().crossed(reached.getAsDouble(), level);
  }

  /** Whether it is over, so that the next crossing is told of again. */
  boolean over(double level) {
    return !once && (reached.isEmpty() || rule.terms().kind().over(reached.getAsDouble(), level));
  }
}
