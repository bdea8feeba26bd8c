package dev.jubal.llama.worker;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener.Counts;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.Segment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server and a worker say to each other. */
sealed interface Message {

  /** Raised with every change of a layout; both sides come from one build, or refuse each other. */
  int VERSION = 4;

  /** First word of the server: what to load. */
  record Open(int version, EngineOptions options, int heartbeatMillis) implements Message {}

  /** A request; {@code credits} events may be sent before more are granted. */
  record Submit(int id, int credits, EngineRequest request) implements Message {}

  record Cancel(int id) implements Message {}

  /** The listener took {@code events} more events of a request. */
  record Credit(int id, int events) implements Message {}

  /** A question; its answer is the {@link Reply} with the same number. */
  sealed interface Call extends Message {
    int call();
  }

  record AskTokens(int call, List<Segment> prompt) implements Call {}

  record AskPieces(int call, int[] tokens) implements Call {}

  record AskStats(int call) implements Call {}

  /** First word of a worker: the model is loaded. */
  record Hello(int version, ModelInfo info) implements Message {}

  /** First and last word of a worker that could not load the model. */
  record LoadFailed(int version, EngineFailure.Kind kind, String reason) implements Message {}

  /** Sent at a steady pace, so that silence means trouble. */
  record Heartbeat(EngineStats stats) implements Message {}

  /** The answer to a {@link Call}. */
  sealed interface Reply extends Message {
    int call();
  }

  record Tokens(int call, int[] tokens) implements Reply {}

  record Pieces(int call, List<byte[]> pieces) implements Reply {}

  record Stats(int call, EngineStats stats) implements Reply {}

  record CallFailed(int call, EngineFailure.Kind kind, String reason) implements Reply {}

  /** Something that happened to a request. */
  sealed interface Event extends Message {
    int id();
  }

  record Queued(int id, int position, long etaMillis) implements Event {}

  record Started(int id, int promptTokens, int cachedTokens) implements Event {}

  record Text(int id, int choice, String text, List<SampledToken> tokens) implements Event {}

  record ChoiceFinished(int id, int choice, FinishReason reason, @Nullable String stop)
      implements Event {}

  record Finished(int id, Counts counts) implements Event {}

  record Failed(int id, EngineFailure.Kind kind, String reason) implements Event {}
}
