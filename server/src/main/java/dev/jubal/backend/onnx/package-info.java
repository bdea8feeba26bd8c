/**
 * Embeddings by bge-small-en-v1.5 (BAAI, MIT), run in this process by ONNX Runtime.
 *
 * <p>Owns the tokenizer, the session and the check of the window. Knows the ports of {@code
 * inference} alone. Nothing is loaded before the first request; weights and native libraries come
 * out of jars, never off the network. Start at {@link OnnxBackend}.
 */
@NullMarked
package dev.jubal.backend.onnx;

import org.jspecify.annotations.NullMarked;
