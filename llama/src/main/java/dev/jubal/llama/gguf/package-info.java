/**
 * The header of a GGUF model file, read without the native library.
 *
 * <p>Owns {@link dev.jubal.llama.gguf.GgufHeader}: what must be known of a model before it is
 * loaded, such as its chat template and the memory it will need. Must not know engines. Start
 * reading at {@code GgufHeader}.
 */
@NullMarked
package dev.jubal.llama.gguf;

import org.jspecify.annotations.NullMarked;
