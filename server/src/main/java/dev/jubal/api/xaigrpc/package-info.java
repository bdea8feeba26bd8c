/**
 * xAI's gRPC services: the dialect of xai-sdk, over the same pipeline as REST.
 *
 * <p>Owns how its messages are decoded and how events look in them; what a field of a message is
 * worth stands in {@link FieldTable}. Must not know a backend or another dialect. Start at {@link
 * XaiGrpc}, then {@link ChatRpcs}.
 */
@NullMarked
package dev.jubal.api.xaigrpc;

import org.jspecify.annotations.NullMarked;
