package dev.jubal.platform.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class LogLineTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  static String line(
      LogLine form, String message, Map<String, ?> fields, @Nullable Throwable thrown) {
    LogRecord entry = new LogRecord(Level.WARNING, message);
    entry.setLoggerName("dev.jubal.request");
    entry.setInstant(NOW);
    if (!fields.isEmpty()) {
      entry.setParameters(new Object[] {fields});
    }
    if (thrown != null) {
      entry.setThrown(thrown);
    }
    return form.format(entry);
  }

  @Test
  void asTextItIsTheLineOfOld() {
    LogLine text = new LogLine(LogConfig.Form.TEXT, Redaction.FORM);
    assertEquals(
        "2026-01-02T03:04:05.678Z WARN  request: it happened\n",
        line(text, "it happened", Map.of(), null));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", 200);
    fields.put("team", "a");
    assertEquals(
        "2026-01-02T03:04:05.678Z WARN  request: request status=200 team=a\n",
        line(text, "request", fields, null));
  }

  @Test
  void asJsonItIsOneObjectOnOneLine() {
    LogLine json = new LogLine(LogConfig.Form.JSON, Redaction.FORM);
    String line =
        line(
            json,
            "two\nlines \"quoted\"",
            Map.of("status", 200L),
            new IllegalStateException("no\nway"));
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.endsWith("}\n"), line);
    JsonNode read = Json.mapper().readTree(line);
    assertEquals("2026-01-02T03:04:05.678Z", read.path("time").stringValue());
    assertEquals("WARN", read.path("level").stringValue());
    assertEquals("request", read.path("logger").stringValue());
    assertEquals("two\nlines \"quoted\"", read.path("message").stringValue());
    assertEquals(200, read.path("status").intValue());
    assertTrue(
        read.path("exception")
            .stringValue()
            .startsWith("java.lang.IllegalStateException: no\nway"));
    assertFalse(read.has("request_id"));
  }
}
