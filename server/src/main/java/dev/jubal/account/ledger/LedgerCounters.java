package dev.jubal.account.ledger;

/**
 * What a ledger did since it was opened.
 *
 * @param rows admissions and settlements committed
 * @param commits transactions they shared
 * @param failures rows refused or lost
 * @param open admissions not settled yet
 * @param recovered rows of earlier processes that were closed at the start
 */
public record LedgerCounters(long rows, long commits, long failures, long open, int recovered) {}
