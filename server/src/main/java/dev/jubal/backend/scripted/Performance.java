package dev.jubal.backend.scripted;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.Alternative;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationEvent.Logprob;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.platform.time.Cancellation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One request's play of an answer. Confined to the request's thread. */
final class Performance {
  private final GenerationRequest request;
  private final Script.Answer answer;
  private final long prompt;
  private final EventSink sink;
  private final Cancellation cancel;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final Supplier<String> callIds;
  private final long[] written;
  private final long[] thought;
  private final boolean[] thinking;
  private final int[] calls;
  private final boolean[] finished;
  private final Rest rest;

  Performance(
      GenerationRequest request,
      Script.Answer answer,
      long prompt,
      EventSink sink,
      Cancellation cancel,
      Supplier<String> callIds) {
    this.request = request;
    this.answer = answer;
    this.prompt = prompt;
    this.sink = sink;
    this.cancel = cancel;
    this.callIds = callIds;
    this.written = new long[request.options().choices()];
    this.thought = new long[written.length];
    this.thinking = new boolean[written.length];
    this.calls = new int[written.length];
    this.finished = new boolean[written.length];
    this.rest = Rest.of(request);
    this.thinking[0] = rest.thinks();
  }

  void play() {
    cancel.onCancel(cancelled::countDown);
    for (Script.Wait wait : answer.waits()) {
      sink.accept(new GenerationEvent.Queued(wait.position(), wait.etaMillis()));
      await(wait.time().toNanos());
    }
    long cached = Math.min(answer.cachedTokens(), prompt);
    sink.accept(new GenerationEvent.Started(prompt, cached));
    for (Script.Step step : answer.steps()) {
      if (cancel.cancelled()) {
        break;
      }
      play(step);
    }
    for (int choice = 0; choice < finished.length; choice++) {
      if (plays(OptionalInt.empty(), choice)) {
        boolean called = calls[choice] > 0;
        end(choice, called ? FinishReason.TOOL_CALLS : FinishReason.STOP, Optional.empty());
      }
    }
    Usage usage =
        new Usage(
            prompt,
            cached,
            Math.min(answer.imageTokens(), prompt),
            sum(written),
            sum(thought),
            answer.used());
    sink.accept(new GenerationEvent.Finished(usage, 0));
  }

  private static long sum(long[] counts) {
    return LongStream.of(counts).sum();
  }

  private void play(Script.Step step) {
    switch (step) {
      case Script.Step.Text t -> text(t);
      case Script.Step.Reasoning r -> think(r);
      case Script.Step.Call c -> call(c);
      case Script.Step.Delay d -> await(d.time().toNanos());
      case Script.Step.Hold _ -> await(Long.MAX_VALUE);
      case Script.Step.Finish f -> finish(f.choice(), f.reason(), f.stop());
      case Script.Step.Fail f -> throw failure(f);
    }
  }

  /** Waits, or less when the request is cancelled. */
  private void await(long nanos) {
    try {
      var _ = cancelled.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendFailure.Broken("The script was interrupted.");
    }
  }

  private void text(Script.Step.Text step) {
    Line[] lines = new Line[written.length]; // one event a choice, however often it is sent
    repeat(
        step.times(),
        step.every(),
        step.choice(),
        choice -> {
          Line line = lines[choice];
          if (line == null) {
            line = line(choice, step);
            lines[choice] = line;
          }
          say(choice, line);
        });
  }

  private void think(Script.Step.Reasoning step) {
    int budget = request.options().thought().budget().orElse(Integer.MAX_VALUE);
    repeat(
        step.times(),
        step.every(),
        step.choice(),
        choice -> {
          boolean first = written[choice] == 0 && calls[choice] == 0; // nothing is thought later
          if (rest.thought(step.text())) {
            return;
          }
          if (first && rest.thoughtTokens() + thought[choice] < budget) {
            thought[choice]++;
            thinking[choice] = true;
            sink.accept(new GenerationEvent.ReasoningDelta(choice, step.text(), 1));
          }
        });
  }

  /** A thought ends where something else of its choice begins. */
  private void endThought(int choice) {
    if (thinking[choice]) {
      thinking[choice] = false;
      sink.accept(new GenerationEvent.ReasoningFinished(choice));
    }
  }

  /** Plays by the clock, not by gaps: late deltas do not delay those after them. */
  private void repeat(int times, Duration every, OptionalInt which, IntConsumer delta) {
    long start = System.nanoTime();
    for (int i = 0; i < times && !cancel.cancelled(); i++) {
      long due = start + i * every.toNanos() - System.nanoTime();
      if (due > 0) {
        await(due);
      }
      for (int choice = 0; choice < written.length; choice++) {
        if (plays(which, choice)) {
          delta.accept(choice);
        }
      }
    }
  }

