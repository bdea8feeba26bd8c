/**
 * How model families write function calls, and how calls are found in what a model writes.
 *
 * <p>Owns the table of {@link dev.jubal.llama.template.calls.Family families} and {@link
 * dev.jubal.llama.template.calls.CallParser}. Must not know templates, engines or the wire. Start
 * reading at {@code Family}.
 */
@NullMarked
package dev.jubal.llama.template.calls;

import org.jspecify.annotations.NullMarked;
