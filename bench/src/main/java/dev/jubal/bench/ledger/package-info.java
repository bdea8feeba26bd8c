/**
 * The ledger's own bench: rows committed a second, and queries over millions of requests.
 *
 * <p>Requests are made by the ledger's own statements, so that what is measured is what a server
 * would have written. Start reading at {@code LedgerSuite}.
 */
@NullMarked
package dev.jubal.bench.ledger;

import org.jspecify.annotations.NullMarked;
