package dev.jubal.llama.scheduler;

import static dev.jubal.llama.Requests.chat;
import static dev.jubal.llama.Requests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Recorder;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.binding.Vocabulary;
import dev.jubal.llama.constraint.Matcher;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the decode loop makes of any matcher, on forms that are lists of texts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GuidedTest {
  private static final String BROKEN = "broken";

  private SlotEngine engine;

  @BeforeAll
  void start() {
    engine = SlotEngine.open(Artefacts.options(4, 512), GuidedTest::forms);
  }

  @AfterAll
  void stop() {
    engine.close();
  }

  private static Forms forms(Vocabulary vocabulary) {
    return form -> {
      if (!(form instanceof OutputForm.JsonSchema texts)) {
        throw new EngineFailure(Kind.FORM_REFUSED, "form: " + form);
      }
      Matcher matcher = new Literals(vocabulary, List.of(texts.schema().split("\\|")));
      return texts.schema().equals(BROKEN) ? new Broken(matcher) : matcher;
    };
  }

  /** A matcher with a mistake. */
  private record Broken(Matcher sound) implements Matcher {
    @Override
    public boolean advance(int token) {
      return sound.advance(token);
    }

    @Override
    public boolean mayEnd() {
      return sound.mayEnd();
    }

    @Override
    public boolean complete() {
      return sound.complete();
    }

    @Override
    public long[] mask() {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public byte[] forced() {
      return new byte[0];
    }

    @Override
    public byte[] shortest() {
      return sound.shortest();
    }

    @Override
    public Matcher copy() {
      return new Broken(sound.copy());
    }
  }

  private static EngineRequest oneOf(EngineRequest request, String texts, boolean forcedText) {
    return request.withOutput(
        new EngineRequest.Output(new OutputForm.JsonSchema(texts), forcedText));
  }

  private Recorder run(EngineRequest request) {
    Recorder recorder = new Recorder();
    engine.submit(request, recorder);
    return recorder.answered();
  }

  private static EngineRequest sampled(String text, long seed, int choices) {
    Sampling sampling = new Sampling(2, 1, 0, 0, 0.5f, 0, Map.of(), seed);
    return new EngineRequest(chat(text), sampling, choices, EngineRequest.Limits.tokens(60), -1);
  }

  @Test
  void anAnswerIsOfItsFormAndEndsWithIt() {
    Recorder answer =
        run(oneOf(request("Is the sky blue?", 60), "yes, surely|no, never|não sei 😀", false));
    assertTrue(
        Set.of("yes, surely", "no, never", "não sei 😀").contains(answer.text()), answer.text());
    assertEquals(FinishReason.STOP, answer.reason(0));
    // The end is not drawn, as nothing else could follow: each token has its text.
    assertEquals(answer.tokens().size(), answer.counts().completion());
  }

  @Test
  void choicesAndSeedsGoTheirOwnWay() {
    Set<String> texts = new HashSet<>();
    EngineRequest request = oneOf(sampled("Name a pet.", 7, 5), "cat|dog|cow|bird|horse", false);
    Recorder first = run(request);
    Recorder again = run(request);
    for (int i = 0; i < 5; i++) {
      assertTrue(Set.of("cat", "dog", "cow", "bird", "horse").contains(first.text(i)));
      assertEquals(first.text(i), again.text(i));
      texts.add(first.text(i));
    }
    assertTrue(texts.size() > 1, "five choices gave " + texts);
  }

  @Test
  void aPrefixOfAnotherTextMayEndByTheModel() {
    Recorder answer = run(oneOf(request("Say go.", 20), "go|go on and on and on", false));
    assertTrue(answer.text().startsWith("go"), answer.text());
    assertEquals(FinishReason.STOP, answer.reason(0));
    boolean ended = answer.counts().completion() > answer.tokens().size();
    assertEquals(answer.text().equals("go"), ended);
  }

  @Test
  void aCutIsTold() {
    Recorder answer = run(oneOf(request("Hello", 3), "one two three four five six seven", false));
    assertEquals(FinishReason.LENGTH, answer.reason(0));
    assertTrue("one two three four five six seven".startsWith(answer.text()), answer.text());
    Recorder forced = run(oneOf(request("Hello", 3), "one two three four five six seven", true));
    assertEquals(FinishReason.LENGTH, forced.reason(0));
    assertEquals(3, forced.counts().completion());
  }

  @Test
  void forcedTextSparesStepsAndGivesTheSameForm() {
    String texts =
        "The answer to the question is a very clear yes|The answer to the question is no";
    long before = engine.stats().decodeSteps();
    Recorder asked = run(oneOf(request("Is water wet?", 60), texts, false));
    long between = engine.stats().decodeSteps();
    Recorder forced = run(oneOf(request("Is water wet?", 60), texts, true));
    long after = engine.stats().decodeSteps();
    assertTrue(List.of(texts.split("\\|")).contains(forced.text()), forced.text());
    assertEquals(FinishReason.STOP, forced.reason(0));
    assertTrue(
        (after - between) * 2 < between - before,
        (after - between) + " steps (expected: half of " + (between - before) + ")");
    assertEquals(asked.text().substring(0, 30), forced.text().substring(0, 30));
    assertEquals(forced.tokens().size(), forced.counts().completion());
  }

  @Test
  void aFormWithoutAnyChoiceNeedsNoModel() {
    long before = engine.stats().decodeSteps();
    EngineRequest request = oneOf(sampled("Hello", 1, 6), "nothing to decide here", true);
    Recorder answer = run(request);
    for (int i = 0; i < 6; i++) {
      assertEquals("nothing to decide here", answer.text(i));
      assertEquals(FinishReason.STOP, answer.reason(i));
    }
    assertEquals(before, engine.stats().decodeSteps());
    assertEquals(answer.tokens().size(), answer.counts().completion());
    Recorder.until("an idle engine", () -> engine.stats().busySlots() == 0);
  }

  @Test
  void aBiasCannotBreakTheForm() {
    Map<Integer, Float> bias = new HashMap<>();
    for (int token : engine.tokenize(List.of(new Segment("yes no y n ye e s o es", false)))) {
      bias.put(token, -100f);
    }
    bias.put(engine.tokenize(List.of(new Segment("zebra", false)))[0], 100f);
    EngineRequest plain = request("Is the sky blue?", 20);
    EngineRequest biased =
        new EngineRequest(
            plain.prompt(), new Sampling(0, 1, 0, 0, 0, 0, bias, 0), 1, plain.limits(), -1);
    Recorder answer = run(oneOf(biased, "yes|no", false));
    assertTrue(Set.of("yes", "no").contains(answer.text()), answer.text());
  }

  @Test
  void stopTextsDoNotCutAValue() {
    EngineRequest request =
        dev.jubal.llama.Requests.with(request("Hello", 40), List.of(",", "never", "yes"));
    Recorder answer = run(oneOf(request, "yes, it, is|no, never, ever", false));
    assertTrue(Set.of("yes, it, is", "no, never, ever").contains(answer.text()), answer.text());
    assertEquals(null, answer.stop(0));
  }

  @Test
  void logprobsAreStillThoseOfTheModel() {
    EngineRequest plain = request("What is the capital of France?", 20);
    EngineRequest asked = new EngineRequest(plain.prompt(), plain.sampling(), 1, plain.limits(), 3);
    Recorder answer = run(oneOf(asked, "zebra|quagga", true));
    SampledToken first = answer.tokens().getFirst();
    assertEquals(3, first.top().size());
    assertNotEquals(first.id(), first.top().getFirst().id());
    assertTrue(first.logprob() < first.top().getLast().logprob(), "logprob: " + first.logprob());
  }

  @Test
  void aRefusedFormIsToldBeforeAnyWork() {
    Recorder recorder = new Recorder();
    engine.submit(
        request("Hello", 5)
            .withOutput(new EngineRequest.Output(new OutputForm.JsonObject(), false)),
        recorder);
    assertEquals(Kind.FORM_REFUSED, recorder.failure().kind());
  }

  @Test
  void aBrokenMatcherFailsItsOwnRequestOnly() {
    Recorder other = new Recorder();
    engine.submit(request("Tell me about the sea.", 40), other);
    Recorder broken = new Recorder();
    engine.submit(oneOf(request("Hello", 5), BROKEN, false), broken);
    EngineFailure failure = broken.failure();
    assertEquals(Kind.INTERNAL, failure.kind());
    assertTrue(String.valueOf(failure.getMessage()).contains("on purpose"), failure.getMessage());
    assertFalse(other.answered().text().isEmpty());
  }
}
