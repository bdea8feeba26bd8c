package dev.jubal.bench.server;

import dev.jubal.platform.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The pieces of work the bench asks for: the script's answer, the request that gets it, and the
 * schedule of its events.
 *
 * @param mark the text in the request's last message by which the script knows it
 * @param events deltas of a streamed answer
 * @param everyMillis from one delta to the next
 * @param stream whether the answer is streamed
 * @param delayMillis silence before the first delta
 * @param fill bytes of conversation before the last message
 */
record Work(String mark, int events, int everyMillis, boolean stream, int delayMillis, int fill) {
  /** An answer at once. */
  static final Work UNARY = new Work("bench-unary", 16, 0, false, 0, 0);

  /** A short stream, to see what each event costs. */
  static final Work STREAM = new Work("bench-stream", 16, 2, true, 0, 0);

  /** A stream at once. */
  static final Work BURST = new Work("bench-burst", 16, 0, true, 0, 0);

  /** A backend that takes 20 ms. */
  static final Work WAIT = new Work("bench-wait", 16, 0, false, 20, 0);

  /** The stream of the field's bar. */
  static final Work STEADY = new Work("bench-steady", 64, 20, true, 0, 0);

  /** A large conversation whose answer waits until all such requests are there. */
  static final Work LARGE = new Work("bench-large", 16, 0, false, 12_000, 150_000);

  private static final List<Work> ALL = List.of(UNARY, STREAM, BURST, WAIT, STEADY, LARGE);
  private static final int MESSAGE = 15_000;

  /** The script that answers all of them. */
  static byte[] script() {
    return Json.bytes(Map.of("answers", ALL.stream().map(Work::answer).toList()));
  }

  private Map<String, Object> answer() {
    Map<String, Object> text = Map.of("text", " word", "times", events, "every_ms", everyMillis);
    List<Map<String, Object>> steps =
        delayMillis == 0 ? List.of(text) : List.of(Map.of("delay_ms", delayMillis), text);
    return Map.of("match", mark, "steps", steps);
  }

  /** The body of the chat request. */
  String body() {
    List<Map<String, String>> messages = new ArrayList<>();
    messages.add(Map.of("role", "system", "content", "You are a helpful assistant."));
    for (int left = fill; left > 0; left -= MESSAGE) {
      String text = "The quick brown fox jumps over the lazy dog. ".repeat(MESSAGE / 45);
      messages.add(
          Map.of("role", messages.size() % 2 == 1 ? "user" : "assistant", "content", text));
    }
    messages.add(Map.of("role", "user", "content", mark));
    return Json.string(Map.of("model", "grok-4", "stream", stream, "messages", messages));
  }

  /** Events the client should see: the deltas and the last chunk. */
  int seen() {
    return stream ? events + 1 : 0;
  }
}
