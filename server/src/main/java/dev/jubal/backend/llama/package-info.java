/**
 * The embedded engine as a backend: requests to engine requests, engine events to generation
 * events.
 *
 * <p>Knows the ports of {@code inference} and the words of {@code dev.jubal.llama}; nothing of
 * HTTP, keys or prices. Start at {@link LlamaBackend}.
 */
@NullMarked
package dev.jubal.backend.llama;

import org.jspecify.annotations.NullMarked;
