package dev.jubal.platform.trace;

import java.util.Optional;

/** Where spans come from and what becomes of them. Thread-safe. */
interface Spans extends AutoCloseable {
  /** None are made. */
  Spans NONE =
      new Spans() {
        @Override
        public Begun begin(Traces.Begun request, Optional<TraceParent> caller) {
          return new Begun(caller.map(TraceParent::traceId).orElse(""), Optional.empty());
        }

        @Override
        public long count(Tracing.Outcome outcome) {
          return 0;
        }

        @Override
        public void close() {
          // there is nothing to end
        }
      };

  /**
   * A request's first span.
   *
   * @param traceId empty for none
   * @param track empty when it is not exported
   */
  record Begun(String traceId, Optional<Track> track) {}

  /** Begins the first span of a request, within its caller's if that sent one. */
  Begun begin(Traces.Begun request, Optional<TraceParent> caller);

  long count(Tracing.Outcome outcome);

  @Override
  void close();
}
