package dev.jubal.platform.http;

/**
 * A path that is called by WebSocket.
 *
 * @param access who may call it
 * @param endpoint the name an ACL row gives it; also its label in metrics
 * @param handler what serves a socket
 */
public record SocketRoute(String path, Access access, String endpoint, SocketHandler handler) {

  /** Serves one socket until its end. Runs on a virtual thread of its own and may block. */
  @FunctionalInterface
  public interface SocketHandler {
    void serve(Call call, Socket socket) throws InterruptedException;
  }

  /** The same as the guard sees it. */
  Route asRoute() {
    return Route.get(path)
        .access(access, endpoint)
        .handle(
            (call, exchange) -> {
              throw new IllegalStateException(path + " is served by its socket");
            });
  }
}
