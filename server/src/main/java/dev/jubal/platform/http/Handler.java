package dev.jubal.platform.http;

/** Answers one call. Runs on a virtual thread of its own and may block. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers the call, or throws an {@link dev.jubal.platform.error.ApiException}.
   *
   * @throws Exception anything else, which becomes a 500 with the request id
   */
  void handle(Call call, Exchange exchange) throws Exception;
}
