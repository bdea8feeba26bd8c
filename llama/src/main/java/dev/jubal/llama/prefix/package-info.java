/**
 * Prefixes of prompts on disk, so that they need not be computed again after a restart.
 *
 * <p>Owns the files: their names, form, checks, rights and bounds. Must not know of slots, nor what
 * the bytes of a sequence's memory mean. What lies here is what people wrote: only the owner may
 * read it, and nothing is kept unless asked for. Start reading at {@link
 * dev.jubal.llama.prefix.PrefixFiles}.
 */
@NullMarked
package dev.jubal.llama.prefix;

import org.jspecify.annotations.NullMarked;
