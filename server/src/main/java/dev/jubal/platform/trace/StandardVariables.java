package dev.jubal.platform.trace;

import dev.jubal.platform.config.ConfigException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * OpenTelemetry's own variables of the environment, as far as they are about traces; those of
 * traces alone win over those of all signals. What is set and cannot be followed is refused.
 * Source: OpenTelemetry specification, "Environment Variable Specification" and "OTLP Exporter".
 */
final class StandardVariables {
  private static final String ALL = "OTEL_EXPORTER_OTLP_";
  private static final String TRACES = ALL + "TRACES_";
  private static final Set<String> EXPORTERS = Set.of("", "otlp", "none");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final Map<String, String> environment;

  private StandardVariables(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * What they say, by our keys; nothing where they name no collector.
   *
   * @throws ConfigException when one of them cannot be followed
   */
  static Map<String, String> keys(Map<String, String> environment) {
    return new StandardVariables(environment).keys();
  }

  private Map<String, String> keys() {
    String endpoint = either("ENDPOINT");
    if (endpoint.isEmpty() || disabled()) {
      return Map.of();
    }
    wholePath();
    String protocol = either("PROTOCOL");
    if (!protocol.isEmpty() && !protocol.equals("http/protobuf")) {
      throw refused(
          named("PROTOCOL"), protocol, "http/protobuf; or OTEL_SDK_DISABLED=true for no traces");
    }
    Map<String, String> keys = new HashMap<>();
    keys.put("telemetry.otlp.endpoint", endpoint);
    put(keys, "telemetry.otlp.headers", either("HEADERS"));
    put(keys, "telemetry.service-name", value("OTEL_SERVICE_NAME"));
    put(keys, "telemetry.otlp.timeout", timeout());
    put(keys, "telemetry.sample", sample());
    return keys;
  }

  private boolean disabled() {
    String exporter = value("OTEL_TRACES_EXPORTER").toLowerCase(Locale.ROOT);
    if (!EXPORTERS.contains(exporter)) {
      throw refused("OTEL_TRACES_EXPORTER", exporter, "otlp or none");
    }
    return value("OTEL_SDK_DISABLED").equalsIgnoreCase("true") || exporter.equals("none");
  }

  /** The endpoint of traces alone is taken as it is, to which nothing may be added then. */
  private void wholePath() {
    String whole = value(TRACES + "ENDPOINT");
    if (!whole.isEmpty() && !whole.endsWith(TelemetryConfig.Otlp.PATH)) {
      // not shown: it may hold a password
      throw new ConfigException(
          TRACES
              + "ENDPOINT does not end in "
              + TelemetryConfig.Otlp.PATH
              + " (expected: the whole address, which does; or "
              + ALL
              + "ENDPOINT without it).");
    }
  }

  private String timeout() {
    String timeout = either("TIMEOUT");
    if (!timeout.isEmpty() && !timeout.matches("[1-9][0-9]{0,8}")) {
      throw refused(named("TIMEOUT"), timeout, "milliseconds, 1 or more");
    }
    return timeout.isEmpty() ? "" : timeout + "ms";
  }

  /** The percentage that a sampler stands for. */
  private String sample() {
    String sampler = value("OTEL_TRACES_SAMPLER");
    return switch (sampler) {
      case "" -> "";
      case "parentbased_always_on" -> "100";
      case "parentbased_always_off" -> "0";
      case "parentbased_traceidratio" -> percent(value("OTEL_TRACES_SAMPLER_ARG"));
      default ->
          throw refused(
              "OTEL_TRACES_SAMPLER",
              sampler,
              "parentbased_always_on, parentbased_always_off or parentbased_traceidratio, as a"
                  + " request follows its caller");
    };
  }

  private static String percent(String ratio) {
    try {
      BigDecimal percent = new BigDecimal(ratio.isEmpty() ? "1" : ratio).multiply(HUNDRED);
      if (percent.signum() >= 0 && percent.compareTo(HUNDRED) <= 0) {
        return Integer.toString(percent.intValueExact());
      }
    } catch (ArithmeticException _) {
      // told below, as is what is no number
    } catch (NumberFormatException _) {
      // told below
    }
    throw refused("OTEL_TRACES_SAMPLER_ARG", ratio, "0 to 1 in whole percents, as 0.25");
  }

  private String named(String name) {
    return value(TRACES + name).isEmpty() ? ALL + name : TRACES + name;
  }

  private String either(String name) {
    return List.of(TRACES, ALL).stream()
        .map(prefix -> value(prefix + name))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }

  private String value(String name) {
    return environment.getOrDefault(name, "").strip();
  }

  private static void put(Map<String, String> keys, String key, String value) {
    if (!value.isEmpty()) {
      keys.put(key, value);
    }
  }

  private static ConfigException refused(String name, String value, String expected) {
    return new ConfigException(name + ": \"" + value + "\" (expected: " + expected + ").");
  }
}
