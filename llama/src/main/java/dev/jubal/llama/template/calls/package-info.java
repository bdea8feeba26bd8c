/**
 * How model families write function calls and thoughts, and how both are found in what a model
 * writes.
 *
 * <p>Owns the table of {@link dev.jubal.llama.template.calls.Family families} and {@link
 * dev.jubal.llama.template.calls.CallParser}, and that of {@link
 * dev.jubal.llama.template.calls.ThoughtTags tags}. Must not know templates, engines or the wire.
 * Start reading at {@code Family}.
 */
@NullMarked
package dev.jubal.llama.template.calls;

import org.jspecify.annotations.NullMarked;
