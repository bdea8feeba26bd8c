/**
 * Pictures of a request: fetched, checked, counted, and turned into text for what has no eyes.
 *
 * <p>Owns what may be looked at and what is said of it. Knows neither items nor dialects: it is
 * given addresses and gives back texts, in the same order. Start at {@link Sight}.
 */
@NullMarked
package dev.jubal.inference.sight;

import org.jspecify.annotations.NullMarked;
