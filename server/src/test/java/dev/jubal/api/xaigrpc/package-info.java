/** xAI's gRPC services through the port. */
@NullMarked
package dev.jubal.api.xaigrpc;

import org.jspecify.annotations.NullMarked;
