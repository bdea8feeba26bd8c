package dev.jubal.api;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.http.SseStream;

/**
 * How one answer of a dialect looks on the wire, streamed or whole. Made for one request.
 *
 * <p>{@link #fold} collects the very events that {@link #stream} would write: the whole answer is
 * the fold of the streamed one.
 */
public interface Encoder {

  /** Sets a stream up, before its first event. */
  default void open(SseStream out) {}

  /** Writes what an event means to the stream. */
  void stream(GenerationEvent event, EventStream out);

  /** Ends a stream whose head has left with the dialect's in-stream error. */
  void error(ApiException error, EventStream out);

  /** Takes an event into the whole answer. */
  void fold(GenerationEvent event);

  /** The whole answer as a wire record, after {@code Finished}. */
  Object whole();
}
