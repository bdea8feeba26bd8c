package dev.jubal.inference.reasoning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.backend.scripted.ScriptedBackend;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.ForwardingBackend;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Requester;
import dev.jubal.inference.Role;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.Tools;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Two passes are one answer to whoever asks. */
class TwoPassTest {
  private static final Requester FOR = new Requester("t", "k", "", 1, false);
  private static final ReasoningConfig BUDGETS = new ReasoningConfig(2, 4, 8, 16, 10);

  private final List<GenerationEvent> events = new ArrayList<>();
  private final List<GenerationRequest> passes = new ArrayList<>();
  private final Cancellation cancel = new Cancellation();

  @Test
  void aThoughtThenTheAnswerThatGoesOnFromIt() {
    play(
        """
        {"prompt_tokens":10,"cached_tokens":1,"steps":[{"text":" greetings."},{"text":" Hm."}]},
        {"prompt_tokens":20,"cached_tokens":15,"steps":[{"text":" Hel"},{"text":"lo"}]}\
        """,
        request("medium"));
    assertEquals(
        List.of(
            new GenerationEvent.Started(10, 1),
            new GenerationEvent.ReasoningDelta(0, "greetings.", 1),
            new GenerationEvent.ReasoningDelta(0, " Hm.", 1),
            new GenerationEvent.ReasoningFinished(0),
            new GenerationEvent.TextDelta(0, "Hel", 1, List.of()),
            new GenerationEvent.TextDelta(0, "lo", 1, List.of()),
            new GenerationEvent.ChoiceFinished(
                0, GenerationEvent.FinishReason.STOP, Optional.empty()),
            new GenerationEvent.Finished(
                new Usage(30, 16, 0, 2, 2, Map.of(), 20), 0, OptionalInt.of(2))),
        events);
    assertEquals(new AnswerFormat.Thought(), passes.get(0).options().format());
    assertEquals(new AnswerFormat.Text(), passes.get(1).options().format());
    assertEquals("", before(0));
    assertEquals(" greetings. Hm.", before(1));
    assertEquals(List.of(), passes.get(1).options().begun());
  }

  @Test
  void aThoughtIsBoundedByItsEffortAndStopTextsAreTheAnswers() {
    GenerationRequest asked =
        request("low").withLimits(new GenerationRequest.Limits(OptionalInt.of(3), List.of("END")));
    play(
        """
        {"steps":[{"text":" a END","times":9}]},
        {"steps":[{"text":"b","times":9}]}\
        """,
        asked);
    assertEquals(2, count(GenerationEvent.ReasoningDelta.class));
    assertEquals(3, count(GenerationEvent.TextDelta.class));
    assertEquals(OptionalInt.of(2), passes.get(0).limits().maxTokens());
    assertEquals(List.of(), passes.get(0).limits().stop());
    assertEquals(asked.limits(), passes.get(1).limits());
    assertTrue(before(1).contains(" a END a END ..."), before(1));
  }

  @Test
  void eachChoiceGoesOnFromItsOwnThoughtAndDrawsByItsOwnSeed() {
    GenerationRequest asked = choices(request("high"), 2);
    play(
        """
        {"steps":[{"text":" one","choice":0},{"text":" two","choice":1}]},
        {"steps":[{"text":"x"}]},
        {"steps":[{"text":"y"}]}\
        """,
        asked);
    assertEquals("x", text(0));
    assertEquals("y", text(1));
    assertEquals(3, passes.size());
    assertTrue(before(1).contains(" one"), before(1));
    assertTrue(before(2).contains(" two"), before(2));
    assertEquals(Optional.of(7L), passes.get(1).sampling().seed());
    assertEquals(Optional.of(8L), passes.get(2).sampling().seed());
    assertEquals(1, passes.get(2).options().choices());
    assertEquals(1, count(GenerationEvent.Finished.class));
  }

  @Test
  void withoutAReasonToThinkThereIsOnePass() {
    String script = "{\"steps\":[{\"text\":\"x\"}]}";
    play(script, request("none"));
    assertEquals(1, passes.size());
    passes.clear();
    play(script, request("low"), model(false), false);
    assertEquals(1, passes.size());
    passes.clear();
    play(script, request("low"), model(true), true);
    assertEquals(1, passes.size());
    assertEquals(OptionalInt.of(20), passes.getFirst().options().thought().budget());
    passes.clear();
    play(script, request("low").withPrompt(new Prompt.Text("Once")), model(true), false);
    assertEquals(1, passes.size());
  }

  private static GenerationRequest.Begun begun(String thought, boolean whole, String text) {
    return new GenerationRequest.Begun(
        new GenerationRequest.Begun.Thinking(thought, whole, 3),
        text.isEmpty() ? List.of() : List.of(new GenerationRequest.Begun.Piece.Text(text)),
        text.isEmpty() ? 0 : 1,
        false);
  }

