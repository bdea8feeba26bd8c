/**
 * {@code POST /v1/responses}: the stateless part of the responses dialect, streamed and whole.
 *
 * <p>Owns its wire records, what of them is decoded, and the order of its events. Must not know a
 * backend or another dialect. Start at {@link dev.jubal.api.responses.ResponsesFeature}, then
 * {@link ResponsesWire}.
 */
@NullMarked
package dev.jubal.api.responses;

import org.jspecify.annotations.NullMarked;
