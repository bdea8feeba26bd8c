/**
 * The public surfaces: a folder for each, and what the generation dialects share.
 *
 * <p>Owns {@link Feature} and {@link GenerationEndpoint}. Sub-packages never use each other. Start
 * at {@code chat}.
 */
@NullMarked
package dev.jubal.api;

import org.jspecify.annotations.NullMarked;
