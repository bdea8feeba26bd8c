/**
 * {@code POST /v1/messages}, the Anthropic dialect, streamed and whole, and its count of tokens.
 *
 * <p>Owns its wire records, what of them is decoded, and how events look in content blocks. Must
 * not know a backend or another dialect. Start at {@link MessagesFeature}, then {@link
 * MessagesWire}.
 */
@NullMarked
package dev.jubal.api.messages;

import org.jspecify.annotations.NullMarked;
