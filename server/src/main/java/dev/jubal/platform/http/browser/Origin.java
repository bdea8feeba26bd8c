package dev.jubal.platform.http.browser;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Where a page comes from, as the header of that name has it: scheme, host and port. */
public final class Origin {
  private Origin() {}

  /**
   * The form in which browsers send it: in small letters, without the scheme's usual port; empty
   * for what is no origin, such as {@code null}, {@code *} or an address with a path.
   */
  public static Optional<String> of(String text) {
    try {
      URI uri = URI.create(text.strip().toLowerCase(Locale.ROOT));
      String scheme = uri.getScheme();
      boolean web = "http".equals(scheme) || "https".equals(scheme);
      if (!web || uri.getHost() == null || !bare(uri)) {
        return Optional.empty();
      }
      boolean usual = uri.getPort() == (scheme.equals("http") ? 80 : 443) || uri.getPort() < 0;
      return Optional.of(scheme + "://" + uri.getHost() + (usual ? "" : ":" + uri.getPort()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean bare(URI uri) {
    return uri.getRawPath().isEmpty()
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null
        && uri.getRawUserInfo() == null;
  }

  /** Whether an origin is that of the server itself, as the client addressed it. */
  static boolean own(String origin, String authority) {
    Optional<String> page = of(origin);
    return page.isPresent()
        && page.equals(of(origin.substring(0, origin.indexOf("://") + 3) + authority));
  }
}
