package dev.jubal.platform.grpc;

/**
 * Answers one RPC. Runs on a virtual thread of its own and may block.
 *
 * @param <Q> the message asked with
 * @param <A> the message answered with
 */
@FunctionalInterface
public interface RpcHandler<Q, A> {
  /**
   * Answers the call, or throws an {@link dev.jubal.platform.error.ApiException}; the call ends
   * with its return.
   *
   * @throws Exception anything else, which becomes INTERNAL with the request id
   */
  void handle(RpcCall<Q> call, RpcAnswer<A> answer) throws Exception;
}
