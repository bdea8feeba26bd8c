/**
 * Texts as vectors.
 *
 * <p>Owns {@link Embedder}, which is for vectors what the generator is for text, and the port
 * {@link EmbeddingBackend}. Knows no dialect. Start at {@link Embedder}.
 */
@NullMarked
package dev.jubal.inference.embedding;

import org.jspecify.annotations.NullMarked;
