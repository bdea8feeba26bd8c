package dev.jubal.backend.llama;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One request at the engine: hands its events on, in the engine's order, from the engine's thread
 * for this request.
 *
 * <p>When the sink fails (the client left, a defect) the work is cancelled, what was used is still
 * reported, and the failure comes out of {@link #await}.
 */
final class LlamaRun implements EngineListener {
  private final EventSink sink;
  private final Cancellation cancel;
  private final boolean logprobs;
  private final List<ChoiceEvents> choices;
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  private @Nullable RuntimeException sinkFailure;

  /**
   * @param choices reads the text of each choice
   */
  LlamaRun(EventSink sink, Cancellation cancel, boolean logprobs, List<ChoiceEvents> choices) {
    this.logprobs = logprobs;
    this.choices = choices;
    this.sink = sink;
    this.cancel = cancel;
  }

  /** Blocks until the request is over; throws what ended it, unless it ended well. */
  void await(Engine.Ticket ticket) {
    cancel.onCancel(ticket::cancel);
    try {
      over.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EngineFailure failure) {
        throw failure;
      }
      throw e;
    }
    if (sinkFailure != null) {
      throw sinkFailure;
    }
  }

  @Override
  public void queued(int position, long etaMillis) {
    send(new GenerationEvent.Queued(position, etaMillis));
  }

  @Override
  public void started(int promptTokens, int cachedTokens) {
    send(new GenerationEvent.Started(promptTokens, cachedTokens));
  }

  @Override
  public void text(int choice, String text, List<SampledToken> tokens) {
    List<GenerationEvent.Logprob> told =
        logprobs ? tokens.stream().map(LlamaRun::logprob).toList() : List.of();
    choices.get(choice).text(text, tokens.size(), told).forEach(this::send);
  }

  @Override
  public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {
    switch (reason) {
      case STOP -> finish(choice, GenerationEvent.FinishReason.STOP, stop);
      case LENGTH -> finish(choice, GenerationEvent.FinishReason.LENGTH, stop);
      case CANCELLED -> {
        // nobody waits for the end of a cancelled choice
      }
    }
  }

  private void finish(int choice, GenerationEvent.FinishReason reason, @Nullable String stop) {
    choices.get(choice).end(reason, stop).forEach(this::send);
  }

  @Override
  public void finished(Counts counts) {
    RuntimeException earlier = sinkFailure;
    if (earlier != null) {
      // marks the run as cancelled, so that the usage is settled and not taken for a good end
      cancel.cancel(reason(earlier));
    }
    long thought = choices.stream().mapToInt(ChoiceEvents::thought).sum();
    try {
      sink.accept(
          new GenerationEvent.Finished(
              new Usage(
                  counts.prompt(), counts.cached(), 0, counts.completion() - thought, thought),
              0));
    } catch (RuntimeException e) {
      sinkFailure = earlier == null ? e : earlier;
    }
    over.complete(null);
  }

  @Override
  public void failed(EngineFailure failure) {
    over.completeExceptionally(failure);
  }

  private void send(GenerationEvent event) {
    if (sinkFailure != null) {
      return;
    }
    try {
      sink.accept(event);
    } catch (RuntimeException e) {
      sinkFailure = e;
      cancel.cancel(reason(e));
    }
  }

  private static ApiException reason(RuntimeException e) {
    return e instanceof ApiException api
        ? api
        : new ApiException(ErrorCode.INTERNAL_ERROR, "Internal error.", null, null, e);
  }

  private static GenerationEvent.Logprob logprob(SampledToken t) {
    return new GenerationEvent.Logprob(
        text(t.bytes()),
        t.bytes(),
        t.logprob(),
        t.top().stream()
            .map(a -> new GenerationEvent.Alternative(text(a.bytes()), a.bytes(), a.logprob()))
            .toList());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
