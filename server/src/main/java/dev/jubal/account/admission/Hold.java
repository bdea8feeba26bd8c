package dev.jubal.account.admission;

import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Usage;
import java.util.Optional;

/** What a guard holds for one request. Confined to the request's thread. */
public interface Hold {
  /** Takes more, before it is used; says what stands against it, and then nothing was taken. */
  Optional<Bound> extend(Demand.Tokens more);

  /** What is written with the settlement, so that the guard's figures and the ledger agree. */
  default Companion settling(Usage used, long costTicks) {
    return Companion.NONE;
  }

  /**
   * Gives back what was not used. Called exactly once, after the settlement or the failure of it.
   */
  void settle(Usage used, long costTicks);

  /** Gives all of it back, as nothing was begun. In place of {@link #settle}. */
  default void release() {
    settle(Usage.NONE, 0);
  }

  /** How the caller stands, for the headers of the answer; empty when there is nothing to say. */
  default Optional<Standing> standing() {
    return Optional.empty();
  }

  /**
   * What the caller should know although nothing refuses it, such as soft budgets that are passed:
   * the value of a header, a list of RFC 9651.
   */
  default Optional<String> warning() {
    return Optional.empty();
  }
}
