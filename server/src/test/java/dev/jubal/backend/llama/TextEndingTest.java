package dev.jubal.backend.llama;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.Tools;
import dev.jubal.llama.OutputForm;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which answers are drawn to their end: free texts of conversations, and nothing else. */
final class TextEndingTest {
  private static final Prompt SAID =
      new Prompt.Conversation(List.of(Item.Message.text(Role.USER, "Hi")));
  private static final AnswerPlan TEXT = new AnswerPlan(Tools.NONE, new OutputForm.Text(), true);

  @Test
  void aFreeTextIs() {
    assertEquals(160, EngineRequests.endFrom(request(SAID), TEXT));
  }

  @Test
  void aValueIsNot() {
    AnswerPlan value = new AnswerPlan(Tools.NONE, new OutputForm.JsonObject(), true);
    assertEquals(0, EngineRequests.endFrom(request(SAID), value));
  }

  @Test
  void aThoughtIsNot() {
    assertEquals(0, EngineRequests.endFrom(request(SAID), TEXT.free()));
  }

  @Test
  void nothingIsWithoutSoftLanding() {
    assertEquals(0, EngineRequests.endFrom(request(SAID), TEXT.landing(false)));
  }

  @Test
  void aBareTextIsNot() {
    assertEquals(0, EngineRequests.endFrom(request(new Prompt.Text("Once")), TEXT));
  }

  private static GenerationRequest request(Prompt prompt) {
    return new GenerationRequest(
        "chat",
        "m",
        prompt,
        SamplingOptions.UNSAID,
        new GenerationRequest.Limits(OptionalInt.of(2000), List.of(), OptionalInt.of(160)),
        new GenerationRequest.Options(
            1,
            OptionalInt.empty(),
            GenerationRequest.Thought.UNSAID,
            Optional.empty(),
            new AnswerFormat.Text(),
            Tools.NONE),
        false);
  }
}
