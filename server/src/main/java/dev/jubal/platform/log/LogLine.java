package dev.jubal.platform.log;

import dev.jubal.platform.json.Json;
import dev.jubal.platform.trace.Trace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * The form of an entry of the log, without secrets. What an entry is given beside its message, as
 * one map, are fields of its own.
 *
 * <p>An entry made while a request is worked on has its ids, team and model.
 */
public final class LogLine extends Formatter {
  /** What an entry tells of the request it was made for. */
  private static final List<String> OF_REQUEST = List.of("team", "model");

  private final LogConfig.Form form;
  private final Redaction redaction;

  public LogLine(LogConfig.Form form, Redaction redaction) {
    super();
    this.form = form;
    this.redaction = redaction;
  }

  @Override
  public String format(LogRecord entry) {
    return switch (form) {
      case TEXT -> text(entry);
      case JSON -> json(entry);
    };
  }

  private static Map<?, ?> fields(LogRecord entry) {
    Object[] given = entry.getParameters();
    return given != null && given.length == 1 && given[0] instanceof Map<?, ?> map ? map : Map.of();
  }

  /** Time, level, the class, the message; fields and a stack trace follow. */
  private String text(LogRecord entry) {
    StringBuilder text =
        new StringBuilder()
            .append(entry.getInstant())
            .append(' ')
            .append(String.format("%-5s", level(entry.getLevel())))
            .append(' ')
            .append(place(entry))
            .append(": ")
            .append(formatMessage(entry));
    Map<?, ?> fields = fields(entry);
    fields.forEach((key, value) -> text.append(' ').append(key).append('=').append(value));
    if (!fields.isEmpty() && !Trace.current().none()) {
      text.append(" request_id=").append(Trace.current().requestId());
    }
    text.append('\n');
    Throwable thrown = entry.getThrown();
    return redaction.of(thrown == null ? text.toString() : text + trace(thrown));
  }

  private String json(LogRecord entry) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", entry.getInstant().toString());
    line.put("level", level(entry.getLevel()));
    line.put("logger", place(entry));
    line.put("message", redaction.of(formatMessage(entry)));
    Trace trace = Trace.current();
    if (!trace.none()) {
      line.put("request_id", trace.requestId());
      if (!trace.traceId().isEmpty()) {
        line.put("trace_id", trace.traceId());
      }
      for (String key : OF_REQUEST) {
        Object value = trace.noted(key);
        if (value != null) {
          line.put(key, safe(value));
        }
      }
    }
    fields(entry).forEach((key, value) -> line.put(String.valueOf(key), safe(value)));
    Throwable thrown = entry.getThrown();
    if (thrown != null) {
      line.put("exception", redaction.of(trace(thrown)));
    }
    return Json.string(line) + "\n";
  }

  private Object safe(Object value) {
    return value instanceof Number || value instanceof Boolean
        ? value
        : redaction.of(String.valueOf(value));
  }

  private static String place(LogRecord entry) {
    String name = String.valueOf(entry.getLoggerName());
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    return level.intValue() >= Level.WARNING.intValue() ? "WARN" : "INFO";
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
