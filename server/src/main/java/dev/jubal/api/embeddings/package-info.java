/**
 * {@code POST /v1/embeddings}: texts to vectors.
 *
 * <p>Owns the wire form and its limits; the vectors, their metering and the window are {@link
 * dev.jubal.inference.embedding.Embedder}'s. Start at {@link EmbeddingsFeature}.
 */
@NullMarked
package dev.jubal.api.embeddings;

import org.jspecify.annotations.NullMarked;
