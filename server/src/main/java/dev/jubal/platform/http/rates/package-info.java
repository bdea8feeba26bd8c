/**
 * How a caller stands against its limits, as headers of an answer.
 *
 * <p>Owns {@link RateHeaders}. Knows no limit. Start there.
 */
@NullMarked
package dev.jubal.platform.http.rates;

import org.jspecify.annotations.NullMarked;
