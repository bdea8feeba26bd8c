package dev.jubal.platform.grpc;

import org.jspecify.annotations.Nullable;

/** Station 2 as an RPC sees it: lets a call in, or throws. */
@FunctionalInterface
public interface RpcGuard {
  /**
   * Who calls, null where anybody may.
   *
   * @throws dev.jubal.platform.error.ApiException 401, 403 or 429
   */
  @Nullable Object admit(RpcCall<?> call);
}
