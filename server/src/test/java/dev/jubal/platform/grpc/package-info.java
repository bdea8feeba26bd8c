/** gRPC through the port: ids, refusals, deadlines, departures, TLS. */
@NullMarked
package dev.jubal.platform.grpc;

import org.jspecify.annotations.NullMarked;
