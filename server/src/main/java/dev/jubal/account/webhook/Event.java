package dev.jubal.account.webhook;

import dev.jubal.platform.json.Json;
import java.time.Instant;

/** The body of a signed call: one envelope, whatever it is about. */
public final class Event {
  private Event() {}

  private record Told(
      String id, String object, long createdAt, String type, String timestamp, Object data) {}

  /**
   * The body.
   *
   * @param id what receivers tell repetitions by
   * @param at when it happened
   */
  public static byte[] json(String id, String type, Instant at, Object data) {
    return Json.bytes(new Told(id, "event", at.getEpochSecond(), type, at.toString(), data));
  }
}
