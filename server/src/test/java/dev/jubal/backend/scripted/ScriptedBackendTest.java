package dev.jubal.backend.scripted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.Backend.Token;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.ChoiceFinished;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationEvent.ReasoningDelta;
import dev.jubal.inference.GenerationEvent.ReasoningFinished;
import dev.jubal.inference.GenerationEvent.TextDelta;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Requester;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.Tools;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a script plays, and that its count is true. */
class ScriptedBackendTest {
  private static final Requester FOR = new Requester("t", "k", "", 1, false);
  private static final Model MODEL =
      new Model(
          "m",
          List.of(),
          Model.Kind.LANGUAGE,
          new Model.Published(0, Optional.empty(), List.of(), List.of(), "x", Instant.EPOCH),
          Model.Rules.FREE,
          List.of(Price.FREE),
          "scripted",
          "script",
          Model.Defaults.NONE);

  private final List<GenerationEvent> events = new CopyOnWriteArrayList<>();
  private final Cancellation cancel = new Cancellation();

  @Test
  void aChoiceEndsAtItsMostTokensAndTheCountIsThatOfTheDeltas() {
    play("{\"text\":\"a\"},{\"text\":\"b\",\"times\":3}", request("x y", 2, 3, List.of()));
    assertEquals("abb", text(0));
    assertEquals("abb", text(1));
    assertEquals(
        List.of(FinishReason.LENGTH, FinishReason.LENGTH),
        of(ChoiceFinished.class).stream().map(ChoiceFinished::reason).toList());
    assertEquals(new GenerationEvent.Finished(Usage.of(2, 0, 6), 0), events.getLast());
  }

  @Test
  void aThoughtIsCountedApartEndsBeforeTheTextAndKeepsItsBudget() {
    GenerationRequest request =
        request("x", 2, 9, List.of())
            .withThought(new GenerationRequest.Thought(Optional.empty(), OptionalInt.of(3)));
    play(
        "{\"reasoning\":\"h\",\"times\":5},{\"text\":\"a\",\"choice\":0},{\"reasoning\":\"late\",\"choice\":0}",
        request);
    assertEquals("a", text(0));
    List<GenerationEvent> first =
        events.stream()
            .filter(
                e ->
                    (e instanceof ReasoningFinished f && f.choice() == 0)
                        || (e instanceof TextDelta d && d.choice() == 0))
            .toList();
    assertEquals(List.of(new ReasoningFinished(0), new TextDelta(0, "a", 1, List.of())), first);
    assertEquals(6, of(ReasoningDelta.class).size());
    assertEquals(2, of(ReasoningFinished.class).size());
    assertEquals(new GenerationEvent.Finished(new Usage(1, 0, 0, 1, 6), 0), events.getLast());
  }

  @Test
  void aStopTextCutsItsDelta() {
    play("{\"text\":\"one two\"},{\"text\":\"three\"}", request("x", 1, 9, List.of("wo", " t")));
    assertEquals("one", text(0));
    assertEquals(Optional.of(" t"), of(ChoiceFinished.class).getFirst().stop());
  }

