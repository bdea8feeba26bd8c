package dev.jubal.inference;

import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.platform.error.ApiException;

/**
 * What a feature keeps of an answer. Asked once, on the request's thread, when the answer ended in
 * whatever way and before that is committed; the events of the answer went by before, but {@code
 * Finished}.
 */
@FunctionalInterface
public interface Keeping {
  /** Nothing. */
  Keeping NOTHING = settlement -> Companion.NONE;

  /** What is written together with the settlement of an answer that ended well. */
  Companion keep(Settlement settlement);

  /** The same of one that did not. */
  default Companion keepFailed(Settlement settlement, ApiException error) {
    return keep(settlement);
  }

  /**
   * Whether nothing is settled after this error, because another attempt at the request follows,
   * which will be.
   */
  default boolean staysOpen(ApiException error) {
    return false;
  }
}
