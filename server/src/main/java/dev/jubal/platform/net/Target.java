package dev.jubal.platform.net;

import dev.jubal.platform.net.FetchFailure.Kind;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * A URL that was judged, with the addresses that it may be asked of.
 *
 * @param addresses all that its host resolved to, each of them allowed
 */
record Target(URI uri, List<InetAddress> addresses) {
  private static final int MOST_CHARACTERS = 8192;

  /** Reads a URL as far as its form goes. */
  static URI parse(String url) throws FetchFailure {
    if (url.length() > MOST_CHARACTERS) {
      throw bad(url.length() + " characters", "at most " + MOST_CHARACTERS);
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw bad("a URL that does not parse", "http or https, percent-encoded");
    }
    return checked(uri);
  }

  /** Where a redirect leads. */
  static URI redirected(URI from, String location) throws FetchFailure {
    URI to;
    try {
      to = checked(from.resolve(new URI(location)));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw bad("a redirect to what does not parse", "a URL");
    }
    if (secure(from) && !secure(to)) {
      throw bad("a redirect from https to http", "https to the end");
    }
    return to;
  }

  private static URI checked(URI uri) throws FetchFailure {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw bad("the scheme \"" + scheme + "\"", "http or https");
    }
    if (uri.getRawUserInfo() != null) {
      throw bad("a user name or password in the URL", "none");
    }
    String host = uri.getHost();
    if (host == null || host.isEmpty() || host.contains("%")) {
      throw bad("a URL without a plain host name", "a host name or address");
    }
    int port = uri.getPort();
    if (port == 0 || port > 65_535 || (port > 0 && port < 1024 && port != 80 && port != 443)) {
      throw bad("port " + port, "80, 443 or 1024 to 65535");
    }
    return uri;
  }

  private static FetchFailure bad(String what, String expected) {
    return new FetchFailure(Kind.BAD_URL, what + " (expected: " + expected + ")");
  }

  static boolean secure(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  boolean secure() {
    return secure(uri);
  }

  /** The host without the brackets of an IPv6 address. */
  static String host(URI uri) {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return uri.getPort() > 0 ? uri.getPort() : secure() ? 443 : 80;
  }

  /** Path and query, as they go over the wire. */
  String path() {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }
}
