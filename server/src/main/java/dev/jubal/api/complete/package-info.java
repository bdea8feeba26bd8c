/**
 * {@code POST /v1/complete}, the Anthropic API's completion of a text, streamed and whole.
 *
 * <p>Owns its wire records, and the form of a text that holds a conversation. Must not know a
 * backend or another dialect. Start at {@link CompleteFeature}, then {@link HumanTurns}.
 */
@NullMarked
package dev.jubal.api.complete;

import org.jspecify.annotations.NullMarked;
