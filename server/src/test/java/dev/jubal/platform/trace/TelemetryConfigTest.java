package dev.jubal.platform.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
  void aProtocolThatIsNotSpokenIsRefused() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                TelemetryConfig.standard(
                    Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c",
                        "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")));
    assertTrue(String.valueOf(e.getMessage()).contains("expected: http/protobuf"));
  }
}
