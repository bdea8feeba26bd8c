package dev.jubal.llama.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CallsTest {
  private static final SmallVocab SMALL = new SmallVocab();
  private static final List<OutputForm.Function> TWO =
      List.of(
          new OutputForm.Function(
              "get", "{\"type\": \"object\", \"properties\": {\"x\": {\"type\": \"integer\"}}}"),
          new OutputForm.Function("get_all", "{\"type\": \"object\", \"properties\": {}}"));

  private static List<Segment> plain(String text) {
    return text.isEmpty() ? List.of() : List.of(new Segment(text, false));
  }

  private static CallSyntax hermes(boolean anywhere) {
    return new CallSyntax(
        plain("<tool_call>\n"),
        plain("{\"name\": \""),
        plain("\", \"arguments\": "),
        plain("}\n</tool_call>"),
        plain("\n<tool_call>\n"),
        List.of(),
        anywhere);
  }

  private static CompiledForm calls(
      CallSyntax syntax, @Nullable OutputForm otherwise, boolean parallel) {
    return CompiledForm.compile(
        new OutputForm.Calls(syntax, TWO, Optional.ofNullable(otherwise), parallel));
  }

  private static final String CALL =
      "<tool_call>\n{\"name\": \"get\", \"arguments\": {\"x\": 1}}\n</tool_call>";
  private static final String ALL =
      "<tool_call>\n{\"name\": \"get_all\", \"arguments\": {}}\n</tool_call>";

  @Test
  void textThenCallsAndNothingBehind() {
    CompiledForm form = calls(hermes(true), new OutputForm.Text(), true);
    assertTrue(SMALL.accepts(form, ""));
    assertTrue(SMALL.accepts(form, "a < b and \"<tool_cal\" {"));
    assertTrue(SMALL.accepts(form, "Well: " + CALL + "\n" + ALL));
    assertFalse(SMALL.accepts(form, CALL + " done"));
    assertFalse(SMALL.accepts(form, "<tool_call>\nhello"));
    assertFalse(SMALL.accepts(form, CALL.replace("1", "\"1\"")));
    assertFalse(SMALL.accepts(form, CALL.replace("get", "got")));
  }

  @Test
  void oneCallAtMostOrAtLeast() {
    assertFalse(
        SMALL.accepts(calls(hermes(true), new OutputForm.Text(), false), CALL + "\n" + ALL));
    CompiledForm required = calls(hermes(true), null, false);
    assertTrue(SMALL.accepts(required, ALL));
    assertFalse(SMALL.accepts(required, "Text"));
  }

  @Test
  void allTextOrAllCalls() {
    CompiledForm form = calls(hermes(false), new OutputForm.Text(), false);
    assertTrue(SMALL.accepts(form, "Well: " + CALL + "!"));
    assertTrue(SMALL.accepts(form, "<tool_call>\n{\"nam"));
    assertTrue(SMALL.accepts(form, CALL));
    assertFalse(SMALL.accepts(form, "<tool_call>\n{\"name\": \"x\"}"));
  }

  @Test
  void jsonOrACallThatLooksLikeIt() {
    CallSyntax llama =
        new CallSyntax(
            List.of(),
            plain("{\"name\": \""),
            plain("\", \"parameters\": "),
            plain("}"),
            plain("; "),
            List.of(),
            false);
    CompiledForm form = calls(llama, new OutputForm.JsonObject(), true);
    assertTrue(SMALL.accepts(form, "{\"nam\": \"get\"}"));
    assertTrue(SMALL.accepts(form, "{\"name\": 1}"));
    assertTrue(SMALL.accepts(form, "{\"name\": \"get\", \"parameters\": {\"x\": 1}}"));
    assertFalse(SMALL.accepts(form, "{\"name\": \"x\"}"));
    CompiledForm text = calls(llama, new OutputForm.Text(), true);
    assertTrue(SMALL.accepts(text, "{\"nam\""));
    assertFalse(SMALL.accepts(text, "{\"name\": \"no such\"}"));
  }

  @Test
  void controlTokensComeOnlyWhereTheSyntaxNamesThem() {
    CallSyntax syntax =
        new CallSyntax(
            List.of(new Segment(SmallVocab.CALL, true)),
            List.of(),
            plain(" "),
            List.of(new Segment(SmallVocab.END_CALL, true)),
            List.of(new Segment(SmallVocab.CALL, true)),
            List.of(),
            true);
    CompiledForm form = calls(syntax, new OutputForm.Text(), true);
    Matcher matcher = form.matcher(SMALL.vocab());
    int open = SMALL.control(SmallVocab.CALL);
    int close = SMALL.control(SmallVocab.END_CALL);
    assertFalse(matcher.copy().advance(close));
    assertTrue(SMALL.takes(matcher, "Text <|call|> "));
    assertTrue((matcher.mask()[open >> 6] >>> open & 1) != 0);
    assertTrue(matcher.advance(open));
    assertTrue(SMALL.takes(matcher, "get {\"x\": 5}"));
    assertTrue(matcher.advance(close));
    assertTrue(matcher.mayEnd());
    assertTrue(matcher.advance(open));
    assertTrue(SMALL.takes(matcher, "get_all {}"));
  }

  @Test
  void threeHundredAndFiftyFunctionsFit() {
    List<OutputForm.Function> functions = new ArrayList<>();
    for (int i = 0; i < 350; i++) {
      functions.add(
          new OutputForm.Function(
              "function_" + i,
              "{\"type\": \"object\", \"properties\": {\"a"
                  + i
                  + "\": {\"type\": \"string\"},"
                  + " \"n\": {\"type\": \"integer\", \"minimum\": "
                  + i
                  + "}},"
                  + " \"required\": [\"n\"]}"));
    }
    CompiledForm form =
        CompiledForm.compile(
            new OutputForm.Calls(
                hermes(true), functions, Optional.of(new OutputForm.Text()), true));
    String call = "<tool_call>\n{\"name\": \"function_77\", \"arguments\": {\"n\": ";
    assertTrue(SMALL.accepts(form, "a" + call + "77}}\n</tool_call>"));
    assertFalse(SMALL.accepts(form, call + "76}}\n</tool_call>"));
  }

  @Test
  void aRefusalNamesTheFunction() {
    OutputForm.Calls calls =
        new OutputForm.Calls(
            hermes(true),
            List.of(new OutputForm.Function("f", "{\"type\": \"string\"}")),
            Optional.empty(),
            false);
    FormRefusal refusal = assertThrows(FormRefusal.class, () -> CompiledForm.compile(calls));
    assertEquals(Optional.of("f"), refusal.function());
  }
}
