package dev.jubal.platform.trace;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import dev.jubal.platform.config.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Whether and where traces are exported. */
public record TelemetryConfig(
    Otlp otlp,
    @Key(value = "jubal", doc = "service.name of exported traces.") String serviceName,
    @Key(
            value = "100",
            doc =
                "Percent of requests whose trace is exported, 0 to 100; one with a traceparent"
                    + " follows its caller.")
        int sample) {

  /**
   * The collector.
   *
   * @param headers {@code name=value} by commas, as OTEL_EXPORTER_OTLP_HEADERS has them
   */
  public record Otlp(
      @Key(
              doc =
                  "http://HOST:4318 of an OpenTelemetry collector that takes OTLP over HTTP;"
                      + " without it, and without OTEL_EXPORTER_OTLP_ENDPOINT, no traces are made.")
          Optional<String> endpoint,
      @Key(doc = "Headers for the collector, name=value by commas; better in the environment.")
          Optional<Secret> headers,
      @Key(value = "10s", doc = "How long the collector may take for a batch.") Duration timeout,
      @Key(
              value = "4096",
              doc =
                  "Spans that may wait for the collector; what comes beyond is dropped and"
                      + " counted.")
          int queue) {
    static final String PATH = "/v1/traces";

    public Otlp {
      endpoint.ifPresent(Otlp::check);
      if (queue < 1 || queue > 1_000_000) {
        throw new ConfigException("telemetry.otlp.queue: " + queue + " (expected: 1 to 1000000).");
      }
      if (timeout.isNegative() || timeout.isZero()) {
        throw new ConfigException(
            "telemetry.otlp.timeout: " + timeout + " (expected: more than nothing).");
      }
    }

    /** The whole text of it may hold a password. */
    private static void check(String endpoint) {
      try {
        URI uri = new URI(endpoint);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if ((scheme.equals("http") || scheme.equals("https"))
            && uri.getHost() != null
            && uri.getUserInfo() == null) {
          return;
        }
      } catch (URISyntaxException _) {
        // told below
      }
      throw new ConfigException(
          "telemetry.otlp.endpoint is not http://HOST:PORT or https://HOST:PORT, without a user"
              + " (expected: the address of a collector, and what it wants to know in"
              + " telemetry.otlp.headers).");
    }

    /** Where traces go: the path of traces is added to a base. */
    String traces() {
      String base = endpoint.orElseThrow();
      if (base.endsWith(PATH)) {
        return base;
      }
      return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH;
    }

    /**
     * The headers by name.
     *
     * @throws ConfigException when they are none
     */
    Map<String, String> headerValues() {
      Map<String, String> values = new HashMap<>();
      String all = headers.map(Secret::reveal).orElse("");
      for (String pair : all.isBlank() ? new String[0] : all.split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          throw new ConfigException(
              "telemetry.otlp.headers holds a part without a name (expected: name=value by"
                  + " commas).");
        }
        values.put(
            pair.substring(0, equals).strip(),
            java.net.URLDecoder.decode(
                pair.substring(equals + 1).strip().replace("+", "%2B"),
                java.nio.charset.StandardCharsets.UTF_8));
      }
      return values;
    }
  }

  public TelemetryConfig {
    if (sample < 0 || sample > 100) {
      throw new ConfigException("telemetry.sample: " + sample + " (expected: 0 to 100).");
    }
  }

  /**
   * What OpenTelemetry's own variables of the environment say, by our keys; ours win.
   *
   * @throws ConfigException when they ask for what is not done
   */
  public static Map<String, String> standard(Map<String, String> environment) {
    return StandardVariables.keys(environment);
  }
}
