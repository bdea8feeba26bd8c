/**
 * The ledger: what was asked, what it used, what it cost; two rows a request.
 *
 * <p>Owns {@link Usage}, {@link Price}, {@link Admission}, {@link Settlement} and their durable
 * rows. An admission is committed before a backend works, a settlement before the last byte leaves.
 * Start at {@link Ledger}.
 */
@NullMarked
package dev.jubal.account.ledger;

import org.jspecify.annotations.NullMarked;
