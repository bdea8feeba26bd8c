package dev.jubal.platform.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.error.ApiException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimesTest {
  @Test
  void aMomentOfAnyZoneIsRead() {
    assertEquals(
        Instant.parse("2026-11-01T10:00:00Z"), Times.read("at", "2026-11-01T12:00:00+02:00"));
    assertEquals(
        "2026-11-01T10:00:00.123Z", Times.text(Instant.parse("2026-11-01T10:00:00.1239Z")));
  }

  @Test
  void whatIsNoneIsRefusedByItsField() {
    for (String text :
        List.of(
            "",
            "soon",
            "2026-11-01",
            "2026-13-01T00:00:00Z",
            "+999999999-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z")) {
      ApiException e = assertThrows(ApiException.class, () -> Times.read("at", text), text);
      assertTrue(
          String.valueOf(e.getMessage()).startsWith("at: \"" + text + "\" (expected: "),
          e.getMessage());
    }
  }
}
