package dev.jubal.platform.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Secret;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TelemetryConfigTest {
  private static TelemetryConfig.Otlp otlp(String endpoint, String headers) {
    return new TelemetryConfig.Otlp(
        Optional.of(endpoint), Optional.of(new Secret(headers)), Duration.ofSeconds(1), 10);
  }

  @Test
  void thePathOfTracesIsAddedToABase() {
    assertEquals("http://c:4318/v1/traces", otlp("http://c:4318", "").traces());
    assertEquals("http://c:4318/v1/traces", otlp("http://c:4318/", "").traces());
    assertEquals("https://c/otlp/v1/traces", otlp("https://c/otlp", "").traces());
    assertEquals("https://c/v1/traces", otlp("https://c/v1/traces", "").traces());
  }

  @Test
  void whatIsNoAddressIsRefusedWithoutBeingShown() {
    for (String bad : new String[] {"c:4318", "ftp://c", "http://u:hunter22@c", "http://", "x y"}) {
      ConfigException e = assertThrows(ConfigException.class, () -> otlp(bad, ""));
      assertFalse(String.valueOf(e.getMessage()).contains("hunter22"));
    }
  }

  @Test
  void headersAreReadAsOpenTelemetryHasThem() {
    assertEquals(
        Map.of("authorization", "Basic a+b=", "x", "1,2"),
        otlp("http://c", "authorization=Basic%20a+b%3D, x = 1%2C2").headerValues());
    ConfigException e =
        assertThrows(ConfigException.class, () -> otlp("http://c", "hunter22").headerValues());
    assertFalse(String.valueOf(e.getMessage()).contains("hunter22"));
  }

  @Test
  void theStandardVariablesStandForOurKeys() {
    assertEquals(
        Map.of(
            "telemetry.otlp.endpoint", "http://c:4318",
            "telemetry.otlp.headers", "a=b",
            "telemetry.service-name", "grok"),
        TelemetryConfig.standard(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318",
                "OTEL_EXPORTER_OTLP_HEADERS", "a=b",
                "OTEL_SERVICE_NAME", "grok")));
    assertTrue(TelemetryConfig.standard(Map.of("OTEL_SERVICE_NAME", "grok")).isEmpty());
    assertTrue(
        TelemetryConfig.standard(
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c", "OTEL_SDK_DISABLED", "true"))
            .isEmpty());
  }

  @Test
  void thoseOfTracesAloneWin() {
    assertEquals(
        Map.of(
            "telemetry.otlp.endpoint", "http://t:4318/x/v1/traces",
            "telemetry.otlp.headers", "t=1",
            "telemetry.otlp.timeout", "2500ms"),
        TelemetryConfig.standard(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t:4318/x/v1/traces",
                "OTEL_EXPORTER_OTLP_HEADERS", "a=b",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "t=1",
                "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf",
                "OTEL_EXPORTER_OTLP_TIMEOUT", "10000",
                "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2500")));
  }

  @ParameterizedTest
  @CsvSource({
    "parentbased_always_on,,100",
    "parentbased_always_off,,0",
    "parentbased_traceidratio,0.25,25",
    "parentbased_traceidratio,1.0,100",
    "parentbased_traceidratio,,100"
  })
  void aSamplerIsAPercentage(String sampler, String ratio, String sample) {
    Map<String, String> keys =
        TelemetryConfig.standard(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://c",
                "OTEL_TRACES_SAMPLER",
                sampler,
                "OTEL_TRACES_SAMPLER_ARG",
                ratio == null ? "" : ratio));
    assertEquals(sample, keys.get("telemetry.sample"));
  }

  @Test
  void noExporterIsNoTraces() {
    Map<String, String> none =
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c", "OTEL_TRACES_EXPORTER", "none");
    assertTrue(TelemetryConfig.standard(none).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_PROTOCOL,grpc,http/protobuf",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL,http/json,http/protobuf",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,http://c:4318,/v1/traces",
    "OTEL_EXPORTER_OTLP_TIMEOUT,10s,milliseconds",
    "OTEL_EXPORTER_OTLP_TIMEOUT,0,milliseconds",
    "OTEL_TRACES_EXPORTER,zipkin,otlp or none",
    "OTEL_TRACES_SAMPLER,always_on,parentbased_always_on",
    "OTEL_TRACES_SAMPLER,jaeger_remote,parentbased_always_on"
  })
  void whatIsNotDoneIsRefusedByItsName(String name, String value, String expected) {
    Map<String, String> environment =
        new HashMap<>(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"));
    environment.put(name, value);
    ConfigException e =
        assertThrows(ConfigException.class, () -> TelemetryConfig.standard(environment));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(name) && message.contains(expected), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.255", "1.01", "-0.1", "half"})
  void aRatioThatIsNoWholePercentageIsRefused(String ratio) {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                TelemetryConfig.standard(
                    Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://c",
                        "OTEL_TRACES_SAMPLER",
                        "parentbased_traceidratio",
                        "OTEL_TRACES_SAMPLER_ARG",
                        ratio)));
    assertTrue(String.valueOf(e.getMessage()).startsWith("OTEL_TRACES_SAMPLER_ARG"));
  }
}
