/**
 * {@code POST /v1/completions}: the legacy dialect, bare text continued without a template.
 *
 * <p>Owns its wire records, what of them is decoded, and how events look in chunks. Must not know a
 * backend or another dialect. Start at {@link dev.jubal.api.completions.CompletionsFeature}, then
 * {@link CompletionsWire}.
 */
@NullMarked
package dev.jubal.api.completions;

import org.jspecify.annotations.NullMarked;
