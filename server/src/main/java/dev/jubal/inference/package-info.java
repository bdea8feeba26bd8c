/**
 * The pipeline and its words: every dialect decodes to {@link GenerationRequest}, every backend
 * answers in {@link GenerationEvent}s.
 *
 * <p>Owns stations 4 and 5 of a request and the port {@link Backend}. Must not know a wire format
 * or a particular backend. Start at {@link Generator}.
 */
@NullMarked
package dev.jubal.inference;

import org.jspecify.annotations.NullMarked;
