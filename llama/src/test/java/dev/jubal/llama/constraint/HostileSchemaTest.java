package dev.jubal.llama.constraint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.constraint.schema.SchemaOptions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HostileSchemaTest {
  private static final SmallVocab SMALL = new SmallVocab();

  private static FormRefusal refused(String schema) {
    return assertThrows(
        FormRefusal.class,
        () ->
            assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> CompiledForm.compile(new OutputForm.JsonSchema(schema))));
  }

  @Test
  void whatCannotBeEnforcedIsNamed() {
    FormRefusal refusal =
        refused("{\"properties\": {\"a~/b\": {\"pattern\": \"(a)\\\\1\"}}, \"required\": []}");
    assertTrue(refusal.pointer().equals("/properties/a~0~1b/pattern"), refusal.pointer());
    assertTrue(refusal.keyword().equals("pattern"), refusal.keyword());
    assertTrue(refused("{\"maxLenght\": 3}").expected().contains("maxLength"));
    assertTrue(refused("{\"$ref\": \"https://example.com/x\"}").keyword().equals("$ref"));
    for (String wrong :
        List.of(
            "",
            "{",
            "3",
            "{\"type\": \"text\"}",
            "{\"minLength\": -1}",
            "{\"type\": \"object\", \"type\": \"array\"}",
            "{\"allOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}",
            "{\"enum\": []}",
            "{\"$ref\": \"#\"}",
            "{\"anyOf\": [{\"$ref\": \"#\"}]}",
            "{\"allOf\": [{\"$ref\": \"#\"}]}",
            "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#\"}}, \"required\":"
                + " [\"a\"]}",
            "false",
            "{\"minimum\": 1e999999999}",
            "{\"multipleOf\": 1.000000000001}",
            "{\"unevaluatedItems\": false}",
            "{\"not\": {\"patternProperties\": {\"a\": true}}}")) {
      refused(wrong);
    }
  }

  @Test
  void hugeAndDeepSchemasAreRefused() {
    refused("[".repeat(100_000));
    refused("{\"not\":".repeat(50_000));
    refused("{\"items\": ".repeat(3_000) + "{}" + "}".repeat(3_000));
    refused("{\"description\": \"" + "x".repeat(1 << 20) + "\"}");
    StringBuilder doubling = new StringBuilder("{\"$defs\": {\"d0\": {\"type\": \"string\"}");
    for (int i = 1; i < 60; i++) {
      String ref = "{\"$ref\": \"#/$defs/d" + (i - 1) + "\"}";
      doubling.append(", \"d" + i + "\": {\"allOf\": [{\"anyOf\": [").append(ref).append(", ");
      doubling.append(ref).append("]}, {\"anyOf\": [").append(ref).append(", {}]}]}");
    }
    refused(doubling + "}, \"$ref\": \"#/$defs/d59\"}");
  }

  @Test
  void catastrophicPatternsAreRefused() {
    for (String pattern :
        List.of(
            "(.*a.{30}){3}",
            "(a{1,9999}){1,9999}",
            "((a|b){1,300}c){1,300}(.*d.{20})",
            "(" + "(".repeat(5000),
            "[\\\\p{L}a-z]{9999}x.{3,9999}")) {
      refused("{\"type\": \"string\", \"pattern\": \"" + pattern + "\"}");
    }
  }

  @Test
  void manyValuesAreTaken() {
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      values.append(i == 0 ? "" : ", ").append("\"value ").append(i * 7919 % 5000).append('"');
    }
    CompiledForm form =
        CompiledForm.compile(new OutputForm.JsonSchema("{\"enum\": [" + values + "]}"));
    assertTrue(SMALL.accepts(form, "\"value 4999\""));
    assertFalse(SMALL.accepts(form, "\"value 5000\""));
  }

  @Test
  void randomSchemasCompileOrAreRefused() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    FormCompiler compiler = new FormCompiler(SchemaOptions.DEFAULT);
    RandomSchemas schemas = new RandomSchemas(random);
    for (int i = 0; i < 400; i++) {
      String schema = schemas.schema(4);
      try {
        walk(compiler.compile(new OutputForm.JsonSchema(schema)), random, schema);
      } catch (FormRefusal e) {
        assertFalse(e.expected().isEmpty(), schema);
      }
    }
  }

  /** Every step has a legal token, and the shortest end can be taken. */
  private static void walk(CompiledForm form, Random random, String schema) {
    Matcher matcher = form.matcher(SMALL.vocab());
    for (int step = 0; step < 60 && !matcher.complete(); step++) {
      long[] mask = matcher.mask();
      int token = random.nextInt(SMALL.end());
      for (int i = 0; i < SMALL.end() && (mask[token >> 6] >>> token & 1) == 0; i++) {
        token = (token + 1) % SMALL.end();
      }
      boolean legal = (mask[token >> 6] >>> token & 1) != 0;
      assertTrue(legal || matcher.mayEnd(), () -> "dead end in " + schema);
      if (!legal) {
        return;
      }
      int taken = token;
      assertTrue(matcher.advance(token), () -> "token " + taken + " refused in " + schema);
    }
    for (byte b : matcher.shortest()) {
      assertTrue(matcher.advance(SMALL.octet(b & 255)), schema);
    }
    assertTrue(matcher.mayEnd(), schema);
  }
}
