/**
 * The engine in a process of its own, so that a fault of the native library costs requests, never
 * the server.
 *
 * <p>Owns the child process, the messages between both sides and the supervision: a crash or a hang
 * ends the running requests with an honest failure and moves the waiting ones to a new worker. Only
 * requests and text cross the socket. Must not know how tokens are computed, nor the server. Start
 * reading at {@link dev.jubal.llama.worker.WorkerEngine} for the server's side, at {@code
 * WorkerMain} for the child's.
 */
@NullMarked
package dev.jubal.llama.worker;

import org.jspecify.annotations.NullMarked;
