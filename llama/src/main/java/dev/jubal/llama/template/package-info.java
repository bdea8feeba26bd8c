/**
 * Chat templates: from a conversation to the prompt a model was trained to read.
 *
 * <p>Owns {@link dev.jubal.llama.template.ChatTemplate}, what a template turns out to be able to
 * do, and what stands in for what it cannot. Below it, {@code jinja} renders templates and {@code
 * calls} knows how families write function calls. Must not know wire dialects, engines or where a
 * model file lies. Start reading at {@code ChatTemplate}, then {@code Abilities}.
 */
@NullMarked
package dev.jubal.llama.template;

import org.jspecify.annotations.NullMarked;
