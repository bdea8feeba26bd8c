/**
 * gRPC: methods, who may call them, answers with back-pressure, the one catch. On the same port as
 * HTTP, as one of its {@link dev.jubal.platform.http.Protocol}s.
 *
 * <p>Owns station 1 of an RPC and how an error of the catalogue looks as a status. Must not know
 * keys, models or messages. Start at {@link RpcServer}, then {@link RpcStation}.
 */
@NullMarked
package dev.jubal.platform.grpc;

import org.jspecify.annotations.NullMarked;