  @Test
  void aThoughtThatWasCutOffIsThoughtToItsEnd() {
    play(
        """
        {"steps":[{"text":" more","times":9}]},{"steps":[{"text":" Hello"}]}\
        """,
        request("high").withBegun(List.of(begun("Okay, so far", false, ""))));
    assertEquals("Okay, so far", before(0));
    assertEquals(OptionalInt.of(5), passes.get(0).limits().maxTokens()); // 3 of 8 were made
    assertEquals(5, count(GenerationEvent.ReasoningDelta.class));
    assertTrue(before(1).startsWith("Okay, so far more more"), before(1));
    assertEquals("Hello", text(0));
    assertEquals(1, count(GenerationEvent.ReasoningFinished.class));
  }

  @Test
  void afterItsThoughtAnAnswerGoesOnAlone() {
    GenerationRequest asked =
        request("high").withLimits(new GenerationRequest.Limits(OptionalInt.of(4), List.of()));
    play(
        "{\"steps\":[{\"text\":\" Hel\"},{\"text\":\"lo\",\"times\":9}]}",
        asked.withBegun(List.of(begun("Okay.", true, "Hel"))));
    assertEquals(1, passes.size());
    assertEquals("Okay.", before(0));
    assertEquals(OptionalInt.of(3), passes.get(0).limits().maxTokens());
    assertEquals(
        List.of(new GenerationRequest.Begun.Piece.Text("Hel")),
        passes.get(0).options().begun().getFirst().pieces());
    assertEquals(0, count(GenerationEvent.ReasoningFinished.class));
  }

  @Test
  void choicesGoOnEachByItselfAndThoseThatAreDoneStayDone() {
    GenerationRequest.Begun done =
        new GenerationRequest.Begun(
            GenerationRequest.Begun.Thinking.NONE,
            List.of(new GenerationRequest.Begun.Piece.Text("done")),
            1,
            true);
    play(
        """
        {"steps":[{"text":"b"}]},{"steps":[{"text":" c"}]},{"steps":[{"text":"d"}]}\
        """,
        request("high").withBegun(List.of(begun("x", true, "a"), done, begun("", false, ""))));
    assertEquals("b", text(0));
    assertEquals("", text(1));
    assertEquals("d", text(2));
    assertEquals(2, count(GenerationEvent.ChoiceFinished.class));
    assertEquals(1, count(GenerationEvent.Finished.class));
    assertEquals(Optional.of(7L), passes.get(0).sampling().seed());
    assertEquals(Optional.of(9L), passes.get(1).sampling().seed());
  }

  @Test
  void aQuestionTooLongToStandTwiceIsAnsweredWithoutTheThought() {
    play(
        """
        {"prompt_tokens":60000,"steps":[{"text":" greetings."}]},{"steps":[{"text":"x"}]}\
        """,
        request("medium"));
    assertEquals(1, count(GenerationEvent.ReasoningDelta.class));
    assertEquals("", before(1));
  }

  @Test
  void aCircleEndsAThought() {
    play(
        """
        {"steps":[{"text":" And so on and on."},{"text":" And so on and on."},
          {"text":" And so on and on."},{"text":" never seen"}]},
        {"steps":[{"text":"x"}]}\
        """,
        request("xhigh"));
    assertEquals(3, count(GenerationEvent.ReasoningDelta.class));
    assertEquals("x", text(0));
    assertEquals(1, before(1).split("And so on", -1).length - 1, before(1));
    assertEquals(3, ((GenerationEvent.Finished) events.getLast()).usage().reasoning());
  }

