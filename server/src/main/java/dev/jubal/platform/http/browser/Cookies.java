package dev.jubal.platform.http.browser;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Cookies of this server: for it alone, out of reach of scripts, by TLS alone where browsers come
 * by TLS, and not sent by what pages of other sites embed or post.
 *
 * @param tls whether browsers come by TLS
 */
public record Cookies(boolean tls) {
  /** A name as it is sent: by TLS one that no other host of the domain can set. */
  private String name(String name) {
    return (tls ? "__Host-jubal-" : "jubal-") + name;
  }

  /**
   * One to set.
   *
   * @param value letters, digits, dashes, underscores and dots
   */
  public String set(String name, String value, Duration length) {
    return name(name)
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
        + length.toSeconds()
        + (tls ? "; Secure" : "");
  }

  /** The same, taken away. */
  public String clear(String name) {
    return set(name, "", Duration.ZERO);
  }

  /** The value of one in the header of a request; empty when it is absent or empty. */
  public Optional<String> read(String name, Optional<String> header) {
    String start = name(name) + "=";
    return header.stream()
        .flatMap(text -> Stream.of(text.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(start))
        .map(pair -> pair.substring(start.length()))
        .map(value -> value.replaceAll("^\"|\"$", "")) // some clients write it like that
        .filter(value -> !value.isEmpty())
        .findFirst();
  }
}
