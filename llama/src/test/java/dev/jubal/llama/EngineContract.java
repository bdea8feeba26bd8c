package dev.jubal.llama;

import static dev.jubal.llama.Requests.biased;
import static dev.jubal.llama.Requests.chat;
import static dev.jubal.llama.Requests.choices;
import static dev.jubal.llama.Requests.endless;
import static dev.jubal.llama.Requests.request;
import static dev.jubal.llama.Requests.sampled;
import static dev.jubal.llama.Requests.with;
import static dev.jubal.llama.Requests.withQueue;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.Alternative;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineListener.SampledToken;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Engine} does, on the real library and the default model's weights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineContract {
  private static final int SLOTS = 4;
  private static final int CONTEXT = 1024;

  @TempDir private Path folder;
  private Engine engine;

  /** Opens an engine of the kind under test. */
  protected abstract Engine open(EngineOptions options);

  @BeforeAll
  void start() {
    engine = open(Artefacts.options(SLOTS, CONTEXT));
  }

  @AfterAll
  void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void tellsWhatItLoaded() {
    ModelInfo info = engine.info();
    assertTrue(info.description().startsWith("llama "), info.description());
    assertEquals(CONTEXT, info.contextTokens());
    assertEquals(8192, info.trainedContextTokens());
    assertEquals(49152, info.vocabulary());
    assertEquals(134_515_008L, info.parameters());
    assertEquals(SLOTS, info.slots());
    assertTrue(info.fileBytes() > 50_000_000L, "fileBytes: " + info.fileBytes());
    String template = info.template();
    assertTrue(template != null && template.contains("<|im_start|>"), "template: " + template);
  }

  @Test
  void answersAQuestion() {
    Recorder answer = run(request("What is the capital of France?", 24));
    assertTrue(answer.text().contains("Paris"), answer.text());
    assertEquals(answer.prompt(), answer.counts().prompt());
    assertTrue(answer.counts().completion() > 0 && answer.counts().completion() <= 24);
  }

  @Test
  void greedyAnswersRepeat() {
    EngineRequest request = request("Tell me about the sea.", 40);
    // Not repeatable: a prompt read in one chunk and one found in memory differ in their logits, as
    // the library attends to many tokens and to few in different orders. So not the first run.
    run(request);
    assertEquals(run(request).text(), run(request).text());
  }

  @Test
  void theSeedDecides() {
    List<Segment> prompt = chat("Write one line about a dog.");
    run(sampled(prompt, 11, 1));
    String first = run(sampled(prompt, 11, 30)).text();
    assertEquals(first, run(sampled(prompt, 11, 30)).text());
    Set<String> texts = new HashSet<>(List.of(first));
    for (int seed = 12; seed < 16; seed++) {
      texts.add(run(sampled(prompt, seed, 30)).text());
    }
    assertTrue(texts.size() >= 4, "five seeds gave " + texts);
  }

  @Test
  void stopTextsEndAnAnswerWhereverTheyBegin() {
    EngineRequest whole = request("Count from one to ten in words.", 48);
    String text = run(whole).text();
    // Every place of the answer, so that stop texts cross the borders of tokens in all ways.
    for (int from = 3; from + 6 < text.length(); from += 7) {
      String stop = text.substring(from, from + 6);
      Recorder cut = run(with(whole, List.of("never said", stop)));
      assertEquals(text.substring(0, text.indexOf(stop)), cut.text(), "stop: " + stop);
      assertEquals(FinishReason.STOP, cut.reason(0));
      assertEquals(stop, cut.stop(0));
    }
  }

  @Test
  void anAbandonedStopTextIsSaid() {
    EngineRequest whole = request("Count from one to ten in words.", 32);
    String text = run(whole).text();
    String tail = text.substring(text.length() - 4);
    Recorder answer = run(with(whole, List.of(tail + "\u0000", text.substring(0, 9) + "\u0000")));
    assertEquals(text, answer.text());
    assertEquals(null, answer.stop(0));
  }

  @Test
  void charactersAreNeverSplit() {
    Recorder answer =
        run(
            new EngineRequest(
                List.of(new Segment("Emoji: 😀 😁 😂 🤣 😀 😁 😂 🤣 😀 😁 😂 🤣 😀 😁", false)),
                Sampling.greedy(),
                1,
                new EngineRequest.Limits(48, List.of(), true),
                -1));
    assertTrue(answer.text().codePoints().anyMatch(c -> c > 0xFFFF), answer.text());
    for (String delta : answer.deltas()) {
      assertFalse(Character.isLowSurrogate(delta.charAt(0)), "delta: " + delta);
      assertFalse(Character.isHighSurrogate(delta.charAt(delta.length() - 1)), "delta: " + delta);
      if (!delta.equals(answer.deltas().getLast())) {
        assertFalse(delta.contains("\uFFFD"), "delta: " + delta);
      }
    }
  }

  @Test
  void tokensCarryTheTextTheyMade() {
    Recorder answer = run(request("Say hello 😀 and a name with é.", 40));
    byte[] all = new byte[0];
    for (SampledToken token : answer.tokens()) {
      byte[] longer = Arrays.copyOf(all, all.length + token.bytes().length);
      System.arraycopy(token.bytes(), 0, longer, all.length, token.bytes().length);
      all = longer;
    }
    assertEquals(answer.text(), new String(all, UTF_8));
  }

  @Test
  void choicesShareOnePrefill() {
    String text = "Name an animal. " + "It may be large or small, wild or tame. ".repeat(12);
    long before = engine.stats().promptTokens();
    Recorder answer = run(choices(sampled(chat(text), 5, 12), 7));
    long computed = engine.stats().promptTokens() - before;
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < 7; i++) {
      assertNotNull(answer.reason(i));
      assertFalse(answer.text(i).isEmpty());
      texts.add(answer.text(i));
    }
    assertTrue(texts.size() >= 3, "seven choices gave " + texts);
    assertEquals(answer.prompt(), answer.counts().prompt());
    assertTrue(answer.counts().completion() >= 7, "completion: " + answer.counts().completion());
    assertTrue(
        computed < answer.prompt() + 7 * 16, computed + " of " + answer.prompt() + " computed");
  }

  @Test
  void aKnownPrefixIsReported() {
    String shared = "The story so far: " + "a fox met a hen by the river. ".repeat(20);
    Recorder first = run(request(shared, 4));
    Recorder again = run(request(shared, 4));
    assertEquals(first.prompt() - 1, again.cached());
    assertEquals(again.cached(), again.counts().cached());
    Recorder longer = run(request(shared + " Then it rained.", 4));
    assertTrue(longer.cached() > first.prompt() - 12, "cached: " + longer.cached());
    assertTrue(longer.cached() < longer.prompt());
  }

  @Test
  void cancelEndsAnAnswer() {
    Recorder answer = new Recorder();
    Engine.Ticket ticket = engine.submit(endless("Talk for ever.", 900), answer);
    answer.awaitText();
    ticket.cancel();
    answer.answered();
    assertEquals(FinishReason.CANCELLED, answer.reason(0));
    assertTrue(answer.counts().completion() < 900, "completion: " + answer.counts().completion());
    assertIdle();
  }

  @Test
  void cancelEndsTheReadingOfAPrompt() {
    Recorder answer = new Recorder();
    EngineRequest request = choices(endless("word ".repeat(850) + System.nanoTime(), 50), 3);
    Engine.Ticket ticket = engine.submit(request, answer);
    answer.awaitStarted();
    ticket.cancel();
    answer.answered();
    for (int i = 0; i < 3; i++) {
      assertEquals(FinishReason.CANCELLED, answer.reason(i));
    }
    assertIdle();
  }

  @Test
  void cancelTwiceAndAfterTheEndIsHarmless() {
    Recorder answer = new Recorder();
    Engine.Ticket ticket = engine.submit(request("Hello", 3), answer);
    answer.answered();
    ticket.cancel();
    ticket.cancel();
    assertIdle();
  }

  @Test
  void aPromptOverTheContextIsRefusedWithBothCounts() {
    List<Segment> prompt = List.of(new Segment("word ".repeat(1200), false));
    int count = engine.tokenize(prompt).length;
    EngineFailure failure =
        failed(
            new EngineRequest(
                prompt, Sampling.greedy(), 1, new EngineRequest.Limits(8, List.of(), false), -1));
    assertEquals(Kind.PROMPT_TOO_LONG, failure.kind());
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(" " + count + " "), message);
    assertTrue(message.contains(" " + CONTEXT + " "), message);
  }

  @Test
  void aFullContextEndsAnAnswer() {
    List<Segment> prompt = List.of(new Segment("word ".repeat(1000), false));
    int count = engine.tokenize(prompt).length;
    EngineRequest request =
        new EngineRequest(
            prompt, Sampling.greedy(), 1, new EngineRequest.Limits(5000, List.of(), true), -1);
    Recorder answer = run(request);
    assertEquals(FinishReason.LENGTH, answer.reason(0));
    assertEquals(CONTEXT, count + answer.counts().completion());
  }

  @Test
  void maxTokensEndsAnAnswer() {
    Recorder answer = run(endless("Talk.", 5));
    assertEquals(FinishReason.LENGTH, answer.reason(0));
    assertEquals(5, answer.counts().completion());
  }

  @Test
  void anEmptyPromptIsRefused() {
    EngineFailure failure =
        failed(
            new EngineRequest(
                List.of(),
                Sampling.greedy(),
                1,
                new EngineRequest.Limits(8, List.of(), false),
                -1));
    assertEquals(Kind.INTERNAL, failure.kind());
  }

  @Test
  void aFullQueueRefuses() {
    EngineOptions options = Artefacts.options(1, 512);
    try (Engine small = open(withQueue(options, 2, Duration.ofMinutes(5)))) {
      Recorder running = new Recorder();
      Engine.Ticket ticket = small.submit(endless("Talk.", 400), running);
      running.awaitText();
      Recorder second = new Recorder();
      Recorder third = new Recorder();
      small.submit(request("Hello", 2), second);
      small.submit(request("Hello", 2), third);
      Recorder refused = new Recorder();
      small.submit(request("Hello", 2), refused);
      EngineFailure failure = refused.failure();
      assertEquals(Kind.OVERLOADED, failure.kind());
      assertTrue(String.valueOf(failure.getMessage()).contains("2"), failure.getMessage());
      ticket.cancel();
      second.answered();
      third.answered();
    }
  }

  @Test
  void waitingHasALimit() {
    EngineOptions options = Artefacts.options(1, 512);
    try (Engine small = open(withQueue(options, 2, Duration.ofMillis(300)))) {
      Semaphore permits = new Semaphore(3);
      Recorder running = new Recorder(permits);
      small.submit(endless("Talk.", 200), running);
      running.awaitText();
      Recorder late = new Recorder();
      small.submit(request("Hello", 2), late);
      try {
        assertEquals(Kind.OVERLOADED, late.failure().kind());
      } finally {
        permits.release(100_000);
      }
      running.answered();
    }
  }

  @Test
  void aSlowListenerPausesOnlyItself() {
    Semaphore permits = new Semaphore(2);
    Recorder slow = new Recorder(permits);
    engine.submit(endless("Talk about rivers.", 120), slow);
    slow.awaitText();
    long drawn;
    try {
      // Others run to their end while the slow one takes nothing.
      for (int i = 0; i < 3; i++) {
        assertEquals(40, run(endless("Talk about hills.", 40)).counts().completion());
      }
      Recorder.until("the slow one alone", () -> engine.stats().busySlots() == 1);
      drawn = engine.stats().completionTokens();
      assertEquals(2, slow.events());
      assertFalse(slow.isDone());
    } finally {
      permits.release(100_000);
    }
    slow.answered();
    assertEquals(120, slow.counts().completion());
    // It was paused: it had drawn no more than its buffer and what was under way.
    long later = engine.stats().completionTokens() - drawn;
    assertTrue(later >= 120 - Recorder.BUFFERED - 8, "drawn while paused: " + (120 - later));
  }

  @Test
  void aThrowingListenerLosesOnlyItsRequest() {
    EngineListener broken =
        new EngineListener() {
          @Override
          public void started(int promptTokens, int cachedTokens) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void text(int choice, String text, List<SampledToken> tokens) {}

          @Override
          public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {}

          @Override
          public void finished(Counts counts) {}

          @Override
          public void failed(EngineFailure failure) {}
        };
    engine.submit(endless("Talk.", 900), broken);
    assertIdle();
    assertEquals(3, run(endless("Hello", 3)).counts().completion());
  }

  @Test
  void manyAtOnce() {
    List<Recorder> answers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Recorder answer = new Recorder();
      answers.add(answer);
      engine.submit(endless("Number " + i + ": tell me about it. ".repeat(1 + i * 3), 12), answer);
    }
    for (Recorder answer : answers) {
      assertEquals(12, answer.answered().counts().completion());
    }
    assertIdle();
  }

  @Test
  void logprobsAreThoseOfTheModel() {
    EngineRequest plain = request("What is the capital of France?", 8);
    EngineRequest asked =
        new EngineRequest(
            plain.prompt(), plain.sampling(), 1, new EngineRequest.Limits(8, List.of(), false), 5);
    Recorder answer = run(asked);
    assertFalse(answer.tokens().isEmpty());
    for (SampledToken token : answer.tokens()) {
      assertEquals(5, token.top().size());
      assertTrue(token.logprob() <= 0 && token.logprob() > -20, "logprob: " + token.logprob());
      assertEquals(token.id(), token.top().getFirst().id());
      assertEquals(token.logprob(), token.top().getFirst().logprob());
      double mass = 0;
      float last = 0;
      for (Alternative other : token.top()) {
        assertTrue(other.logprob() <= last, "not descending: " + token.top());
        last = other.logprob();
        mass += Math.exp(other.logprob());
      }
      assertTrue(mass <= 1.0001, "mass: " + mass);
    }
    assertEquals(List.of(), run(plain).tokens().getFirst().top());
  }

  @Test
  void aBiasForbidsAndForcesTokens() {
    EngineRequest plain = request("What is the capital of France?", 6);
    List<SampledToken> tokens = run(plain).tokens();
    int first = tokens.getFirst().id();
    Recorder without = run(biased(plain, Map.of(first, -100f)));
    assertTrue(without.tokens().stream().noneMatch(t -> t.id() == first), without.text());
    int forced = engine.tokenize(List.of(new Segment("zebra", false)))[0];
    Recorder with = run(biased(plain, Map.of(forced, 100f)));
    assertTrue(with.tokens().stream().allMatch(t -> t.id() == forced), with.text());
    EngineFailure failure = failed(biased(plain, Map.of(99_999_999, 1f)));
    assertEquals(Kind.INTERNAL, failure.kind());
    assertTrue(String.valueOf(failure.getMessage()).contains("99999999"), failure.getMessage());
  }

  @Test
  void textOfAUserIsNeverControl() {
    int[] real = engine.tokenize(List.of(new Segment("<|im_end|>", true)));
    int[] typed = engine.tokenize(List.of(new Segment("<|im_end|>", false)));
    assertEquals(1, real.length);
    assertTrue(typed.length > 1, "typed: " + typed.length);
    for (int token : typed) {
      assertNotEquals(real[0], token);
    }
    assertArrayEquals("<|im_end|>".getBytes(UTF_8), engine.pieces(real).getFirst());
  }

  @Test
  void plainSegmentsTokenizeAsOneText() {
    int[] whole = engine.tokenize(List.of(new Segment("unbelievable stories", false)));
    int[] parts =
        engine.tokenize(
            List.of(
                new Segment("unbel", false),
                new Segment("ievable st", false),
                new Segment("ories", false)));
    assertArrayEquals(whole, parts);
    assertEquals(0, engine.tokenize(List.of(new Segment("", false))).length);
  }

  @Test
  void piecesJoinToTheText() {
    String text = "Grüße, 世界 😀\n\tend";
    StringBuilder joined = new StringBuilder();
    for (byte[] piece : engine.pieces(engine.tokenize(List.of(new Segment(text, false))))) {
      joined.append(new String(piece, ISO_8859_1));
    }
    byte[] bytes = joined.toString().getBytes(ISO_8859_1);
    assertEquals(text, new String(bytes, UTF_8));
  }

  @Test
  void damagedFilesAreRefusedWithTheReason() throws IOException {
    Path noise = Files.write(folder.resolve("noise.gguf"), "GGUX and more".getBytes(UTF_8));
    refused(noise, "GGUF");
    Path empty = Files.write(folder.resolve("empty.gguf"), new byte[0]);
    refused(empty, "GGUF");
    refused(folder.resolve("absent.gguf"), "absent.gguf");
    Path half = Files.copy(Artefacts.model(), folder.resolve("half.gguf"));
    try (RandomAccessFile file = new RandomAccessFile(half.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    refused(half, "cut short");
    Path head = Files.copy(Artefacts.model(), folder.resolve("head.gguf"));
    try (RandomAccessFile file = new RandomAccessFile(head.toFile(), "rw")) {
      file.setLength(100_000);
    }
    refused(head, "cut short");
    Path tail = Files.copy(Artefacts.model(), folder.resolve("tail.gguf"));
    try (RandomAccessFile file = new RandomAccessFile(tail.toFile(), "rw")) {
      file.setLength(file.length() - 64);
    }
    refused(tail, "tail.gguf");
    Path odd = Files.copy(Artefacts.model(), half, StandardCopyOption.REPLACE_EXISTING);
    try (RandomAccessFile file = new RandomAccessFile(odd.toFile(), "rw")) {
      file.seek(16);
      file.writeLong(-1);
    }
    refused(odd, "metadata");
  }

  private void refused(Path file, String reason) {
    EngineOptions good = Artefacts.options(1, 256);
    EngineOptions bad =
        new EngineOptions(good.library(), file, 1, 256, 0, good.device(), 1, good.queueWait());
    EngineFailure failure = assertThrows(EngineFailure.class, () -> open(bad).close());
    assertEquals(Kind.LOAD_FAILED, failure.kind());
    assertTrue(String.valueOf(failure.getMessage()).contains(reason), failure.getMessage());
  }

  @Test
  void aFolderWithoutALibraryIsRefused() {
    EngineOptions good = Artefacts.options(1, 256);
    EngineOptions bad =
        new EngineOptions(folder, good.model(), 1, 256, 0, good.device(), 1, good.queueWait());
    EngineFailure failure = assertThrows(EngineFailure.class, () -> open(bad).close());
    assertEquals(Kind.LOAD_FAILED, failure.kind());
  }

  @Test
  void closingEndsWhatRuns() {
    Engine other = open(Artefacts.options(1, 512));
    Recorder running = new Recorder();
    Recorder queued = new Recorder();
    other.submit(endless("Talk.", 500), running);
    running.awaitText(); // two prompts tokenized at once may overtake each other
    other.submit(endless("Talk.", 500), queued);
    other.close();
    assertEquals(Kind.CLOSED, running.failure().kind());
    assertEquals(Kind.CLOSED, queued.failure().kind());
    Recorder late = new Recorder();
    other.submit(request("Hello", 2), late);
    assertEquals(Kind.CLOSED, late.failure().kind());
    other.close();
  }

  private void assertIdle() {
    Recorder.until(
        "an idle engine", () -> engine.stats().busySlots() == 0 && engine.stats().queued() == 0);
  }

  private Recorder run(EngineRequest request) {
    Recorder recorder = new Recorder();
    engine.submit(request, recorder);
    return recorder.answered();
  }

  private EngineFailure failed(EngineRequest request) {
    Recorder recorder = new Recorder();
    engine.submit(request, recorder);
    return recorder.failure();
  }
}
