package dev.jubal.account.ledger;

import java.util.function.BiConsumer;

/**
 * The durable record of accepted requests.
 *
 * <p>Both calls return when the row is committed and throw {@link
 * dev.jubal.platform.error.ApiException} LEDGER_UNAVAILABLE when it cannot be: then nothing is
 * done, respectively the end of the answer is withheld. A row that breaks a rule, such as a second
 * settlement, is a defect of the caller and throws INTERNAL_ERROR. Thread-safe.
 */
public interface Ledger {

  /** Commits the admission; the request is accepted when this returns. */
  default void admit(Admission admission) {
    admit(admission, Companion.NONE);
  }

  /** The same, and what makes the request durable, such as the row of a job. */
  void admit(Admission admission, Companion companion);

  /** Commits the settlement. A second one for the same request is a defect and is refused. */
  default void settle(Admission admission, Settlement settlement) {
    settle(admission, settlement, Companion.NONE);
  }

  /** The same, and what a feature keeps with it. */
  void settle(Admission admission, Settlement settlement, Companion companion);

  /**
   * Commits that more is held for an open request, before it is used, so that a start after a crash
   * holds as much for work that goes on.
   *
   * @param reservedTicks all that is held for it from now on, more than ever before, 1e-10 USD
   */
  void extend(String requestId, long reservedTicks);

  /** The same ledger, which tells of each settlement that is committed. */
  default Ledger telling(BiConsumer<Admission, Settlement> told) {
    Ledger next = this;
    return new Ledger() {
      @Override
      public void admit(Admission admission, Companion companion) {
        next.admit(admission, companion);
      }

      @Override
      public void extend(String requestId, long reservedTicks) {
        next.extend(requestId, reservedTicks);
      }

      @Override
      public void settle(Admission admission, Settlement settlement, Companion companion) {
        next.settle(admission, settlement, companion);
        told.accept(admission, settlement);
      }
    };
  }
}
