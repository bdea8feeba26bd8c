package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.config.Secret;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Opens addresses and follows redirects by hand, because the token must not follow them to another
 * host. Reads stop after a minute without a byte.
 */
final class HttpOpener {
  private static final int CONNECT_MILLIS = 20_000;
  private static final int READ_MILLIS = 60_000;
  private static final int REDIRECTS = 8;

  private final Proxies proxies;

  HttpOpener(Proxies proxies) {
    this.proxies = proxies;
  }

  /**
   * One request.
   *
   * @param token sent to the host of {@code address} alone, and never in the clear but on loopback
   * @param anywhere whether redirects to another host are followed
   */
  record Ask(
      String method,
      URI address,
      Map<String, String> headers,
      Optional<Secret> token,
      boolean anywhere) {}

  /** The connection after redirects, its status read. The caller disconnects it. */
  HttpURLConnection open(Ask ask) throws IOException {
    URI address = ask.address();
    for (int i = 0; i <= REDIRECTS; i++) {
      HttpURLConnection connection = connect(ask, address);
      int status = connection.getResponseCode();
      String location = connection.getHeaderField("Location");
      if (!isRedirect(status) || location == null) {
        return connection;
      }
      URI next = address.resolve(location);
      if (!ask.anywhere() && !sameHost(address, next)) {
        return connection;
      }
      connection.disconnect();
      permit(next, address);
      address = next;
    }
    throw new ArtifactException(
        Kind.BROKEN, ask.address().getHost() + " redirects more than " + REDIRECTS + " times.");
  }

  private HttpURLConnection connect(Ask ask, URI address) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) address.toURL().openConnection(proxies.of(address));
    connection.setRequestMethod(ask.method());
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept-Encoding", "identity");
    connection.setRequestProperty("User-Agent", "jubal");
    ask.headers().forEach(connection::setRequestProperty);
    if (ask.token().isPresent() && sameHost(ask.address(), address) && mayCarryToken(address)) {
      connection.setRequestProperty("Authorization", "Bearer " + ask.token().get().reveal());
    }
    return connection;
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static boolean mayCarryToken(URI address) {
    return isHttps(address) || Proxies.isLoopback(String.valueOf(address.getHost()));
  }

  private static void permit(URI next, URI from) {
    if (!isHttps(next) && (isHttps(from) || !"http".equalsIgnoreCase(next.getScheme()))) {
      throw new ArtifactException(
          Kind.REFUSED,
          from.getHost()
              + " redirects to "
              + next.getScheme()
              + "://"
              + next.getHost()
              + " (expected: https).");
    }
  }

  private static boolean isHttps(URI address) {
    return "https".equalsIgnoreCase(address.getScheme());
  }

  private static boolean sameHost(URI a, URI b) {
    return String.valueOf(a.getHost()).equalsIgnoreCase(String.valueOf(b.getHost()))
        && a.getPort() == b.getPort()
        && String.valueOf(a.getScheme()).equalsIgnoreCase(String.valueOf(b.getScheme()));
  }
}
