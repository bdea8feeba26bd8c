/**
 * Chat templates: from turns to the prompt a model was trained to read.
 *
 * <p>Owns {@link dev.jubal.llama.template.ChatTemplate} and the recognition of templates it renders
 * exactly. Must not know wire dialects, engines or where a model file lies. A template that is not
 * recognised is refused, never approximated. Start reading at {@code ChatTemplates}.
 */
@NullMarked
package dev.jubal.llama.template;

import org.jspecify.annotations.NullMarked;
