package dev.jubal.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SamplesTest {
  @Test
  void percentilesAreMembersOfTheSet() {
    Samples samples = new Samples();
    for (int i = 5000; i >= 1; i--) {
      samples.add(i * 1000L);
    }
    assertEquals(new Spread(2500, 4500, 4950, 5000), samples.spread());
  }

  @Test
  void anEmptySetHasNone() {
    assertEquals(Spread.NONE, new Samples().spread());
  }
}
