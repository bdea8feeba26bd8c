package dev.jubal.llama.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.OutputForm;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class UniquenessTest {
  private static final SmallVocab SMALL = new SmallVocab();

  private static CompiledForm schema(String schema) {
    return CompiledForm.compile(new OutputForm.JsonSchema(schema));
  }

  @Test
  void noKeyComesTwice() {
    CompiledForm form =
        schema(
            "{\"properties\": {\"a\": true}, \"additionalProperties\": {\"type\": \"integer\"}}");
    assertTrue(SMALL.accepts(form, "{\"a\": {\"b\": 1, \"c\": 2}, \"b\": 1, \"c\": 2}"));
    assertFalse(SMALL.accepts(form, "{\"a\": 1, \"b\": 1, \"b\": 2}"));
    assertFalse(SMALL.accepts(form, "{\"b\": 1, \"a\": 2}"));
    assertFalse(SMALL.accepts(form, "{\"a\": {\"b\": 1, \"b\": 2}}"));
  }

  @Test
  void noItemComesTwice() {
    CompiledForm form =
        schema(
            "{\"type\": \"array\", \"uniqueItems\": true, \"minItems\": 1, \"items\": {\"anyOf\":"
                + " [{\"type\": \"string\", \"minLength\": 1}, {\"type\": \"number\"}]}}");
    assertTrue(SMALL.accepts(form, "[\"a\", \"aa\", 1, 10]"));
    assertFalse(SMALL.accepts(form, "[\"a\", \"a\"]"));
    assertFalse(SMALL.accepts(form, "[\"a\", \"\\u0061\"]"));
    assertFalse(SMALL.accepts(form, "[1, 1.0]"));
    assertFalse(SMALL.accepts(form, "[10, 1e1]"));
  }

  @Test
  void aSecondZeroIsNotBegunInAnotherSpelling() {
    CompiledForm form = schema("{\"uniqueItems\": true}");
    assertTrue(SMALL.accepts(form, "[-0, 0.5, -0.01, 1e10]"));
    Matcher matcher = form.matcher(SMALL.vocab());
    assertTrue(SMALL.takes(matcher, "[-0, -0"));
    assertFalse(matcher.copy().advance(SMALL.octet('e')));
    assertTrue(SMALL.takes(matcher, ".00"));
    assertFalse(matcher.copy().advance(SMALL.octet('E')));
    assertFalse(matcher.copy().advance(SMALL.octet(']')));
    while (matcher.advance(SMALL.octet('0'))) {
      assertFalse(matcher.copy().advance(SMALL.octet(',')));
    }
    assertTrue(SMALL.takes(matcher, "1]"));
    assertTrue(matcher.mayEnd());
  }

  @Test
  void arraysInsideAreTheirOwn() {
    CompiledForm form =
        schema(
            "{\"type\": \"array\", \"uniqueItems\": true, \"items\":"
                + " {\"type\": \"array\", \"items\": {\"enum\": [1, 2]}, \"maxItems\": 2}}");
    assertTrue(SMALL.accepts(form, "[[1, 1], [1], [1, 2], []]"));
    assertFalse(SMALL.accepts(form, "[[1, 1], [1], [1, 1]]"));
  }

  @Test
  void whatCanOnlyRepeatIsNotBegun() {
    CompiledForm form =
        schema(
            "{\"type\": \"array\", \"uniqueItems\": true,"
                + " \"items\": {\"enum\": [\"ab\", \"ac\", \"b\"]}}");
    Matcher matcher = form.matcher(SMALL.vocab());
    assertTrue(SMALL.takes(matcher, "[\"ab\", \"ac\""));
    assertEquals("]", new String(matcher.shortest(), StandardCharsets.UTF_8));
    assertTrue(SMALL.takes(matcher, ", \""));
    assertFalse(matcher.advance(SMALL.octet('a')));
    assertTrue(SMALL.takes(matcher, "b\""));
    assertFalse(matcher.advance(SMALL.octet(',')));
  }

  @Test
  void keysOfAFewAreNotRepeated() {
    CompiledForm form =
        schema(
            "{\"type\": \"object\", \"patternProperties\": {\"^x[12]$\": {\"type\": \"null\"}}}");
    assertTrue(SMALL.accepts(form, "{\"x2\": null, \"x1\": null}"));
    Matcher matcher = form.matcher(SMALL.vocab());
    assertTrue(SMALL.takes(matcher, "{\"x2\": null, \"x"));
    assertFalse(matcher.copy().advance(SMALL.octet('2')));
    assertTrue(SMALL.takes(matcher, "1\": null"));
    assertFalse(matcher.advance(SMALL.octet(',')));
  }

  @Test
  void theMaskKnowsRepetitions() {
    Matcher matcher =
        schema("{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}")
            .matcher(SMALL.vocab());
    for (byte b : "{\"a\": \"\", \"name\": \"\", \"abc\": \"x".getBytes(StandardCharsets.UTF_8)) {
      long[] mask = matcher.mask();
      for (int token = 0; token < SMALL.end(); token++) {
        boolean legal = (mask[token >> 6] >>> token & 1) != 0;
        String piece = new String(SMALL.piece(token), StandardCharsets.UTF_8);
        assertEquals(matcher.copy().advance(token), legal, piece);
      }
      assertTrue(matcher.advance(SMALL.octet(b & 255)));
    }
  }
}