  @Test
  void aRepeatedTextIsOneEventSentOnSchedule() {
    long start = System.nanoTime();
    play("{\"text\":\"x\",\"times\":10,\"every_ms\":5}", request("x", 1, 99, List.of()));
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(45).toNanos());
    List<TextDelta> deltas = of(TextDelta.class);
    assertEquals(10, deltas.size());
    assertSame(deltas.getFirst(), deltas.getLast());
  }

  @Test
  void aCancelledPlayStopsAtOnceAndCountsWhatItPlayed() {
    events.clear();
    ScriptedBackend backend = backend("{\"text\":\"a\"},{\"hold\":true},{\"text\":\"b\"}");
    backend.generate(
        request("x", 1, 9, List.of()),
        MODEL,
        FOR,
        e -> {
          events.add(e);
          if (e instanceof TextDelta) {
            cancel.cancel(new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "left"));
          }
        },
        cancel);
    assertEquals(new GenerationEvent.Finished(Usage.of(1, 0, 1), 0), events.getLast());
    assertTrue(of(ChoiceFinished.class).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded,Overloaded",
    "prompt_too_long,PromptTooLong",
    "rejected,Rejected",
    "unavailable,Unavailable",
    "broken,Broken"
  })
  void aFailureIsPlayed(String kind, String type) {
    BackendFailure failure =
        assertThrows(
            BackendFailure.class,
            () ->
                play(
                    "{\"fail\":\"" + kind + "\",\"message\":\"m\"}",
                    request("x", 1, 9, List.of())));
    assertEquals(type, failure.getClass().getSimpleName());
    assertEquals("m", failure.getMessage());
  }

  @Test
  void answersTakeTurnsAndMatchesGoFirst() {
    ScriptedBackend backend =
        ScriptedBackend.of(
            bytes(
                "{\"answers\":[{\"steps\":[{\"text\":\"1\"}]},{\"match\":\"say\",\"steps\":[{\"text\":\"m\"}]},"
                    + "{\"steps\":[{\"text\":\"2\"}]}]}"));
    StringBuilder said = new StringBuilder();
    for (String prompt : List.of("x", "say it", "x", "x")) {
      events.clear();
      backend.generate(request(prompt, 1, 9, List.of()), MODEL, FOR, events::add, cancel);
      said.append(text(0));
    }
    assertEquals("1m21", said.toString());
  }

  @Test
  void aPromptOverTheContextFailsWithBothCounts() {
    ScriptedBackend backend =
        ScriptedBackend.of(bytes("{\"context_tokens\":2,\"answers\":[{\"steps\":[]}]}"));
    BackendFailure e =
        assertThrows(
            BackendFailure.class,
            () ->
                backend.generate(
                    request("a b c", 1, 9, List.of()), MODEL, FOR, events::add, cancel));
    assertInstanceOf(BackendFailure.PromptTooLong.class, e);
    assertEquals("The prompt has 3 tokens (expected: at most the context of 2).", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}|answers is missing",
        "{\"answers\":[]}|answers: []",
        "{\"answers\":[{\"steps\":[{}]}]}|expected: one of text, reasoning, call, delay_ms",
        "{\"answers\":[{\"steps\":[{\"text\":\"a\",\"hold\":true}]}]}|expected: one of text",
        "{\"answers\":[{\"steps\":[{\"texts\":\"a\"}]}]}|unknown [answers[0].steps[0].texts]",
        "{\"answers\":[{\"steps\":[{\"fail\":\"badly\"}]}]}|one of overloaded",
      })
  void aScriptOfAnotherFormIsRefused(String script, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ScriptedBackend.of(bytes(script)));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {"~~|0", "~ ~|1", "one|1", "~ one  two ~|2", "~one\ntwo\tthree~|3"})
  void tokensAreWordsAndMakeUpTheText(String text, int count) {
    List<Token> tokens = Words.split(text);
    assertEquals(count, tokens.size());
    assertEquals(count, Words.count(text));
    assertEquals(text, tokens.stream().map(Token::text).collect(Collectors.joining()));
  }

  private void play(String steps, GenerationRequest request) {
    events.clear();
    backend(steps).generate(request, MODEL, FOR, events::add, cancel);
  }

  private static ScriptedBackend backend(String steps) {
    return ScriptedBackend.of(bytes("{\"answers\":[{\"steps\":[" + steps + "]}]}"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static GenerationRequest request(
      String prompt, int choices, int maxTokens, List<String> stop) {
    return new GenerationRequest(
        "chat",
        "m",
        new Prompt.Text(prompt),
        SamplingOptions.UNSAID,
        new GenerationRequest.Limits(OptionalInt.of(maxTokens), stop),
        new GenerationRequest.Options(
            choices,
            OptionalInt.empty(),
            GenerationRequest.Thought.UNSAID,
            Optional.empty(),
            new AnswerFormat.Text(),
            Tools.NONE),
        true);
  }

  private String text(int choice) {
    return of(TextDelta.class).stream()
        .filter(d -> d.choice() == choice)
        .map(TextDelta::text)
        .collect(Collectors.joining());
  }

  private <T> List<T> of(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
