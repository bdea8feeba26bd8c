package dev.jubal.inference;

import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Settlement;

/**
 * What a feature keeps of an answer. Asked once, on the request's thread, when the answer ended in
 * whatever way and before that is committed; the events of the answer went by before, but {@code
 * Finished}.
 */
@FunctionalInterface
public interface Keeping {
  /** Nothing. */
  Keeping NOTHING = settlement -> Companion.NONE;

  /** What is written together with the settlement. */
  Companion keep(Settlement settlement);
}
