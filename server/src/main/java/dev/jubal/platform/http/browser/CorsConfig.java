package dev.jubal.platform.http.browser;

import dev.jubal.platform.config.Key;
import java.time.Duration;

/** Start-up configuration of who may call from a browser. */
public record CorsConfig(
    @Key(
            value = "",
            doc =
                "Origins whose pages may call, separated by commas, such as"
                    + " https://app.example.com; empty: none but the server's own.")
        String origins,
    @Key(value = "10m", doc = "How long a browser may remember that it may call.")
        Duration maxAge) {
  /** No page of another origin. */
  public static final CorsConfig OFF = new CorsConfig("", Duration.ofMinutes(10));
}
