package dev.jubal.account.ledger;

/** Parts of a figure. */
final class Shares {
  private static final long WHOLE = 1_000_000;

  private Shares() {}

  /** So many millionths, rounded up. */
  static long of(long ticks, long millionths) {
    return millionths == WHOLE ? ticks : Math.ceilDiv(Math.multiplyExact(ticks, millionths), WHOLE);
  }
}
