package dev.jubal.llama.template.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.llama.CallSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CallParserTest {
  private static final String[] TEXTS = {
    "Hello.", "a < b", "{\"x\": 1}", "Über 日本 👩", "<tool", "line\nline", "[TOOL", "\"name\": "
  };
  private static final String[] ARGUMENTS = {
    "{}",
    "{\"a\": 1}",
    "{\"city\": \"Bern }}]]\", \"n\": [1, {\"x\": \"\\\"}\"}]}",
    "{\"t\": \"</tool_call> <tool_call>\\n\\\\\"}",
    "{\"u\": \"\\u00e9 é 👩\"}"
  };

  /** What a whole answer gives: text, and calls with their arguments. */
  private record Seen(String text, List<String> calls) {}

  @Test
  void findsEveryCallHoweverTheAnswerIsCut() {
    long seed = Long.getLong("jubal.seed", System.nanoTime());
    System.out.println("CallParserTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      Family family = Family.ALL.get(random.nextInt(Family.ALL.size()));
      List<String> calls = new ArrayList<>();
      String text =
          family.syntax().anywhere() && random.nextBoolean()
              ? TEXTS[random.nextInt(TEXTS.length)]
              : "";
      StringBuilder answer = new StringBuilder(text.isEmpty() ? "" : text + "\n");
      answer.append(Family.text(family.syntax().opening()));
      for (int i = random.nextInt(3); i >= 0; i--) {
        String arguments = ARGUMENTS[random.nextInt(ARGUMENTS.length)];
        String name = "fn_" + random.nextInt(100);
        answer.append(call(family.syntax(), name, arguments));
        answer.append(i > 0 ? Family.text(family.syntax().between()) : "");
        calls.add(name + " " + arguments + " whole");
      }
      answer.append(Family.text(family.syntax().closing()));
      assertEquals(
          new Seen(text.stripTrailing(), calls),
          parsed(family.syntax(), answer.toString(), random),
          family.name() + ": " + answer);
    }
  }

  @Test
  void whatIsNoCallIsTextAndNothingIsLost() {
    long seed = Long.getLong("jubal.seed", System.nanoTime());
    System.out.println("CallParserTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      Family family = Family.ALL.get(random.nextInt(Family.ALL.size()));
      StringBuilder answer = new StringBuilder();
      for (int i = random.nextInt(6); i >= 0; i--) {
        answer.append(TEXTS[random.nextInt(TEXTS.length)]).append(random.nextBoolean() ? " " : "");
      }
      assertEquals(
          new Seen(answer.toString(), List.of()),
          parsed(family.syntax(), answer.toString(), random),
          family.name());
    }
  }

  @Test
  void aMarkerWithoutACallIsText() {
    String answer = "Write <tool_call>\n{\"name\": \"x\", \"arguments\": none} to call.";
    assertEquals(
        new Seen(answer, List.of()), parsed(Family.HERMES.syntax(), answer, new Random(1)));
  }

  @Test
  void aCallThatIsCutIsNotWhole() {
    CallSyntax syntax = Family.HERMES.syntax();
    assertEquals(
        new Seen("", List.of("f {\"a\": ")),
        parsed(syntax, "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": ", new Random(1)));
    assertEquals(
        new Seen("Hi.", List.of()),
        parsed(syntax, "Hi.\n<tool_call>\n{\"name\": \"f", new Random(1)));
    assertEquals(new Seen("Hi. <tool_c", List.of()), parsed(syntax, "Hi. <tool_c", new Random(1)));
  }

  @Test
  void textAndCallsDoNotMixWhereCallsStandAlone() {
    Family llama =
        Family.ALL.stream().filter(f -> !f.syntax().anywhere()).findFirst().orElseThrow();
    String call = call(llama.syntax(), "f", "{}");
    assertEquals(
        new Seen("", List.of("f {} whole")), parsed(llama.syntax(), "\n" + call, new Random(1)));
    assertEquals(
        new Seen("See: " + call, List.of()), parsed(llama.syntax(), "See: " + call, new Random(1)));
  }

  private static String call(CallSyntax syntax, String name, String arguments) {
    return Family.text(syntax.beforeName())
        + name
        + Family.text(syntax.beforeArguments())
        + arguments
        + Family.text(syntax.afterArguments());
  }

  private static Seen parsed(CallSyntax syntax, String answer, Random random) {
    CallParser parser = new CallParser(syntax);
    List<CallPart> parts = new ArrayList<>();
    for (int at = 0; at < answer.length(); ) {
      int end = Math.min(answer.length(), at + 1 + random.nextInt(random.nextBoolean() ? 3 : 30));
      parts.addAll(parser.feed(answer.substring(at, end)));
      at = end;
    }
    parts.addAll(parser.end());
    StringBuilder text = new StringBuilder();
    List<String> calls = new ArrayList<>();
    for (CallPart part : parts) {
      switch (part) {
        case CallPart.Text t -> text.append(t.text());
        case CallPart.Started s -> {
          assertEquals(calls.size(), s.index());
          calls.add(s.name() + " ");
        }
        case CallPart.Arguments a -> calls.set(a.index(), calls.get(a.index()) + a.delta());
        case CallPart.Finished f -> calls.set(f.index(), calls.get(f.index()) + " whole");
      }
    }
    return new Seen(text.toString(), calls);
  }
}
