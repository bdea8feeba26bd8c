package dev.jubal.llama;

import java.util.List;

/**
 * One loaded model that turns prompts into text, several at a time.
 *
 * <p>Thread-safe. Two implementations keep one contract: in this process, and in a supervised
 * worker process.
 */
public interface Engine extends AutoCloseable {

  /** What the loaded model is and what it was given. Constant while the engine lives. */
  ModelInfo info();

  /** The token ids of a prompt, exactly as {@link #submit} would read them. */
  int[] tokenize(List<Segment> prompt);

  /** The bytes of each token id; control tokens give their name's bytes. */
  List<byte[]> pieces(int[] tokens);

  /**
   * Queues a request and returns at once. Everything that happens to it, refusal included, is told
   * to the listener, in order, from one thread at a time.
   */
  Ticket submit(EngineRequest request, EngineListener listener);

  /** Counters and gauges now. */
  EngineStats stats();

  /** Ends running requests with {@link EngineFailure.Kind#CLOSED} and frees the model. */
  @Override
  void close();

  /** A queued or running request. */
  interface Ticket {
    /** Stops the work within one decode step; the listener then gets {@code finished}. */
    void cancel();
  }
}
