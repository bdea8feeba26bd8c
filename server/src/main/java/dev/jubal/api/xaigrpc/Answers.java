package dev.jubal.api.xaigrpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.proto.xai.FinishReason;
import dev.jubal.proto.xai.LogProb;
import dev.jubal.proto.xai.LogProbs;
import dev.jubal.proto.xai.SamplingUsage;
import dev.jubal.proto.xai.TopLogProb;
import java.time.Instant;
import java.util.List;

/** Words that the answers of several services share. */
final class Answers {
  private Answers() {}

  static Timestamp time(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  static FinishReason reason(GenerationEvent.FinishReason reason) {
    return switch (reason) {
      case STOP -> FinishReason.REASON_STOP;
      case LENGTH -> FinishReason.REASON_MAX_LEN;
      case TOOL_CALLS -> FinishReason.REASON_TOOL_CALLS;
    };
  }

  /** Text tokens that no cache held stand apart from those that one did. */
  static SamplingUsage usage(GenerationEvent.Finished finished) {
    return usage(finished.usage(), finished.costTicks());
  }

  /** {@code costTicks}: the price, 1e-10 USD. */
  static SamplingUsage usage(Usage u, long costTicks) {
    return SamplingUsage.newBuilder()
        .setPromptTokens(Math.toIntExact(u.prompt()))
        .setCompletionTokens(Math.toIntExact(u.completion()))
        .setReasoningTokens(Math.toIntExact(u.reasoning()))
        .setTotalTokens(Math.toIntExact(u.total()))
        .setPromptTextTokens(
            Math.toIntExact(Math.max(0, u.prompt() - u.cached() - u.image() - u.audio())))
        .setPromptImageTokens(Math.toIntExact(u.image()))
        .setCachedPromptTextTokens(Math.toIntExact(u.cached()))
        .setCostInUsdTicks(costTicks)
        .build();
  }

  static LogProbs logprobs(List<GenerationEvent.Logprob> tokens) {
    LogProbs.Builder all = LogProbs.newBuilder();
    for (GenerationEvent.Logprob token : tokens) {
      LogProb.Builder one =
          LogProb.newBuilder()
              .setToken(token.token())
              .setLogprob((float) token.value())
              .setBytes(ByteString.copyFrom(token.bytes()));
      for (GenerationEvent.Alternative likely : token.top()) {
        one.addTopLogprobs(
            TopLogProb.newBuilder()
                .setToken(likely.token())
                .setLogprob((float) likely.value())
                .setBytes(ByteString.copyFrom(likely.bytes())));
      }
      all.addContent(one);
    }
    return all.build();
  }
}
