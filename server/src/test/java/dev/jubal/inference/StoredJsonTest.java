package dev.jubal.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.ledger.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What version 1 stored must be read for ever: the texts here are frozen. */
final class StoredJsonTest {
  private static final String ITEMS =
      """
      [{"type":"message","role":"USER","content":[{"type":"text","text":"look"},{"type":"image",\
      "url":"data:image/png;base64,AA==","detail":"low"}]},{"type":"reasoning","text":"hm"},\
      {"type":"function_call","call_id":"c1","name":"add","arguments":"{}"},\
      {"type":"function_call_output","call_id":"c1","content":[{"type":"text","text":"3"}]}]\
      """;

  private static final String EVENTS =
      """
      [{"type":"accepted","resolution":{"request_id":"r","model":"m","backend":"b",\
      "admitted":"1970-01-01T00:00:01Z","dropped":[]}},{"type":"started","prompt":3,"cached":1},\
      {"type":"reasoning_delta","choice":0,"text":"hm","tokens":1},\
      {"type":"reasoning_finished","choice":0},\
      {"type":"text_delta","choice":0,"text":"yes","tokens":1,"logprobs":[]},\
      {"type":"call_started","choice":0,"index":0,"call_id":"c1","name":"add"},\
      {"type":"call_arguments","choice":0,"index":0,"delta":"{}","tokens":1},\
      {"type":"call_finished","choice":0,"index":0},\
      {"type":"choice_finished","choice":0,"reason":"TOOL_CALLS","stop":null},\
      {"type":"finished","usage":{"prompt":3,"cached":1,"image":0,"completion":2,"reasoning":1},\
      "cost_ticks":7}]\
      """;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void readsItemsOfVersion1AndWritesThemAlike() {
    List<Item> items = StoredJson.items(bytes(ITEMS));
    assertEquals(
        List.of(
            new Item.Message(
                Role.USER,
                List.of(
                    new Item.Part.Text("look"),
                    new Item.Part.Image("data:image/png;base64,AA==", Optional.of("low")))),
            new Item.Reasoning("hm"),
            new Item.FunctionCall("c1", "add", "{}"),
            Item.FunctionCallOutput.text("c1", "3")),
        items);
    assertEquals(items, StoredJson.items(StoredJson.ofItems(items)));
  }

  @Test
  void readsEventsOfVersion1AndWritesThemAlike() {
    List<GenerationEvent> events = StoredJson.events(bytes(EVENTS));
    assertEquals(
        List.of(
            new GenerationEvent.Accepted(
                new Resolution("r", "m", "b", Instant.ofEpochSecond(1), List.of())),
            new GenerationEvent.Started(3, 1),
            new GenerationEvent.ReasoningDelta(0, "hm", 1),
            new GenerationEvent.ReasoningFinished(0),
            new GenerationEvent.TextDelta(0, "yes", 1, List.of()),
            new GenerationEvent.CallStarted(0, 0, "c1", "add"),
            new GenerationEvent.CallArguments(0, 0, "{}", 1),
            new GenerationEvent.CallFinished(0, 0),
            new GenerationEvent.ChoiceFinished(
                0, GenerationEvent.FinishReason.TOOL_CALLS, Optional.empty()),
            new GenerationEvent.Finished(new Usage(3, 1, 0, 2, 1), 7)),
        events);
    assertEquals(events, StoredJson.events(StoredJson.of(events)));
    assertEquals(events.get(2), StoredJson.event(StoredJson.of(events.get(2))));
  }

  @Test
  void aRequestComesBackWhole() {
    GenerationRequest request =
        new GenerationRequest(
            "chat",
            "grok-4",
            new Prompt.Conversation(List.of(Item.Message.text(Role.USER, "hi"))),
            new SamplingOptions(
                Optional.of(0.5),
                Optional.empty(),
                Optional.of(3),
                Optional.empty(),
                new SamplingOptions.Penalties(0, 1),
                Map.of(7, -1.5),
                Optional.of(9L)),
            new GenerationRequest.Limits(OptionalInt.of(5), List.of("x")),
            new GenerationRequest.Options(
                2,
                OptionalInt.empty(),
                new GenerationRequest.Thought(Optional.of("low"), OptionalInt.of(64)),
                Optional.of("u"),
                new AnswerFormat.JsonSchema("n", "{}"),
                new Tools(
                    List.of(new Tools.Function("f", "", "{}")),
                    new Tools.Choice.Named("f"),
                    false)),
            true);
    assertEquals(request, StoredJson.request(StoredJson.of(request)));
  }
}
