/**
 * What a request may take before it is worked on: tokens, turns, money.
 *
 * <p>Owns {@link Admittance}, which asks each {@link Guard} in turn, and {@link Reservation}, what
 * one request holds of all of them until it is settled. Knows neither where the figures are kept
 * nor what a model is: the guards are given to it. Start at {@link Admittance}.
 */
@NullMarked
package dev.jubal.account.admission;

import org.jspecify.annotations.NullMarked;
