package dev.jubal.platform.http;

import org.jspecify.annotations.Nullable;

/** Where the events of one answer go: server-sent events, a WebSocket, a store. */
public interface EventStream {

  /**
   * Sends one event of JSON {@code data}; {@code name} is the event's type, if the dialect has any.
   */
  void event(@Nullable String name, byte[] data);
}
