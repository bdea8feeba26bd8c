package dev.jubal.account.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimesTest {
  @Test
  void aPercentileIsRightWithinTwoAndAHalfPercent() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      Times times = new Times();
      List<Double> all = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(500); i++) {
        double millis = Math.exp(random.nextDouble() * 12);
        all.add(millis);
        times.add(Duration.ofNanos((long) (millis * 1e6)));
      }
      Collections.sort(all);
      double exact = all.get((int) Math.ceil(all.size() * 0.95) - 1);
      double told = times.percentile(0.95);
      assertTrue(
          Math.abs(told / exact - 1) < 0.026, "seed " + seed + ": " + told + " for " + exact);
      assertEquals(told, Times.of(times.text()).percentile(0.95), "seed " + seed);
      assertEquals(all.size(), times.count());
    }
  }

  @Test
  void nothingTookNoTime() {
    assertEquals(0, Times.of("").percentile(0.95));
    assertEquals("", new Times().text());
  }
}
