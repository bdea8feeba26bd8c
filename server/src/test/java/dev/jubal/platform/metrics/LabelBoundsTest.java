package dev.jubal.platform.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.platform.config.ConfigException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class LabelBoundsTest {
  @Test
  void theFirstValuesKeepTheirNamesForGood() {
    LabelBounds bounds = new LabelBounds(Map.of("team", 2));
    assertEquals("a", bounds.value("team", "a"));
    assertEquals("b", bounds.value("team", "b"));
    assertEquals("other", bounds.value("team", "c"));
    assertEquals("a", bounds.value("team", "a"));
    assertEquals("other", bounds.value("team", "c"));
  }

  @Test
  void aLabelNobodyThoughtOfHasABoundToo() {
    LabelBounds bounds = new LabelBounds(Map.of());
    for (int i = 0; i < 300; i++) {
      assertEquals("v" + i, bounds.value("x", "v" + i));
    }
    assertEquals("other", bounds.value("x", "v300"));
  }

  @Test
  void manyThreadsDoNotGetPastIt() {
    LabelBounds bounds = new LabelBounds(Map.of("team", 100));
    Set<String> kept = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 64; t++) {
        int thread = t;
        var _ =
            threads.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    kept.add(bounds.value("team", "t" + (i * 31 + thread) % 1000));
                  }
                });
      }
    }
    assertEquals(101, kept.size());
  }

  @Test
  void aBoundIsANumberOfSomeSize() {
    assertThrows(ConfigException.class, () -> new MetricsConfig(Optional.empty(), -1, 5));
    ConfigException e =
        assertThrows(ConfigException.class, () -> new MetricsConfig(Optional.empty(), 5, 10_001));
    assertEquals("metrics.models: 10001 (expected: 0 to 10000).", e.getMessage());
  }
}
