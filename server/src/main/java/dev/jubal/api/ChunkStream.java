package dev.jubal.api;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.platform.http.EventStream;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of one streamed answer, for the dialects of choices and chunks.
 *
 * <p>The finish reason of the last choice waits for the settlement: who saw the end of an answer
 * can count on its row. The usage stands in that chunk, or in one of its own when the client asked
 * for it. Then comes {@code [DONE]}.
 *
 * @param <C> what a chunk says of a choice
 */
public final class ChunkStream<C> {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final boolean includeUsage;
  private final BiFunction<List<C>, @Nullable TokenUsage, Object> chunk;
  private int open;
  private @Nullable C last;

  /**
   * A stream that has not begun.
   *
   * @param choices how many will finish
   * @param includeUsage whether the usage is a chunk of its own
   * @param chunk makes the wire record of a chunk
   */
  public ChunkStream(
      int choices, boolean includeUsage, BiFunction<List<C>, @Nullable TokenUsage, Object> chunk) {
    this.open = choices;
    this.includeUsage = includeUsage;
    this.chunk = chunk;
  }

  /** Sends what an event adds to a choice. */
  public void send(C choice, EventStream out) {
    send(choice, null, out);
  }

  /** Sends the end of a choice, or keeps it when it is the last. */
  public void finish(C choice, EventStream out) {
    open--;
    if (open > 0) {
      send(choice, null, out);
    } else {
      last = choice;
    }
  }

  /** Ends the stream of a settled request. */
  public void end(GenerationEvent.Finished finished, EventStream out) {
    TokenUsage total = TokenUsage.of(finished);
    send(
        Objects.requireNonNull(last, "not all choices finished"), includeUsage ? null : total, out);
    if (includeUsage) {
      out.event(null, Json.bytes(chunk.apply(List.of(), total)));
    }
    out.event(null, DONE);
  }

  private void send(C choice, @Nullable TokenUsage total, EventStream out) {
    out.event(null, Json.bytes(chunk.apply(List.of(choice), total)));
  }

  /** The name of a finish reason. */
  public static String reason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
    };
  }
}
