package dev.jubal.llama.scheduler;

import static dev.jubal.llama.Requests.chat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Recorder;
import dev.jubal.llama.Sampling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A long text ends where it may, and a text nobody asked to end goes on. */
@Timeout(120)
final class TextEndTest {
  private static final String LONG = "Write a very long story.";
  private static final int FROM = 48;
  private static final int MOST = 600;

  @Test
  void aSentenceIsOverAtItsMarkAndALineAtItsEnd() {
    for (String tail : List.of("the end.", "Why?", "Stop!\"", "(so it was.)", "**Done.**", "ok…")) {
      assertTrue(TextEnd.sentenceOver(tail, " The"), tail);
    }
    assertTrue(TextEnd.sentenceOver("30. 30", "\n"));
    assertTrue(TextEnd.sentenceOver("a line\n", "Next"));
    assertTrue(TextEnd.sentenceOver("終わった。", "。"));
    assertTrue(TextEnd.sentenceOver("born in 1999.", " He"));
  }

  @Test
  void noSentenceIsOverInsideOfANumberANameOrAnItem() {
    assertFalse(TextEnd.sentenceOver("pi is 3.", "14"));
    assertFalse(TextEnd.sentenceOver("example.", "com"));
    assertFalse(TextEnd.sentenceOver("one\n12.", " Lima"));
    assertFalse(TextEnd.sentenceOver("one\n12.", "\n"));
    assertFalse(TextEnd.sentenceOver("and then", " he"));
    assertFalse(TextEnd.sentenceOver("", " he"));
  }

  @Test
  void aWordIsOverBeforeASpaceOrAMark() {
    assertTrue(TextEnd.wordOver("and then", " he"));
    assertTrue(TextEnd.wordOver("1, 2, 3", ","));
    assertTrue(TextEnd.wordOver("漢", "字"));
    assertFalse(TextEnd.wordOver("and the", "n"));
    assertFalse(TextEnd.wordOver("1, 2,", " "));
    assertFalse(TextEnd.wordOver("", "a"));
    assertFalse(TextEnd.wordOver("caf\ufffd", " "));
  }

  @Test
  void aTextThatFindsNoEndIsDrawnToOne() {
    try (Engine engine = SlotEngine.open(Artefacts.options(2, 1024))) {
      Recorder without = run(engine, request(Sampling.greedy(), 0, 300));
      assertEquals(FinishReason.LENGTH, without.reason(0));
      Recorder with = run(engine, request(Sampling.greedy(), FROM, MOST));
      assertEquals(FinishReason.STOP, with.reason(0));
      int length = with.tokens().size();
      assertTrue(length >= FROM && length < 300, "tokens: " + length);
      assertTrue(without.text().startsWith(with.text()), with.text());
      assertTrue(".!?\"".indexOf(with.text().charAt(with.text().length() - 1)) >= 0, with.text());
    }
  }

  @Test
  void aSeedGivesTheSameEnd() {
    try (Engine engine = SlotEngine.open(Artefacts.options(2, 1024))) {
      for (long seed = 1; seed <= 3; seed++) {
        Sampling sampling = new Sampling(0.8f, 0.95f, 0, 0, 0, 0, Map.of(), seed).repeatably();
        Recorder first = run(engine, request(sampling, FROM, MOST));
        assertEquals(FinishReason.STOP, first.reason(0));
        assertEquals(first.text(), run(engine, request(sampling, FROM, MOST)).text());
      }
    }
  }

  @Test
  void anEndThatIsIgnoredDoesNotCome() {
    try (Engine engine = SlotEngine.open(Artefacts.options(2, 1024))) {
      EngineRequest plain = request(Sampling.greedy(), FROM, 200);
      EngineRequest.Limits ignoring = new EngineRequest.Limits(200, List.of(), true, FROM);
      Recorder ignored =
          run(engine, new EngineRequest(plain.prompt(), plain.sampling(), 1, ignoring, -1));
      assertEquals(FinishReason.LENGTH, ignored.reason(0));
    }
  }

  private static Recorder run(Engine engine, EngineRequest request) {
    Recorder recorder = new Recorder();
    engine.submit(request, recorder);
    return recorder.answered();
  }

  private static EngineRequest request(Sampling sampling, int from, int most) {
    return new EngineRequest(
        chat(LONG), sampling, 1, new EngineRequest.Limits(most, List.of(), false, from), -1);
  }
}
