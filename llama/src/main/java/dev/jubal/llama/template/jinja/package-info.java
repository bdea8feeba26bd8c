/**
 * An own renderer for the Jinja templates that models carry.
 *
 * <p>Owns the syntax of templates, their filters, tests and functions. Byte for byte what Jinja2
 * with the settings of the transformers library gives, or an error where that raises; what it does
 * not offer is a syntax error. Sandboxed by construction: a template reaches only the values of
 * {@code value}, and all it does is counted. Must not know conversations. Start reading at {@code
 * Template}.
 */
@NullMarked
package dev.jubal.llama.template.jinja;

import org.jspecify.annotations.NullMarked;
