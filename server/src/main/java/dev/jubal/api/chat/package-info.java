/**
 * {@code POST /v1/chat/completions}: the chat dialect, streamed and whole.
 *
 * <p>Owns its wire records, what of them is decoded, and how events look in chunks. Must not know a
 * backend or another dialect. Start at {@link ChatFeature}, then {@link ChatWire}.
 */
@NullMarked
package dev.jubal.api.chat;

import org.jspecify.annotations.NullMarked;
