/**
 * The engine inside this process: many requests, one decode loop.
 *
 * <p>Owns slots, the queue, prefix reuse, the text of an answer and the buffers between the loop
 * and its listeners. Must not know of processes, sockets or HTTP. Start reading at {@link
 * dev.jubal.llama.scheduler.SlotEngine}, then the long comment atop {@code DecodeLoop}.
 */
@NullMarked
package dev.jubal.llama.scheduler;

import org.jspecify.annotations.NullMarked;
