package dev.jubal.backend.scripted;

import dev.jubal.inference.GenerationEvent.Alternative;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationEvent.Logprob;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.WireReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A script, read and checked; {@link ScriptedBackend} describes its form.
 *
 * @param backend what answers report as {@code x-jubal-backend}
 * @param contextTokens most tokens of prompt and answer together
 * @param constrains what the weights say of themselves
 * @param local whether the weights are this machine's, so that they go on after a text
 * @param sees what the weights say of themselves
 * @param thinks what the weights say of themselves
 * @param refuses the schema that the check refuses, if it refuses one
 * @param answers never empty
 */
record Script(
    String backend,
    long contextTokens,
    boolean constrains,
    boolean local,
    boolean sees,
    boolean thinks,
    Optional<Refusal> refuses,
    List<Answer> answers) {
  private static final long CONTEXT = 131_072;

  /**
   * What one request gets.
   *
   * @param match plays only when the last message holds this text
   * @param promptTokens empty counts the words of the prompt
   * @param imageTokens those of the prompt that stand for pictures
   * @param used what its usage tells besides tokens, such as calls of tools
   * @param waits what it is told, and for how long it waits, before it starts
   */
  record Answer(
      Optional<String> match,
      OptionalLong promptTokens,
      long cachedTokens,
      long imageTokens,
      Map<String, Long> used,
      List<Wait> waits,
      List<Step> steps) {}

  /** A place in a queue; an estimate of -1 is none. */
  record Wait(int position, long etaMillis, Duration time) {}

  /** A schema that cannot be enforced; {@code tool} is empty for the format of the answer. */
  record Refusal(OptionalInt tool, String pointer, String keyword, String message) {}

  /** One thing that happens; {@code choice} is empty for all choices asked for. */
  sealed interface Step {
    /** Text, sent {@code times}, {@code every} apart. */
    record Text(OptionalInt choice, String text, List<Logprob> logprobs, int times, Duration every)
        implements Step {}

    /** Thought, sent {@code times}, {@code every} apart. */
    record Reasoning(OptionalInt choice, String text, int times, Duration every) implements Step {}

    /**
     * A call, its arguments in {@code split} pieces.
     *
     * @param id empty for one that counts
     * @param cut whether it ends by length before its last piece
     * @param every how long it waits after each piece
     */
    record Call(
        OptionalInt choice,
        Optional<String> id,
        String name,
        List<String> pieces,
        boolean cut,
        Duration every)
        implements Step {}

    /** Silence. */
    record Delay(Duration time) implements Step {}

    /** Silence until the request is cancelled. */
    record Hold() implements Step {}

    /** The end of a choice. */
    record Finish(OptionalInt choice, FinishReason reason, Optional<String> stop) implements Step {}

    /** The end of the request. */
    record Fail(Failure kind, String message, Duration retryAfter, String param) implements Step {}
  }

  /** The failures a script can play, named as in the script. */
  enum Failure {
    OVERLOADED,
    PROMPT_TOO_LONG,
    REJECTED,
    UNAVAILABLE,
    BROKEN
  }

  /**
   * Reads a script.
   *
   * @throws IllegalArgumentException with the path, the value and what was expected
   */
  static Script read(byte[] json) {
    try {
      WireReader.Body<Wire> body = WireReader.read(json, Wire.class);
      if (!body.ignored().isEmpty()) {
        throw new IllegalArgumentException(
            "script: unknown " + body.ignored() + " (expected: only fields of the form).");
      }
      return body.value().script();
    } catch (ApiException e) {
      throw new IllegalArgumentException("script: " + e.text(), e);
    }
  }

  /** The script as written. */
  record Wire(
      @Nullable String backend,
      @Field(min = 1) @Nullable Long contextTokens,
      @Nullable Boolean constrains,
      @Nullable Boolean local,
      @Nullable Boolean sees,
      @Nullable Boolean thinks,
      @Nullable WireRefusal refuses,
      @Field(required = true, min = 1) List<WireAnswer> answers) {
    Script script() {
      return new Script(
          Objects.requireNonNullElse(backend, "scripted/script"),
          Objects.requireNonNullElse(contextTokens, CONTEXT),
          !Boolean.FALSE.equals(constrains),
          !Boolean.FALSE.equals(local),
          Boolean.TRUE.equals(sees),
          !Boolean.FALSE.equals(thinks),
          Optional.ofNullable(refuses).map(WireRefusal::refusal),
          answers.stream().map(WireAnswer::answer).toList());
    }
  }

  /** A refusal as written. */
  record WireRefusal(
      @Field(min = 0) @Nullable Integer tool,
      @Nullable String pointer,
      @Nullable String keyword,
      @Field(required = true) String message) {
    Refusal refusal() {
      return new Refusal(
          tool == null ? OptionalInt.empty() : OptionalInt.of(tool),
          Objects.requireNonNullElse(pointer, ""),
          Objects.requireNonNullElse(keyword, ""),
          message);
    }
  }

  /** A call as written; {@code seed} splits at random places, else pieces are alike. */
  record WireCall(
      @Nullable String id,
      @Field(required = true) String name,
      @Field(required = true) String arguments,
      @Field(min = 1) @Nullable Integer split,
      @Nullable Long seed,
      @Nullable Boolean cut) {
    Step step(OptionalInt choice, Duration every) {
      int pieces = Objects.requireNonNullElse(split, 1);
      return new Step.Call(
          choice,
          Optional.ofNullable(id),
          name,
          seed == null
              ? Pieces.alike(arguments, pieces)
              : Pieces.random(arguments, pieces, new Random(seed)),
          Boolean.TRUE.equals(cut),
          every);
    }
  }

  /** An answer as written. */
  record WireAnswer(
      @Nullable String match,
      @Field(min = 0) @Nullable Long promptTokens,
      @Field(min = 0) @Nullable Long cachedTokens,
      @Field(min = 0) @Nullable Long imageTokens,
      @Field(types = {"object"}) @Nullable JsonNode used,
      @Nullable List<WireWait> waits,
      @Field(required = true) List<WireStep> steps) {
    Answer answer() {
      return new Answer(
          Optional.ofNullable(match),
          promptTokens == null ? OptionalLong.empty() : OptionalLong.of(promptTokens),
          Objects.requireNonNullElse(cachedTokens, 0L),
          Objects.requireNonNullElse(imageTokens, 0L),
          units(),
          waits == null ? List.of() : waits.stream().map(WireWait::read).toList(),
          steps.stream().map(WireStep::step).toList());
    }

    private Map<String, Long> units() {
      Map<String, Long> found = new TreeMap<>();
      if (used != null) {
        used.properties().forEach(e -> found.put(e.getKey(), e.getValue().asLong(0)));
      }
      return found;
    }
  }

  /** A place in a queue as written. */
  record WireWait(
      @Field(required = true, min = 1) Integer position,
      @Field(min = 0) @Nullable Long etaMs,
      @Field(min = 0) @Nullable Long forMs) {
    Wait read() {
      return new Wait(
          position,
          Objects.requireNonNullElse(etaMs, -1L),
          Duration.ofMillis(Objects.requireNonNullElse(forMs, 0L)));
    }
  }

  /** A step as written: exactly one of {@link #KINDS} says which. */
  record WireStep(
      @Nullable String text,
      @Nullable String reasoning,
      @Nullable WireCall call,
      @Field(min = 0) @Nullable Long delayMs,
      @Nullable Boolean hold,
      @Field(oneOf = {"stop", "length", "tool_calls"}) @Nullable String finish,
      @Field(oneOf = {"overloaded", "prompt_too_long", "rejected", "unavailable", "broken"})
          @Nullable String fail,
      @Field(min = 0) @Nullable Integer choice,
      @Nullable List<WireLogprob> logprobs,
      @Field(min = 1) @Nullable Integer times,
      @Field(min = 0) @Nullable Long everyMs,
      @Nullable String stop,
      @Nullable String message,
      @Field(min = 0) @Nullable Long retryAfterMs,
      @Nullable String param) {
    private static final String KINDS = "text, reasoning, call, delay_ms, hold, finish, fail";

    Step step() {
      List<Step> found = new ArrayList<>();
      if (text != null) {
        found.add(
            new Step.Text(
                which(),
                text,
                logprobs == null ? List.of() : logprobs.stream().map(WireLogprob::read).toList(),
                often(),
                millis(everyMs)));
      }
      if (reasoning != null) {
        found.add(new Step.Reasoning(which(), reasoning, often(), millis(everyMs)));
      }
      if (call != null) {
        found.add(call.step(which(), millis(everyMs)));
      }
      if (delayMs != null) {
        found.add(new Step.Delay(millis(delayMs)));
      }
      if (Boolean.TRUE.equals(hold)) {
        found.add(new Step.Hold());
      }
      if (finish != null) {
        FinishReason reason = FinishReason.valueOf(finish.toUpperCase(Locale.ROOT));
        found.add(new Step.Finish(which(), reason, Optional.ofNullable(stop)));
      }
      if (fail != null) {
        found.add(failure(fail));
      }
      if (found.size() != 1) {
        throw new IllegalArgumentException(
            "script: " + this + " (expected: one of " + KINDS + ").");
      }
      return found.getFirst();
    }

    private Step failure(String kind) {
      return new Step.Fail(
          Failure.valueOf(kind.toUpperCase(Locale.ROOT)),
          Objects.requireNonNullElse(message, "The script failed as written: " + kind + "."),
          millis(retryAfterMs),
          Objects.requireNonNullElse(param, "messages"));
    }

    private int often() {
      return Objects.requireNonNullElse(times, 1);
    }

    private OptionalInt which() {
      return choice == null ? OptionalInt.empty() : OptionalInt.of(choice);
    }

    private static Duration millis(@Nullable Long value) {
      return Duration.ofMillis(Objects.requireNonNullElse(value, 0L));
    }
  }

  /** A token's probability as written; {@code bytes} only where its text is not the whole truth. */
  record WireLogprob(
      @Field(required = true) String token,
      @Field(required = true, max = 0) Double logprob,
      @Nullable List<Integer> bytes,
      @Nullable List<WireLogprob> top) {
    Logprob read() {
      List<WireLogprob> others = top == null ? List.of() : top;
      return new Logprob(
          token,
          raw(),
          logprob,
          others.stream().map(o -> new Alternative(o.token, o.raw(), o.logprob)).toList());
    }

    private byte[] raw() {
      if (bytes == null) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      byte[] raw = new byte[bytes.size()];
      for (int i = 0; i < raw.length; i++) {
        raw[i] = bytes.get(i).byteValue();
      }
      return raw;
    }
  }
}
