package dev.jubal.bench.quality;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Collects the text of one answer. */
final class Answers implements EngineListener {
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<String> whole = new CompletableFuture<>();

  String await() {
    return whole.join();
  }

  @Override
  public void started(int promptTokens, int cachedTokens) {
    // only the text counts
  }

  @Override
  public void text(int choice, String more, List<SampledToken> tokens) {
    text.append(more);
  }

  @Override
  public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {
    // one choice a request: finished() follows
  }

  @Override
  public void finished(Counts counts) {
    whole.complete(text.toString());
  }

  @Override
  public void failed(EngineFailure failure) {
    whole.completeExceptionally(failure);
  }
}
