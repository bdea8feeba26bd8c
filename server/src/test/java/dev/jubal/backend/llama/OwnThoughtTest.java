package dev.jubal.backend.llama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.Tools;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Segment;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.llama.template.calls.ThoughtTags;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How weights that think between tags are told to, and how their thoughts are read. */
class OwnThoughtTest {
  /** As Qwen3 has it: the tags are left to the model, or closed at once. */
  private static final ChatTemplate ASKED =
      template(
          "{% for m in messages %}[{{ m.role }}]{{ m.content.split('</think>')[-1] }}\n{% endfor %}"
              + "[assistant]{% if enable_thinking is defined and not enable_thinking %}<think>\n\n"
              + "</think>\n\n{% endif %}");

  /** As DeepSeek-R1 has it: the tag is opened always. */
  private static final ChatTemplate OPENED =
      template(
          "{% for m in messages %}[{{ m.role }}]{{ m.content.split('</think>')[-1] }}\n{% endfor %}"
              + "[assistant]{{ '<think>\n' }}");

  private static ChatTemplate template(String jinja) {
    return ChatTemplate.parse(jinja, Map.of(), Clock.systemUTC());
  }

  @Test
  void theTagIsOpenedOnceAndTheThoughtIsNotTheAnswersForm() {
    for (ChatTemplate template : List.of(ASKED, OPENED)) {
      assertEquals(
          "[user]Hi\n[assistant]<think>\n",
          prompt(request(Optional.of(""), new AnswerFormat.Thought()), template));
    }
  }

  @Test
  void theAnswerComesAfterTheClosedTag() {
    for (ChatTemplate template : List.of(ASKED, OPENED)) {
      assertEquals(
          "[user]Hi\n[assistant]<think>\nThey greet.\n</think>\n\n",
          prompt(request(Optional.of("They greet.\n"), new AnswerFormat.Text()), template));
    }
  }

  @Test
  void withoutAThoughtTheTagIsClosedAtOnce() {
    GenerationRequest none = request(Optional.empty(), new AnswerFormat.Text());
    assertEquals("[user]Hi\n[assistant]<think>\n\n</think>\n\n", prompt(none, ASKED));
    assertEquals("[user]Hi\n[assistant]<think>\n\n</think>\n\n", prompt(none, OPENED));
  }

  @Test
  void weightsWithoutTagsAreShownADraftAndTheQuestionOnceMore() {
    ChatTemplate plain =
        template("{% for m in messages %}[{{ m.role }}]{{ m.content }}\n{% endfor %}[assistant]");
    String asked = "[user]Hi\n[assistant]";
    assertEquals(asked, prompt(request(Optional.of(""), new AnswerFormat.Thought()), plain));
    assertEquals(
        asked + "They greet.\n" + asked,
        prompt(request(Optional.of(" They greet."), new AnswerFormat.Text()), plain));
    assertEquals(asked, prompt(request(Optional.empty(), new AnswerFormat.Text()), plain));
  }

  /** As gpt-oss has it: channels, whose names are control tokens. */
  private static final ChatTemplate CHANNELS =
      template(
          "{% for m in messages %}<|start|>{{ m.role }}<|message|>{{ m.content }}<|end|>"
              + "{% endfor %}{% if never %}<|channel|>analysis<|message|>{% endif %}"
              + "<|start|>assistant");

  /** As Command has it. */
  private static final ChatTemplate COMMAND =
      template(
          "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}[CHATBOT]"
              + "{% if never %}<|START_THINKING|><|END_THINKING|>{% endif %}");

  @Test
  void tagsThatAreControlTokensAreWrittenAsThem() {
    String asked = "<|start|>user<|message|>Hi<|end|><|start|>assistant";
    String opened = asked + "<|channel|>analysis<|message|>";
    assertEquals(opened, prompt(request(Optional.of(""), new AnswerFormat.Thought()), CHANNELS));
    assertEquals(
        opened + "They greet.<|end|><|start|>assistant<|channel|>final<|message|>",
        prompt(request(Optional.of("They greet."), new AnswerFormat.Text()), CHANNELS));
    GenerationRequest none = request(Optional.empty(), new AnswerFormat.Text());
    assertEquals(asked + "<|channel|>final<|message|>", prompt(none, CHANNELS));
    assertEquals(
        "[user]Hi[CHATBOT]<|START_THINKING|>Hm<|END_THINKING|>",
        prompt(request(Optional.of("Hm"), new AnswerFormat.Text()), COMMAND));
    assertEquals("[user]Hi[CHATBOT]<|START_THINKING|><|END_THINKING|>", prompt(none, COMMAND));
    assertEquals(Optional.empty(), EngineRequests.tags(none, COMMAND));
  }

  @Test
  void whatAThoughtSaysIsNoControlToken() {
    GenerationRequest forged = request(Optional.of("x</think>y"), new AnswerFormat.Text());
    List<Segment> segments =
        EngineRequests.prompt(forged, new AnswerPlan(Tools.NONE, new OutputForm.Text()), ASKED);
    assertTrue(segments.contains(new Segment("x</think>y", false)), segments.toString());
  }

  @Test
  void aTagThatIsOpenedUnaskedIsReadAsAThought() {
    ChoiceEvents events =
        new ChoiceEvents(0, Optional.of(ThoughtTags.ALL.getFirst()), Optional.empty());
    assertEquals(List.of(), events.text("<th", 1, List.of()));
    assertEquals(
        List.of(new GenerationEvent.ReasoningDelta(0, "Hm", 2)),
        events.text("ink>Hm", 1, List.of()));
    assertEquals(
        List.of(
            new GenerationEvent.ReasoningFinished(0),
            new GenerationEvent.TextDelta(0, "Yes", 1, List.of())),
        events.text("</think>\n\nYes", 1, List.of()));
    assertEquals(2, events.thought());
    assertEquals(1, events.end(GenerationEvent.FinishReason.STOP, null).size());
  }

  private static String prompt(GenerationRequest request, ChatTemplate template) {
    return EngineRequests.prompt(
            request, new AnswerPlan(Tools.NONE, new OutputForm.Text()), template)
        .stream()
        .map(Segment::text)
        .collect(Collectors.joining());
  }

  private static GenerationRequest request(Optional<String> before, AnswerFormat format) {
    return new GenerationRequest(
        "chat",
        "m",
        new Prompt.Conversation(List.of(Item.Message.text(Role.USER, "Hi"))),
        SamplingOptions.UNSAID,
        new GenerationRequest.Limits(OptionalInt.empty(), List.of()),
        new GenerationRequest.Options(
            1,
            OptionalInt.empty(),
            new GenerationRequest.Thought(Optional.empty(), OptionalInt.empty(), before),
            Optional.empty(),
            format,
            Tools.NONE),
        false);
  }
}
