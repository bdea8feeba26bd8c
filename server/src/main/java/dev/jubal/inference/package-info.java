/**
 * The pipeline and its words: every dialect decodes to {@link GenerationRequest}, every backend
 * answers in {@link GenerationEvent}s.
 *
 * <p>Owns stations 4 and 5 of a request and the ports {@link Backend} and {@link EmbeddingBackend}.
 * Must not know a wire format or a particular backend. Start at {@link Generator}.
 */
@NullMarked
package dev.jubal.inference;

import org.jspecify.annotations.NullMarked;
