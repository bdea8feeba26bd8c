package dev.jubal.llama.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.OutputForm;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class FormMatcherTest {
  private static final SmallVocab SMALL = new SmallVocab();
  private static final String PERSON =
      """
      {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"},
       "tags": {"type": "array", "items": {"enum": ["a", "b"]}}}, "required": ["name"]}
      """;

  private static CompiledForm schema(String schema) {
    return CompiledForm.compile(new OutputForm.JsonSchema(schema));
  }

  @Test
  void takesWhatTheSchemaAllowsAndNothingElse() {
    CompiledForm form = schema(PERSON);
    assertTrue(SMALL.accepts(form, "{\"name\": \"x\"}"));
    assertTrue(SMALL.accepts(form, "{\"name\": \"é\\n\", \"age\": -12}"));
    assertTrue(SMALL.accepts(form, "{\"name\": \"\", \"tags\": [\"a\", \"b\", \"a\"]}"));
    assertFalse(SMALL.accepts(form, "{\"age\": 1}"));
    assertFalse(SMALL.accepts(form, "{\"name\": \"x\", \"age\": 1.5}"));
    assertFalse(SMALL.accepts(form, "{\"name\": \"x\", \"more\": 1}"));
    assertFalse(SMALL.accepts(form, "{\"name\":\"x\"}"));
  }

  @Test
  void forcesWhatIsCertain() {
    Matcher matcher = schema(PERSON).matcher(SMALL.vocab());
    assertEquals("{\"name\": \"", new String(matcher.forced(), StandardCharsets.UTF_8));
    assertEquals("{\"name\": \"\"}", new String(matcher.shortest(), StandardCharsets.UTF_8));
  }

  @Test
  void maskAndAdvanceAgree() {
    Matcher matcher = schema(PERSON).matcher(SMALL.vocab());
    for (byte b : "{\"name\": \"日\", \"tags\": [\"a\"".getBytes(StandardCharsets.UTF_8)) {
      long[] mask = matcher.mask();
      for (int token = 0; token < SMALL.vocab().size(); token++) {
        boolean legal = (mask[token >> 6] >>> token & 1) != 0;
        boolean taken = token == SMALL.end() ? matcher.mayEnd() : matcher.copy().advance(token);
        assertEquals(
            taken, legal, () -> "token " + new String(SMALL.piece(1), StandardCharsets.UTF_8));
      }
      assertTrue(matcher.advance(SMALL.octet(b & 255)));
    }
  }

  @Test
  void anyObjectIsAnObject() {
    CompiledForm form = CompiledForm.compile(new OutputForm.JsonObject());
    assertTrue(SMALL.accepts(form, "{}"));
    assertTrue(SMALL.accepts(form, "{\"a\": [1, {\"b\": null}], \"c\": 1e5}"));
    assertFalse(SMALL.accepts(form, "[]"));
    assertFalse(SMALL.accepts(form, "{\"a\": \"\\ud800\"}"));
  }
}
