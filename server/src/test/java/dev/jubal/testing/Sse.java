package dev.jubal.testing;

import dev.jubal.platform.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

  /** Reads so many events, each as all its lines, and then leaves. */
  public static List<String> leaveAfter(Http http, HttpRequest.Builder request, int events)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new AssertionError("status " + answer.statusCode());
    }
    List<String> seen = new ArrayList<>();
    StringBuilder frame = new StringBuilder();
    try (InputStream in = answer.body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      while (seen.size() < events) {
        String line = lines.readLine();
        if (!line.isEmpty()) {
          frame.append(frame.isEmpty() ? "" : "\n").append(line);
        } else if (!frame.isEmpty()) {
          if (frame.charAt(0) != ':') {
            seen.add(frame.toString());
          }
          frame.setLength(0);
        }
      }
    }
    return seen;
  }

  public boolean done() {
    return data.equals("[DONE]");
  }

  public JsonNode json() {
    return Json.tree(data.getBytes(StandardCharsets.UTF_8));
  }
}
