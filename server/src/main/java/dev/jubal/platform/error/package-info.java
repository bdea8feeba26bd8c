/**
 * Errors: one catalogue, one exception.
 *
 * <p>Owns {@link ErrorCode}, every way a request can fail and how each dialect names it, and {@link
 * ApiException}, the only exception a feature throws, and {@link Printable}, which most texts from
 * outside have to be. Knows no endpoint. Start at {@code ErrorCode}.
 */
@NullMarked
package dev.jubal.platform.error;

import org.jspecify.annotations.NullMarked;
