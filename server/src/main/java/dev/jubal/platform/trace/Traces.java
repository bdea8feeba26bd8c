package dev.jubal.platform.trace;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Begins what is told of requests. Thread-safe. */
@FunctionalInterface
public interface Traces {
  /** One that tells nothing of any. */
  Traces NONE = begun -> Trace.NONE;

  /** A request begins. */
  Trace begin(Begun request);

  /**
   * The head of a request.
   *
   * @param name of its span until it is known better
   * @param served whether it came from a client, rather than from a queue of ours
   * @param header what a header of that lower-case name says, null for nothing
   */
  record Begun(
      String requestId, String name, boolean served, Function<String, @Nullable String> header) {
    /** Work that comes from a queue of ours. */
    public static Begun work(String requestId, String name) {
      return new Begun(requestId, name, false, header -> null);
    }
  }
}
