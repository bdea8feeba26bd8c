/**
 * The responses dialect: made whole, streamed and over WebSocket; stored, continued and compacted.
 *
 * <p>Owns its wire records, what of them is decoded, and the order of its events. Must not know a
 * backend or another dialect. Start at {@link dev.jubal.api.responses.ResponsesFeature}, then
 * {@link ResponsesWire}.
 */
@NullMarked
package dev.jubal.api.responses;

import org.jspecify.annotations.NullMarked;
