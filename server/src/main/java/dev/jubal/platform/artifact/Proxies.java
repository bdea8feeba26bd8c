package dev.jubal.platform.artifact;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The proxy of an address, by the variables that other tools read: the JVM does not read them. */
final class Proxies {
  private final Map<String, Proxy> byScheme;
  private final List<String> direct;

  private Proxies(Map<String, Proxy> byScheme, List<String> direct) {
    this.byScheme = byScheme;
    this.direct = direct;
  }

  static Proxies from(Map<String, String> environment) {
    Map<String, Proxy> found = new java.util.HashMap<>();
    for (String scheme : List.of("http", "https")) {
      variable(environment, scheme + "_proxy")
          .or(() -> variable(environment, "all_proxy"))
          .map(Proxies::proxy)
          .ifPresent(p -> found.put(scheme, p));
    }
    List<String> direct =
        variable(environment, "no_proxy").stream()
            .flatMap(v -> List.of(v.split(",")).stream())
            .map(v -> v.strip().toLowerCase(Locale.ROOT))
            .filter(v -> !v.isEmpty())
            .toList();
    return new Proxies(Map.copyOf(found), direct);
  }

  Proxy of(URI address) {
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    if (isLoopback(host) || direct.stream().anyMatch(d -> matches(host, d))) {
      return Proxy.NO_PROXY;
    }
    return byScheme.getOrDefault(
        String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT), Proxy.NO_PROXY);
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.equals("::1")
        || host.startsWith("127.");
  }

  private static boolean matches(String host, String rule) {
    String name = rule.startsWith(".") ? rule.substring(1) : rule;
    return rule.equals("*") || host.equals(name) || host.endsWith("." + name);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
        .filter(v -> !v.isBlank());
  }

  private static Proxy proxy(String address) {
    URI uri = URI.create(address.contains("://") ? address : "http://" + address);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "proxy: \"" + address + "\" (expected: http://HOST:PORT).");
    }
    int port = uri.getPort() < 0 ? 80 : uri.getPort();
    // Resolved by the proxy's own client when it connects, not at start.
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
  }
}
