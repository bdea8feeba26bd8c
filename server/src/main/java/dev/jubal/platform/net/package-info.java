/**
 * Requests to addresses that come from a caller: a picture's, a webhook's.
 *
 * <p>Owns the one guard against reaching what only this machine can reach: {@link AddressRule} says
 * which addresses are public, {@link PublicHttp} connects to the very address that was judged.
 * Knows neither what is fetched nor for whom. Start at {@code PublicHttp}.
 */
@NullMarked
package dev.jubal.platform.net;

import org.jspecify.annotations.NullMarked;
