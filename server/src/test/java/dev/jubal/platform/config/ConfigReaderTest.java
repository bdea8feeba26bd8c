package dev.jubal.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One key, three spellings, and no unknown ones. */
class ConfigReaderTest {

  enum Mode {
    FAST,
    SLOW
  }

  record Limits(
      @Key(value = "60", doc = "Requests a minute.") int defaultRpm,
      @Key(value = "10s", doc = "Wait.") Duration pause,
      @Key(doc = "Token.") Optional<Secret> token) {}

  record Root(Limits limits, @Key(value = "fast", doc = "Mode.") Mode mode) {}

  @Test
  void defaultsHoldWithoutAnySource() {
    assertEquals(
        new Root(new Limits(60, Duration.ofSeconds(10), Optional.empty()), Mode.FAST),
        read(Map.of(), Map.of(), Map.of()));
  }

  @Test
  void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() {
    Map<String, String> file =
        Map.of("limits.default-rpm", "1", "limits.pause", "1m", "mode", "slow");
    Map<String, String> env =
        Map.of("JUBAL_LIMITS_DEFAULT_RPM", "2", "JUBAL_LIMITS_PAUSE", "2m", "HOME", "x");
    Root read = read(Map.of("limits.default-rpm", "3"), env, file);
    assertEquals(new Root(new Limits(3, Duration.ofMinutes(2), Optional.empty()), Mode.SLOW), read);
  }

  @Test
  void anUnknownKeyStopsTheStartWithTheNearestKnownOne() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> read(Map.of("limits.defualt-rpm", "1"), Map.of(), Map.of()));
    assertEquals(
        "Unknown key limits.defualt-rpm in the command line (did you mean limits.default-rpm?).",
        e.getMessage());
    assertThrows(
        ConfigException.class, () -> read(Map.of(), Map.of("JUBAL_LIMITS_RPM", "1"), Map.of()));
  }

  @Test
  void aValueOfTheWrongKindSaysWhatWasExpected() {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> read(Map.of("limits.pause", "soon"), Map.of(), Map.of()));
    assertEquals(
        "limits.pause: \"soon\" (expected: a duration such as 250ms, 30s, 10m, 24h or 90d).",
        e.getMessage());
    assertThrows(ConfigException.class, () -> read(Map.of("mode", "odd"), Map.of(), Map.of()));
  }

  @Test
  void aSecretNeverPrints() {
    Root read = read(Map.of("limits.token", "hush"), Map.of(), Map.of());
    assertTrue(!read.toString().contains("hush"), read.toString());
    assertEquals("hush", read.limits().token().orElseThrow().reveal());
  }

  private static Root read(
      Map<String, String> flags, Map<String, String> environment, Map<String, String> file) {
    return ConfigReader.read(Root.class, flags, environment, file);
  }
}
