/**
 * Several engines on one machine.
 *
 * <p>Owns which models are loaded: loading on first use, unloading the least recently used idle
 * one, refusing what does not fit into memory. Must not know how an engine computes, nor what a
 * request is. Start reading at {@link dev.jubal.llama.host.EngineHost}.
 */
@NullMarked
package dev.jubal.llama.host;

import org.jspecify.annotations.NullMarked;
