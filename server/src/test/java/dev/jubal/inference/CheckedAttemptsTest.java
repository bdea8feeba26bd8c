package dev.jubal.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.validation.SchemaValidator;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.platform.trace.Trace;
import dev.jubal.testing.Await;
import dev.jubal.testing.MemoryLedger;
import dev.jubal.testing.ScriptedServer;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Answers held against what was asked: asked again, paid for, refused in the end. */
class CheckedAttemptsTest {
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());
  private static final Map<String, Object> FORMAT =
      Map.of("type", "json_schema", "json_schema", Map.of("schema", Map.of("type", "integer")));

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static HttpResponse<String> ask(String script, boolean stream) throws Exception {
    SERVER.script(script);
    Map<String, Object> body =
        Map.of(
            "model",
            ScriptedServer.MODEL,
            "messages",
            List.of(Map.of("role", "user", "content", "A number.")),
            "stream",
            stream,
            "response_format",
            FORMAT);
    return SERVER.http().post("/v1/chat/completions", Json.string(body));
  }

  /** The one settled row. */
  private static Settlement row() {
    assertEquals(1, SERVER.ledger().settlements().size());
    return SERVER.ledger().settlements().values().iterator().next();
  }

  private static String script(boolean constrains, String... texts) {
    StringBuilder answers = new StringBuilder();
    for (String text : texts) {
      answers
          .append(answers.isEmpty() ? "" : ",")
          .append("{\"prompt_tokens\":10,\"cached_tokens\":4,\"steps\":[")
          .append(text)
          .append("]}");
    }
    return "{\"constrains\":" + constrains + ",\"answers\":[" + answers + "]}";
  }

  /** Of several attempts, each with a prompt of ten tokens. */
  private static Usage used(long prompt, long cached, long completion) {
    return new Usage(prompt, cached, 0, completion, 0, Map.of(), 10);
  }

  @Test
  void everyAttemptIsPaidForInOneRow() throws Exception {
    String bad = "{\"text\":\"\\\"x\\\"\"},{\"text\":\" \"}";
    HttpResponse<String> answer = ask(script(false, bad, bad, "{\"text\":\"7\"}"), false);
    assertEquals(200, answer.statusCode());
    Settlement row = row();
    assertEquals(used(30, 12, 5), row.usage());
    assertEquals(200, row.status());
    assertTrue(answer.body().contains("\"prompt_tokens\":30,\"completion_tokens\":5"));
  }

  @Test
  void aRequestThatIsNeverMetIsPaidForToo() throws Exception {
    for (boolean stream : new boolean[] {false, true}) {
      HttpResponse<String> answer = ask(script(false, "{\"text\":\"no\"}"), stream);
      assertEquals(502, answer.statusCode());
      Settlement row = row();
      assertEquals(used(30, 12, 3), row.usage());
      assertEquals(Optional.of("schema_not_met"), row.errorType());
    }
  }

  @Test
  void anAttemptThatBreaksIsPaidForAfterOneThatWasWrong() throws Exception {
    String breaks = "{\"text\":\"7\"},{\"fail\":\"overloaded\"}";
    HttpResponse<String> answer = ask(script(false, "{\"text\":\"no\"}", breaks), true);
    assertEquals(ErrorCode.CAPACITY_EXCEEDED.status(), answer.statusCode());
    assertEquals(used(20, 8, 2), row().usage());
  }

  @Test
  void whatLengthCutIsNotHeldAgainstTheSchema() throws Exception {
    HttpResponse<String> answer =
        ask(script(false, "{\"text\":\"{\"},{\"finish\":\"length\"}"), false);
    assertEquals(200, answer.statusCode());
    assertTrue(answer.body().contains("\"finish_reason\":\"length\""));
  }

  @Test
  void aDisagreementIsCountedAndTheAnswerGoesOut() throws Exception {
    HttpResponse<String> answer = ask(script(true, "{\"text\":\"\\\"x\\\"\"}"), false);
    assertEquals(200, answer.statusCode());
    Await.until("a disagreement", () -> SERVER.disagreements().equals(List.of("type")));
  }

  @Test
  void theModelIsToldWhatWasWrong() {
    GenerationRequest request =
        request(
            new AnswerFormat.Text(),
            new Tools(
                List.of(new Tools.Function("f", "", "{\"required\":[\"a\"]}")),
                new Tools.Choice.Required(),
                true));
    List<GenerationRequest> asked = new ArrayList<>();
    CheckedAttempts attempts = attempts(request);
    ApiException e =
        assertThrows(
            ApiException.class,
            () ->
                attempts.run(
                    request,
                    next -> {
                      asked.add(next);
                      attempts.accept(new GenerationEvent.CallStarted(0, 0, "call_1", "f"));
                      attempts.accept(new GenerationEvent.CallArguments(0, 0, "{}", 1));
                      attempts.accept(new GenerationEvent.CallFinished(0, 0));
                      attempts.accept(
                          new GenerationEvent.ChoiceFinished(
                              0, FinishReason.TOOL_CALLS, Optional.empty()));
                      attempts.accept(new GenerationEvent.Finished(Usage.of(1, 0, 1), 0));
                    }));
    assertEquals(ErrorCode.SCHEMA_NOT_MET, e.code());
    assertEquals(3, asked.size());
    List<Item> items = ((Prompt.Conversation) asked.get(1).prompt()).items();
    assertEquals(new Item.FunctionCall("call_1", "f", "{}"), items.get(1));
    Item.FunctionCallOutput output = assertInstanceOf(Item.FunctionCallOutput.class, items.get(2));
    assertTrue(output.output().contains("'a'"), output.output());
    assertInstanceOf(Item.Message.class, items.get(3));
    assertEquals(7, ((Prompt.Conversation) asked.get(2).prompt()).items().size());
  }

  @Test
  void aCallThatWasNotOfferedOrNotMadeIsAFlaw() {
    Tools.Function f = new Tools.Function("f", "", "{}");
    Tools.Function g = new Tools.Function("g", "", "{}");
    Tools named = new Tools(List.of(f, g), new Tools.Choice.Named("g"), false);
    assertEquals("unknown_function", cause(named, "f"));
    assertEquals("unknown_function", cause(named, "h"));
    assertEquals("several_calls", cause(named, "g", "g"));
    assertEquals("no_call", cause(named));
    assertEquals("", cause(named, "g"));
    assertEquals("", cause(new Tools(List.of(f), new Tools.Choice.Auto(), true)));
  }

  private static String cause(Tools tools, String... called) {
    AnswerRecorder answer = new AnswerRecorder(1);
    for (int i = 0; i < called.length; i++) {
      answer.take(new GenerationEvent.CallStarted(0, i, "c" + i, called[i]));
      answer.take(new GenerationEvent.CallArguments(0, i, "{}", 1));
      answer.take(new GenerationEvent.CallFinished(0, i));
    }
    FinishReason reason = called.length > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    answer.take(new GenerationEvent.ChoiceFinished(0, reason, Optional.empty()));
    return new AnswerCheck(request(new AnswerFormat.Text(), tools), new SchemaValidator())
        .flaw(answer)
        .map(AnswerCheck.Flaw::cause)
        .orElse("");
  }

  private static CheckedAttempts attempts(GenerationRequest request) {
    Cancellation cancel = new Cancellation();
    Price price = new Price(Instant.EPOCH, Price.Rate.FREE, 0, Price.Rate.FREE, "test");
    Principal caller = new Principal("k", "name", "xai-...abcd", "u", "t", List.of());
    Admission admission =
        new Admission(
            "r", Optional.empty(), caller, "chat", "m", "m", "test/w", price, false, Instant.EPOCH);
    return new CheckedAttempts(
        new AnswerCheck(request, new SchemaValidator()),
        new SettlingSink(
            new MemoryLedger(),
            new SettlingSink.Open(admission, unlimited(admission), true),
            event -> {},
            new Generator.Caller(caller, "r", Optional.empty(), cancel),
            SettlingSink.Earlier.NONE,
            Trace.NONE),
        cancel);
  }

  private static Reservation unlimited(Admission a) {
    return Reservation.unlimited(
        new Demand(
            a.requestId(),
            a.principal(),
            Optional.empty(),
            a.endpoint(),
            a.modelResolved(),
            a.price(),
            Demand.Tokens.NONE,
            true,
            a.admitted()));
  }

  private static GenerationRequest request(AnswerFormat format, Tools tools) {
    return new GenerationRequest(
        "chat",
        "m",
        new Prompt.Conversation(List.of(Item.Message.text(Role.USER, "Hi."))),
        SamplingOptions.UNSAID,
        new GenerationRequest.Limits(OptionalInt.empty(), List.of()),
        new GenerationRequest.Options(
            1,
            OptionalInt.empty(),
            GenerationRequest.Thought.UNSAID,
            Optional.empty(),
            format,
            tools),
        false);
  }
}