  private boolean plays(OptionalInt which, int choice) {
    return !finished[choice] && !cancel.cancelled() && which.orElse(choice) == choice;
  }

  /** A delta, and the stop text that ends its choice, if one does. */
  private record Line(GenerationEvent.TextDelta delta, @Nullable String stop) {}

  private Line line(int choice, Script.Step.Text step) {
    String text = step.text();
    String stop = null;
    int cut = text.length();
    for (String candidate : request.limits().stop()) {
      int at = step.text().indexOf(candidate);
      if (at >= 0 && at < cut) {
        cut = at;
        stop = candidate;
      }
    }
    text = text.substring(0, cut);
    return new Line(new GenerationEvent.TextDelta(choice, text, 1, logprobs(step, text)), stop);
  }

  private List<Logprob> logprobs(Script.Step.Text step, String text) {
    OptionalInt asked = request.options().topLogprobs();
    if (asked.isEmpty()) {
      return List.of();
    }
    int top = asked.getAsInt();
    if (step.logprobs().isEmpty()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      List<Alternative> itself = List.of(new Alternative(text, bytes, 0));
      return List.of(new Logprob(text, bytes, 0, top == 0 ? List.of() : itself));
    }
    return step.logprobs().stream()
        .map(
            l -> new Logprob(l.token(), l.bytes(), l.value(), l.top().stream().limit(top).toList()))
        .toList();
  }

  private void say(int choice, Line line) {
    if (rest.text(line.delta.text())) {
      return;
    }
    endThought(choice);
    written[choice]++;
    if (line.stop == null || !line.delta.text().isEmpty()) {
      sink.accept(line.delta);
    } else {
      // a token of which nothing is seen still was made
      sink.accept(new GenerationEvent.TextDelta(choice, "", 1, List.of()));
    }
    if (line.stop != null) {
      end(choice, FinishReason.STOP, Optional.of(line.stop));
    } else if (full(choice)) {
      end(choice, FinishReason.LENGTH, Optional.empty());
    }
  }

  private boolean full(int choice) {
    return written[choice] >= request.limits().maxTokens().orElse(Integer.MAX_VALUE);
  }

  private void call(Script.Step.Call step) {
    for (int choice = 0; choice < finished.length; choice++) {
      if (plays(step.choice(), choice)) {
        call(step, choice);
      }
    }
  }

  private void call(Script.Step.Call step, int choice) {
    endThought(choice);
    int index = calls[choice]++;
    Rest.Call before = rest.call();
    if (before.whole()) {
      return;
    }
    if (!before.begun()) {
      sink.accept(
          new GenerationEvent.CallStarted(
              choice, index, step.id().orElseGet(callIds), step.name()));
    }
    List<String> pieces = before.left(step.pieces());
    int count = step.cut() ? pieces.size() - 1 : pieces.size();
    for (int i = 0; i < count && !cancel.cancelled() && !full(choice); i++) {
      written[choice]++;
      sink.accept(new GenerationEvent.CallArguments(choice, index, pieces.get(i), 1));
      await(step.every().toNanos());
    }
    if (step.cut() || full(choice)) {
      end(choice, FinishReason.LENGTH, Optional.empty());
    } else if (!cancel.cancelled()) {
      sink.accept(new GenerationEvent.CallFinished(choice, index));
    }
  }

  private void finish(OptionalInt which, FinishReason reason, Optional<String> stop) {
    for (int choice = 0; choice < finished.length; choice++) {
      if (plays(which, choice)) {
        end(choice, reason, stop);
      }
    }
  }

  private void end(int choice, FinishReason reason, Optional<String> stop) {
    endThought(choice);
    finished[choice] = true;
    sink.accept(new GenerationEvent.ChoiceFinished(choice, reason, stop));
  }

  private static BackendFailure failure(Script.Step.Fail fail) {
    return switch (fail.kind()) {
      case OVERLOADED -> new BackendFailure.Overloaded(fail.message(), fail.retryAfter());
      case PROMPT_TOO_LONG -> new BackendFailure.PromptTooLong(fail.message());
      case REJECTED -> new BackendFailure.Rejected(fail.param(), fail.message());
      case UNAVAILABLE -> new BackendFailure.Unavailable(fail.message());
      case BROKEN -> new BackendFailure.Broken(fail.message());
    };
  }
}
