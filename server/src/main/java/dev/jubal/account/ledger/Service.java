package dev.jubal.account.ledger;

/** How a request is served, which prices may have factors for. */
public enum Service {
  DEFAULT,
  /** Before others. */
  PRIORITY,
  /** Whenever there is time. */
  BATCH;

  /** A factor of one, in permille. */
  static final long WHOLE = 1000;
}
