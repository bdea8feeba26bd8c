package dev.jubal.platform.grpc;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Station 2 as an RPC sees it: lets a call in by its head, or throws. */
@FunctionalInterface
public interface RpcGuard {
  /**
   * Who calls, null where anybody may.
   *
   * @param header the text of a lower-case name among the metadata
   * @throws dev.jubal.platform.error.ApiException 401, 403 or 429
   */
  @Nullable Object admit(Rpc<?, ?> rpc, Function<String, Optional<String>> header);

  /**
   * The same for a thread that may not wait; empty where only {@link #admit} can tell.
   *
   * @throws dev.jubal.platform.error.ApiException as admit
   */
  default Optional<Object> atOnce(Rpc<?, ?> rpc, Function<String, Optional<String>> header) {
    return Optional.empty();
  }
}
