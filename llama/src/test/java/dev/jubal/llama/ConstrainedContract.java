package dev.jubal.llama;

import static dev.jubal.llama.Requests.chat;
import static dev.jubal.llama.Requests.choices;
import static dev.jubal.llama.Requests.request;
import static dev.jubal.llama.Requests.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineRequest.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every {@link Engine} makes of output forms, on the default model's weights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ConstrainedContract {
  private static final String CITY =
      """
      {"type": "object", "required": ["city", "country", "capital", "people"], "properties": {
        "city": {"type": "string", "maxLength": 20},
        "country": {"enum": ["France", "Peru", "Japan"]},
        "capital": {"type": "boolean"},
        "people": {"type": "integer", "minimum": 1000, "maximum": 99999999}}}
      """;
  private static final Pattern A_CITY =
      Pattern.compile(
          "\\{\"city\": \"(?:[^\"\\\\]|\\\\.)*\", \"country\": \"(?:France|Peru|Japan)\","
              + " \"capital\": (?:true|false), \"people\": [1-9][0-9]{3,7}}");
  private static final String WEATHER =
      """
      {"type": "object", "required": ["place", "days"], "properties": {
        "place": {"type": "string", "maxLength": 20}, "days": {"type": "integer", "minimum": 1,
        "maximum": 7}}}
      """;
  private static final String A_CALL =
      "<tool_call>\\n\\{\"name\": \"(?:weather|news)\", \"arguments\": \\{[^\\n]*}}\\n</tool_call>";

  private Engine engine;

  /** Opens an engine of the kind under test. */
  protected abstract Engine open(EngineOptions options);

  @BeforeAll
  void start() {
    engine = open(Artefacts.options(4, 1024));
  }

  @AfterAll
  void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private Recorder run(EngineRequest request) {
    Recorder recorder = new Recorder();
    engine.submit(request, recorder);
    return recorder.answered();
  }

  private static EngineRequest schema(EngineRequest request, String schema, boolean forcedText) {
    return request.withOutput(new Output(new OutputForm.JsonSchema(schema), forcedText));
  }

  private static EngineRequest drawn(String text, long seed, int maxTokens) {
    Sampling sampling = new Sampling(1, 0.95f, 0, 0, 0, 0, Map.of(), seed);
    return new EngineRequest(chat(text), sampling, 1, EngineRequest.Limits.tokens(maxTokens), -1);
  }

  @Test
  void answersFitTheirSchema() {
    for (boolean forced : new boolean[] {false, true}) {
      Recorder greedy = run(schema(request("Describe Paris as JSON.", 200), CITY, forced));
      assertTrue(A_CITY.matcher(greedy.text()).matches(), greedy.text());
      assertEquals(FinishReason.STOP, greedy.reason(0));
      assertEquals(greedy.tokens().size(), greedy.counts().completion());
      for (int seed = 1; seed <= 4; seed++) {
        Recorder drawn = run(schema(drawn("Describe a city.", seed, 200), CITY, forced));
        assertTrue(A_CITY.matcher(drawn.text()).matches(), "seed " + seed + ": " + drawn.text());
      }
    }
  }

  @Test
  void whatIsBegunIsGoneOnWith() {
    for (String begun : List.of("{", "{\"city\": \"Par", "{\"city\": \"Paris\", ")) {
      EngineRequest fresh = request("Describe Paris as JSON.", 200);
      List<Segment> prompt = new ArrayList<>(fresh.prompt());
      prompt.add(new Segment(begun, false));
      EngineRequest request =
          new EngineRequest(
              prompt,
              fresh.sampling(),
              1,
              fresh.limits(),
              -1,
              new Output(
                  new OutputForm.JsonSchema(CITY), true, false, List.of(new Segment(begun, false))),
              fresh.share());
      String whole = begun + run(request).text();
      assertTrue(A_CITY.matcher(whole).matches(), whole);
    }
  }

  @Test
  void theSeedDecides() {
    Recorder first = run(schema(drawn("Describe a city.", 9, 200), CITY, false));
    assertEquals(first.text(), run(schema(drawn("Describe a city.", 9, 200), CITY, false)).text());
  }

  @Test
  void forcedTextSparesTheModelsTime() {
    EngineRequest request = request("Describe Paris as JSON.", 200);
    long before = engine.stats().decodeSteps();
    run(schema(request, CITY, false));
    long between = engine.stats().decodeSteps();
    run(schema(request, CITY, true));
    long after = engine.stats().decodeSteps();
    assertTrue(
        after - between < between - before,
        (after - between) + " steps (expected: fewer than " + (between - before) + ")");
  }

  @Test
  void choicesGoTheirOwnWay() {
    EngineRequest several = choices(drawn("Describe a city.", 3, 200), 6);
    Recorder answer = run(schema(several, CITY, true));
    for (int i = 0; i < 6; i++) {
      assertTrue(A_CITY.matcher(answer.text(i)).matches(), answer.text(i));
    }
  }

  @Test
  void aCutIsTold() {
    Recorder answer = run(schema(request("Describe Paris.", 6), CITY, false));
    assertEquals(FinishReason.LENGTH, answer.reason(0));
    assertEquals(6, answer.counts().completion());
    String begin = answer.text().substring(0, Math.min(10, answer.text().length()));
    assertTrue("{\"city\": \"".startsWith(begin), answer.text());
  }

  @Test
  void stopTextsDoNotCutAValue() {
    EngineRequest request = with(request("Describe Paris.", 200), List.of(",", "\"", "}"));
    Recorder answer = run(schema(request, CITY, false));
    assertTrue(A_CITY.matcher(answer.text()).matches(), answer.text());
  }

  @Test
  void anyObjectIsAnObject() {
    Recorder answer =
        run(
            request("Give me a JSON object with a name and an age.", 300)
                .withOutput(new Output(new OutputForm.JsonObject(), false)));
    assertTrue(answer.text().startsWith("{"), answer.text());
    assertTrue(answer.reason(0) == FinishReason.LENGTH || answer.text().endsWith("}"));
  }

  @Test
  void aSchemaThatCannotBeEnforcedIsRefused() {
    Recorder recorder = new Recorder();
    engine.submit(schema(request("Hello", 5), "{\"type\": \"text\"}", false), recorder);
    EngineFailure failure = recorder.failure();
    assertEquals(Kind.FORM_REFUSED, failure.kind());
    assertTrue(String.valueOf(failure.getMessage()).contains("text"), failure.getMessage());
  }

  @Test
  void aCallThatMustBeMadeIsMade() {
    for (boolean forced : new boolean[] {false, true}) {
      Recorder answer =
          run(
              request("What is the weather in Oslo this week?", 200)
                  .withOutput(new Output(calls(Optional.empty(), false), forced)));
      assertTrue(Pattern.matches(A_CALL, answer.text()), answer.text());
      assertEquals(FinishReason.STOP, answer.reason(0));
    }
  }

  @Test
  void aCallThatIsBegunIsGoneOnWith() {
    for (String arguments : List.of("{", "{\"")) {
      EngineRequest fresh = request("What is the weather in Oslo this week?", 200);
      List<Segment> begun =
          List.of(
              new Segment("<tool_call>\n{\"name\": \"", false),
              new Segment("weather", false),
              new Segment("\", \"arguments\": ", false),
              new Segment(arguments, false));
      List<Segment> prompt = new ArrayList<>(fresh.prompt());
      prompt.addAll(begun);
      EngineRequest request =
          new EngineRequest(
              prompt,
              fresh.sampling(),
              1,
              fresh.limits(),
              -1,
              new Output(calls(Optional.empty(), false), true, false, begun),
              fresh.share());
      String whole =
          begun.stream().map(Segment::text).collect(java.util.stream.Collectors.joining())
              + run(request).text();
      assertTrue(Pattern.matches(A_CALL, whole), whole);
    }
  }

  @Test
  void textInsteadOfACallIsText() {
    Output output = new Output(calls(Optional.of(new OutputForm.Text()), true), true);
    EngineRequest request = request("Count from one to ten in words.", 60);
    String free = run(request).text();
    String text = run(request.withOutput(output)).text();
    assertEquals(free, text);
    String stop = text.substring(12, 16);
    Recorder cut = run(with(request, List.of(stop)).withOutput(output));
    assertEquals(text.substring(0, text.indexOf(stop)), cut.text());
    assertEquals(stop, cut.stop(0));
  }

  private static OutputForm.Calls calls(Optional<OutputForm> otherwise, boolean parallel) {
    CallSyntax syntax =
        new CallSyntax(
            List.of(),
            List.of(new Segment("<tool_call>\n{\"name\": \"", false)),
            List.of(new Segment("\", \"arguments\": ", false)),
            List.of(new Segment("}\n</tool_call>", false)),
            List.of(new Segment("\n", false)),
            List.of(),
            true);
    return new OutputForm.Calls(
        syntax,
        List.of(
            new OutputForm.Function("weather", WEATHER),
            new OutputForm.Function("news", "{\"type\": \"object\", \"properties\": {}}")),
        otherwise,
        parallel);
  }

  @Test
  void manyAtOnceKeepTheirForms() {
    List<Recorder> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Recorder answer = new Recorder();
      answers.add(answer);
      EngineRequest request = drawn("Describe city number " + i, i, 200);
      engine.submit(i % 3 == 0 ? request : schema(request, CITY, i % 2 == 0), answer);
    }
    for (int i = 0; i < 12; i++) {
      String text = answers.get(i).answered().text();
      assertTrue(i % 3 == 0 || A_CITY.matcher(text).matches(), text);
    }
  }
}
