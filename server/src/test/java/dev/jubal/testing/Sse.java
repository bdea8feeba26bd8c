package dev.jubal.testing;

import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One server-sent event, read as strictly as the dialects write it. */
public record Sse(String name, String data) {

  /** The events of a body; comments are passed over. */
  public static List<Sse> parse(String body) {
    List<Sse> events = new ArrayList<>();
    for (String frame : body.split("\n\n")) {
      if (!frame.startsWith(":")) {
        events.add(event(frame));
      }
    }
    return events;
  }

  private static Sse event(String frame) {
    String name = "";
    String data = frame;
    if (frame.startsWith("event: ")) {
      name = frame.substring("event: ".length(), frame.indexOf('\n'));
      data = frame.substring(frame.indexOf('\n') + 1);
    }
    if (!data.startsWith("data: ") || data.contains("\n")) {
      throw new AssertionError("not an event of one data line: " + frame);
    }
    return new Sse(name, data.substring("data: ".length()));
  }

  public boolean done() {
    return data.equals("[DONE]");
  }

  public JsonNode json() {
    return Json.tree(data.getBytes(StandardCharsets.UTF_8));
  }
}
