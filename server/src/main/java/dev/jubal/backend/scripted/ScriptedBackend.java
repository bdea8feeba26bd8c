package dev.jubal.backend.scripted;

import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Requester;
import dev.jubal.inference.SchemaPlace;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.time.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Plays a script instead of running a model. Thread-safe.
 *
 * <p>A script is a JSON object:
 *
 * <pre>{@code
 * {"backend": "scripted/demo",        what x-jubal-backend says; default scripted/script
 *  "context_tokens": 131072,          longer prompts fail as too long
 *  "constrains": false,               whether schemas are kept by construction; default true
 *  "local": false,                    whether it counts as this machine's; default true
 *  "sees": true,                      whether pictures are passed to it; default false
 *  "thinks": false,                   whether it thinks by itself; default true, as scripts can
 *  "refuses": {"tool": 0, "pointer": "/properties/a", "keyword": "not", "message": "..."},
 *                                     optional: what the check refuses; without tool the format
 *  "answers": [                       one a request, in turn, and again from the first
 *    {"match": "hello",               optional: only for requests whose last message holds it;
 *                                     pictures are their URLs
 *     "prompt_tokens": 12,            optional: what Started reports; default is one a word
 *     "cached_tokens": 3,             optional
 *     "image_tokens": 2,              optional, of the prompt
 *     "used": {"tool:web_search": 1}, optional: what the usage tells besides tokens
 *     "waits": [{"position": 3, "eta_ms": 4000, "for_ms": 50}],   optional: a queue before it starts
 *     "steps": [
 *       {"text": "Hel"},              one delta of one token, for every choice asked for
 *       {"reasoning": "Hm. "},        one delta of thought, of one token; before all else of a choice
 *       {"text": "x", "choice": 1},   ... or for one; choices that were not asked for are skipped
 *       {"text": "y", "logprobs": [{"token": "y", "logprob": -0.5, "bytes": [121],
 *                      "top": [{"token": "z", "logprob": -1.5}]}]},
 *       {"text": "x", "times": 64, "every_ms": 20},   64 deltas on a fixed schedule
 *       {"call": {"name": "f", "arguments": "{}", "id": "call_1"}},   a call, for every choice
 *       {"call": {"name": "f", "arguments": "{}", "split": 3, "seed": 7}},    ... in pieces, cut
 *                                     at random places; without seed the pieces are alike
 *       {"call": {"name": "f", "arguments": "{}", "split": 2, "cut": true}},  ... without the last
 *                                     piece: the choice ends by length; every_ms waits after each
 *       {"delay_ms": 20},
 *       {"hold": true},               silent until the request is cancelled
 *       {"finish": "stop", "choice": 0, "stop": "END"},     or length or
 *                                     tool_calls
 *       {"fail": "overloaded", "message": "...", "retry_after_ms": 1000}
 *     ]}]}
 * }</pre>
 *
 * <p>{@code fail} is one of overloaded, prompt_too_long, rejected (with {@code param}),
 * unavailable, broken. Choices that are open after the last step stop, or wait for their calls.
 * Thoughts and calls are played whether or not they were asked for. Each attempt of a request plays
 * an answer.
 *
 * <p>An answer that has begun is played from the start, without a word of what is written already.
 *
 * <p>Requests are honoured as far as a script can: a choice ends by length at its most tokens, and
 * by stop when a delta holds a stop text (one that spans deltas is not seen); the scripted
 * probabilities are sent only when asked for, and a text without any is certain, with itself as the
 * one likely token. Of a thought no more is played than its budget. Sampling has no effect. Usage
 * is what was played: one token a delta.
 */
public final class ScriptedBackend implements Backend {
  private final Script script;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();

  private ScriptedBackend(Script script) {
    this.script = script;
  }

  /**
   * Reads a script.
   *
   * @throws IllegalArgumentException when the script is not of the form, with what is wrong
   */
  public static ScriptedBackend of(byte[] json) {
    return new ScriptedBackend(Script.read(json));
  }

  /** Reads the script of a file. */
  public static ScriptedBackend open(Path file) throws IOException {
    return of(Files.readAllBytes(file));
  }

  @Override
  public void generate(
      GenerationRequest request,
      Model model,
      Requester requester,
      EventSink sink,
      Cancellation cancel) {
    Script.Answer answer = choose(Words.last(request.prompt()), turn::getAndIncrement);
    long prompt = answer.promptTokens().orElseGet(() -> Words.count(request.prompt()));
    if (prompt > script.contextTokens()) {
      throw new BackendFailure.PromptTooLong(
          "The prompt has "
              + prompt
              + " tokens (expected: at most the context of "
              + script.contextTokens()
              + ").");
    }
    new Performance(request, answer, prompt, sink, cancel, this::callId).play();
  }

  private String callId() {
    return "call_%08d".formatted(calls.incrementAndGet());
  }

  private Script.Answer choose(String last, IntSupplier next) {
    List<Script.Answer> answers = script.answers();
    for (Script.Answer answer : answers) {
      if (answer.match().filter(last::contains).isPresent()) {
        return answer;
      }
    }
    List<Script.Answer> inTurn = answers.stream().filter(a -> a.match().isEmpty()).toList();
    if (inTurn.isEmpty()) {
      throw new BackendFailure.Unavailable(
          "The script has no answer to this prompt (expected: one of its match texts).");
    }
    return inTurn.get(Math.floorMod(next.getAsInt(), inTurn.size()));
  }

  @Override
  public long promptTokens(GenerationRequest request, Model model) {
    return choose(Words.last(request.prompt()), turn::get)
        .promptTokens()
        .orElseGet(() -> Words.count(request.prompt()));
  }

  @Override
  public void check(GenerationRequest request, Model model) {
    script
        .refuses()
        .ifPresent(
            r -> {
              throw new BackendFailure.RejectedForm(
                  r.tool().isPresent()
                      ? new SchemaPlace.Parameters(r.tool().getAsInt())
                      : new SchemaPlace.Format(),
                  r.pointer(),
                  r.keyword(),
                  r.message());
            });
  }

  @Override
  public List<Token> tokenize(String text, Model model) {
    return Words.split(text);
  }

  @Override
  public Weights weights(Model model) {
    return new Weights(
        script.backend(),
        script.contextTokens(),
        "Apache-2.0",
        script.local(),
        script.constrains(),
        script.sees(),
        script.thinks() ? Weights.Thinking.ITSELF : Weights.Thinking.NOT);
  }

  @Override
  public void close() {
    // holds nothing
  }
}
