package dev.jubal.bench.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BuildProgressTest {
  @Test
  void readsMakeAndNinja() {
    assertEquals(12, BuildProgress.percent("[ 12%] Building CXX object"));
    assertEquals(100, BuildProgress.percent("[100%] Built target"));
    assertEquals(50, BuildProgress.percent("[105/210] Linking"));
    assertEquals(-1, BuildProgress.percent("-- Configuring done"));
  }

  @Test
  void saysEachTenthOnceWhereThereIsNoTerminal() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    BuildProgress progress = new BuildProgress("it", out, false);
    for (String line :
        List.of("[1/100] a", "[9/100] b", "[10/100] c", "[11/100] d", "[55/100] e")) {
      progress.accept(line);
    }
    assertEquals(
        List.of("  it: 1 %", "  it: 10 %", "  it: 55 %"),
        bytes.toString(StandardCharsets.UTF_8).lines().toList());
  }
}
