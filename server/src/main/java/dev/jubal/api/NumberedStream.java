package dev.jubal.api;

import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.http.SseStream;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the events of an answer from 0, as {@code id: WORK:N}, and leaves out those that its
 * client has had. The encoder of an answer makes the same events whenever it is given the same.
 */
final class NumberedStream implements EventStream {
  private final SseStream out;
  private final String work;
  private final int after;
  private int next;

  /**
   * A stream.
   *
   * @param after number of the last event that the client has had, -1 for none
   */
  NumberedStream(SseStream out, String work, int after) {
    this.out = out;
    this.work = work;
    this.after = after;
  }

  @Override
  public void event(@Nullable String name, byte[] data) {
    int n = next++;
    if (n > after) {
      out.event(work + ":" + n, name, data);
    }
  }
}