  @Test
  void aCancelledThoughtIsReportedAndNothingFollows() {
    EventSink sink =
        event -> {
          events.add(event);
          if (event instanceof GenerationEvent.ReasoningDelta) {
            cancel.cancel(new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "gone"));
          }
        };
    play(
        "{\"prompt_tokens\":5,\"steps\":[{\"text\":\" a\"},{\"hold\":true}]}",
        request("low"),
        sink);
    assertEquals(1, passes.size());
    assertEquals(
        new GenerationEvent.Finished(new Usage(5, 0, 0, 0, 1), 0, OptionalInt.of(1)),
        events.getLast());
  }

  @Test
  void aCancelledAnswerIsReportedWithItsThought() {
    EventSink sink =
        event -> {
          events.add(event);
          if (event instanceof GenerationEvent.TextDelta) {
            cancel.cancel(new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "gone"));
          }
        };
    play(
        """
        {"prompt_tokens":5,"steps":[{"text":" a"}]},
        {"prompt_tokens":7,"steps":[{"text":"x"},{"hold":true}]}\
        """,
        request("low"),
        sink);
    assertEquals(
        new GenerationEvent.Finished(new Usage(12, 0, 0, 1, 1, Map.of(), 7), 0, OptionalInt.of(2)),
        events.getLast());
  }

  @Test
  void anAnswerThatBreaksSilentlyIsTriedOnceMore() {
    play(
        """
        {"steps":[{"text":" a"}]},{"steps":[{"fail":"broken"}]},{"steps":[{"text":"x"}]}\
        """,
        request("low"));
    assertEquals("x", text(0));
    assertThrows(
        BackendFailure.Broken.class,
        () ->
            play(
                """
                {"steps":[{"text":" a"}]},{"steps":[{"text":"x"},{"fail":"broken"}]}\
                """,
                request("low")));
  }

  @Test
  void budgetsAreThoseOfTheEffortAndNoMoreThanTheClientAllows() {
    assertEquals(4, BUDGETS.budget(GenerationRequest.Thought.UNSAID, false));
    assertEquals(8, BUDGETS.budget(GenerationRequest.Thought.of(Optional.of("high")), false));
    assertEquals(80, BUDGETS.budget(GenerationRequest.Thought.of(Optional.of("high")), true));
    assertEquals(3, BUDGETS.budget(thought(Optional.of("high"), 3), false));
    assertEquals(16, BUDGETS.budget(thought(Optional.empty(), 1024), false));
    assertEquals(100, BUDGETS.budget(thought(Optional.empty(), 100), true));
  }

  private static GenerationRequest.Thought thought(Optional<String> effort, int budget) {
    return new GenerationRequest.Thought(effort, OptionalInt.of(budget));
  }

  private void play(String answers, GenerationRequest request) {
    play(answers, request, model(true), false);
  }

  private void play(String answers, GenerationRequest request, Model model, boolean thinks) {
    play(answers, request, model, thinks, events::add);
  }

  private void play(String answers, GenerationRequest request, EventSink sink) {
    play(answers, request, model(true), false, sink);
  }

  private void play(
      String answers, GenerationRequest request, Model model, boolean thinks, EventSink sink) {
    events.clear();
    String script = "{\"thinks\":" + thinks + ",\"answers\":[" + answers + "]}";
    Backend scripted = ScriptedBackend.of(script.getBytes(StandardCharsets.UTF_8));
    new TwoPass(new Noting(scripted, passes), BUDGETS).generate(request, model, FOR, sink, cancel);
  }

  /** Notes what a backend is asked. */
  private static final class Noting extends ForwardingBackend {
    private final Backend next;
    private final List<GenerationRequest> passes;

    Noting(Backend next, List<GenerationRequest> passes) {
      this.next = next;
      this.passes = passes;
    }

    @Override
    protected Backend next() {
      return next;
    }

    @Override
    public void generate(
        GenerationRequest request,
        Model model,
        Requester requester,
        EventSink sink,
        Cancellation cancel) {
      passes.add(request);
      super.generate(request, model, requester, sink, cancel);
    }
  }

  private static Model model(boolean reasoning) {
    return new Model(
        "m",
        List.of(),
        Model.Kind.LANGUAGE,
        new Model.Published(0, Optional.empty(), List.of(), List.of(), "x", Instant.EPOCH),
        new Model.Rules(reasoning, List.of(), List.of(), Optional.empty()),
        List.of(Price.FREE),
        "scripted",
        "script",
        Model.Defaults.NONE);
  }

  private static GenerationRequest request(String effort) {
    SamplingOptions s = SamplingOptions.UNSAID;
    return new GenerationRequest(
        "chat",
        "m",
        new Prompt.Conversation(List.of(Item.Message.text(Role.USER, "Say hello."))),
        new SamplingOptions(
            s.temperature(),
            s.topP(),
            s.topK(),
            s.minP(),
            s.penalties(),
            s.logitBias(),
            Optional.of(7L)),
        new GenerationRequest.Limits(OptionalInt.empty(), List.of()),
        new GenerationRequest.Options(
            1,
            OptionalInt.empty(),
            GenerationRequest.Thought.of(Optional.of(effort)),
            Optional.empty(),
            new AnswerFormat.Text(),
            Tools.NONE),
        true);
  }

  private static GenerationRequest choices(GenerationRequest r, int count) {
    GenerationRequest.Options o = r.options();
    return r.withOptions(
        new GenerationRequest.Options(
            count, o.topLogprobs(), o.thought(), o.user(), o.format(), o.tools()));
  }

  private String before(int pass) {
    return passes.get(pass).options().thought().before().orElseThrow();
  }

  private String text(int choice) {
    return events.stream()
        .filter(e -> e instanceof GenerationEvent.TextDelta d && d.choice() == choice)
        .map(e -> ((GenerationEvent.TextDelta) e).text())
        .collect(Collectors.joining());
  }

  private long count(Class<?> type) {
    return events.stream().filter(type::isInstance).count();
  }
}
