/**
 * libllama v0.5.0 through the Foreign Function and Memory API: one class for each noun of its C
 * interface.
 *
 * <p>Owns pointers, struct layouts and their lifetimes. Must not know of requests, scheduling or
 * sampling. Nothing here is thread-safe unless a type says so; the scheduler calls a {@link
 * dev.jubal.llama.binding.Context} from one thread. Start reading at {@link
 * dev.jubal.llama.binding.Library}.
 */
@NullMarked
package dev.jubal.llama.binding;

import org.jspecify.annotations.NullMarked;
