package dev.jubal.api;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.GenerationEvent;

/**
 * What a request used and cost, as the chat and completions dialects write it. Prompt tokens hold
 * the cached ones; completion tokens do not hold the reasoning ones, the total does.
 *
 * @param costInUsdTicks 1e-10 USD
 */
public record TokenUsage(
    long promptTokens,
    long completionTokens,
    long totalTokens,
    PromptTokensDetails promptTokensDetails,
    CompletionTokensDetails completionTokensDetails,
    long numSourcesUsed,
    long costInUsdTicks) {

  /** Prompt tokens by kind. */
  public record PromptTokensDetails(
      long textTokens, long audioTokens, long imageTokens, long cachedTokens) {}

  /** Completion tokens by kind. */
  public record CompletionTokensDetails(
      long reasoningTokens,
      long audioTokens,
      long acceptedPredictionTokens,
      long rejectedPredictionTokens) {}

  /** The usage of a settled request. */
  public static TokenUsage of(GenerationEvent.Finished finished) {
    Usage u = finished.usage();
    return new TokenUsage(
        u.prompt(),
        u.completion(),
        u.total(),
        new PromptTokensDetails(
            u.prompt() - u.image() - u.audio(), u.audio(), u.image(), u.cached()),
        new CompletionTokensDetails(u.reasoning(), 0, 0, 0),
        0,
        finished.costTicks());
  }
}
