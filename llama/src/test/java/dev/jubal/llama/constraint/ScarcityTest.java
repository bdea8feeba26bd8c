package dev.jubal.llama.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and items that must differ while there are few of them: no text leads to a dead end. */
final class ScarcityTest {
  private static final SmallVocab SMALL = new SmallVocab();
  private static final int STEPS = 80;

  private static final List<String> SCARCE =
      List.of(
          "{\"type\": \"boolean\"}",
          "{\"enum\": [1, 2, 12, \"a\", \"ab\"]}",
          "{\"enum\": [\"\", \"a\"]}",
          "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 3}",
          "{\"type\": \"number\", \"maximum\": 0}",
          "{\"type\": \"string\", \"maxLength\": 0}",
          "{\"type\": \"string\", \"maxLength\": 1}",
          "{\"type\": \"string\", \"pattern\": \"^a+$\", \"maxLength\": 3}",
          "{\"type\": \"string\", \"pattern\": \"^[ab]*$\", \"minLength\": 1, \"maxLength\": 2}",
          "{\"type\": \"string\", \"pattern\": \"^(\\\\n|a)$\"}",
          "{\"type\": \"array\", \"items\": {\"enum\": [1, 2]}, \"maxItems\": 2,"
              + " \"uniqueItems\": true}",
          "{\"type\": \"object\", \"patternProperties\": {\"^[ab]$\": {\"const\": 1}}}",
          "{\"anyOf\": [{\"const\": 1}, {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 2}]}",
          "true");

  private static final List<String> NAMES =
      List.of(
          "{\"maxLength\": 1}",
          "{\"maxLength\": 0}",
          "{\"pattern\": \"^a+$\", \"maxLength\": 3}",
          "{\"pattern\": \"^[ab]{1,2}$\"}",
          "{\"pattern\": \"^a{2,3}$\"}",
          "{\"enum\": [\"a\", \"b\"]}",
          "true");

  private static CompiledForm schema(String schema) {
    return CompiledForm.compile(new OutputForm.JsonSchema(schema));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"propertyNames\": {\"maxLength\": 3}, \"patternProperties\": {\"^a+$\": {\"type\":"
            + " \"boolean\"}}}",
        "{\"type\": \"object\", \"propertyNames\": {\"pattern\": \"^a+$\", \"maxLength\": 3},"
            + " \"minProperties\": 3}",
        "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"null\"}, \"propertyNames\":"
            + " {\"pattern\": \"^[ab]$\"}, \"properties\": {\"b\": true, \"c\": true},"
            + " \"minProperties\": 2}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\","
            + " \"pattern\": \"^a+$\", \"maxLength\": 3}}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\","
            + " \"maxLength\": 0}}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"boolean\"},"
            + " \"minItems\": 2, \"contains\": {\"const\": true}}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"object\","
            + " \"patternProperties\": {\"^[ab]$\": {\"const\": 1}}}}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"minItems\": 5, \"items\": {\"type\":"
            + " \"array\", \"uniqueItems\": true, \"items\": {\"enum\": [1, 2]}, \"maxItems\": 2}}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"prefixItems\": [{\"const\": 1},"
            + " {\"const\": 2}, {\"type\": \"boolean\"}], \"minItems\": 3, \"items\": false}"
      })
  void whatIsScarceCanBeWritten(String schema) {
    CompiledForm form = schema(schema);
    for (int seed = 0; seed < 50; seed++) {
      walk(form, new Random(seed), schema);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"object\", \"propertyNames\": {\"pattern\": \"^a+$\", \"maxLength\": 3},"
            + " \"minProperties\": 4}",
        "{\"type\": \"object\", \"patternProperties\": {\"^a{2,3}$\": true}, \"minProperties\":"
            + " 3}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\","
            + " \"pattern\": \"^a{2,3}$\"}, \"minItems\": 3}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"integer\","
            + " \"minimum\": 1, \"maximum\": 3}, \"minItems\": 4}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"prefixItems\": [{\"enum\": [1, 2]},"
            + " {\"const\": 1}], \"minItems\": 2}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"contains\": {\"type\": \"boolean\"},"
            + " \"minContains\": 3}"
      })
  void whatIsNotThereIsRefused(String schema) {
    FormRefusal refusal = assertThrows(FormRefusal.class, () -> schema(schema));
    assertFalse(refusal.expected().isEmpty());
  }

  @Test
  void aBranchThatCannotBeIsLeftOut() {
    CompiledForm form =
        schema(
            "{\"anyOf\": [{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"enum\": [1]},"
                + " \"minItems\": 2}, {\"type\": \"null\"}]}");
    assertTrue(SMALL.accepts(form, "null"));
    assertFalse(SMALL.accepts(form, "[1]"));
  }

  @Test
  void allOfThemCanBeWritten() {
    CompiledForm form =
        schema(
            "{\"type\": \"object\", \"propertyNames\": {\"maxLength\": 3},"
                + " \"patternProperties\": {\"^a+$\": {\"type\": \"boolean\"}}}");
    assertTrue(SMALL.accepts(form, "{\"a\": true, \"aa\": true, \"aaa\": false}"));
    CompiledForm open = schema("{\"type\": \"object\", \"propertyNames\": {\"maxLength\": 1}}");
    assertTrue(SMALL.accepts(open, "{\"a\": 1, \"b\": 1, \"c\": 1, \"\": 1}"));
  }

  @Test
  void aKeyHasOneSpelling() {
    CompiledForm form = schema("{}");
    assertTrue(SMALL.accepts(form, "{\"a\": 1, \"\\n\": 2}"));
    assertFalse(SMALL.accepts(form, "{\"a\": 1, \"\\u0061\": 2}"));
    assertFalse(SMALL.accepts(form, "{\"\\n\": 1, \"\\u000a\": 2}"));
  }

  @Test
  void theShortestEndIsFoundBesideWhatHasBeen() {
    // 0 is nearest, has been, and what begins with it is no integer: -1 ends the array.
    CompiledForm form =
        schema(
            "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"number\","
                + " \"maximum\": 0}, \"contains\": {\"type\": \"integer\"}, \"minContains\": 2}");
    Matcher matcher = form.matcher(SMALL.vocab());
    assertTrue(SMALL.takes(matcher, "[0, -0.5, "));
    assertEquals("-1]", new String(matcher.shortest(), StandardCharsets.UTF_8));
  }

  @Test
  void randomScarceSchemas() {
    long seed = Long.getLong("jubal.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int walked = 0;
    for (int i = 0; i < 300; i++) {
      String schema = random.nextBoolean() ? array(random) : object(random);
      try {
        CompiledForm form = schema(schema);
        walk(form, random, schema);
        walked++;
      } catch (FormRefusal e) {
        assertFalse(e.expected().isEmpty(), schema);
      }
    }
    assertTrue(walked > 100, walked + " of 300");
  }

  private static String one(List<String> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static String array(Random random) {
    StringBuilder schema = new StringBuilder("{\"type\": \"array\", \"uniqueItems\": true");
    schema.append(", \"items\": ").append(one(SCARCE, random));
    if (random.nextInt(3) == 0) {
      schema.append(", \"prefixItems\": [").append(one(SCARCE, random));
      schema.append(", ").append(one(SCARCE, random)).append(']');
    }
    if (random.nextInt(3) == 0) {
      schema.append(", \"contains\": ").append(one(SCARCE, random));
    }
    schema.append(", \"minItems\": ").append(random.nextInt(4));
    return schema.append('}').toString();
  }

  private static String object(Random random) {
    StringBuilder schema = new StringBuilder("{\"type\": \"object\"");
    schema.append(", \"propertyNames\": ").append(one(NAMES, random));
    schema.append(", \"additionalProperties\": ").append(one(SCARCE, random));
    if (random.nextBoolean()) {
      schema.append(", \"properties\": {\"a\": ").append(one(SCARCE, random)).append('}');
    }
    if (random.nextBoolean()) {
      schema.append(", \"patternProperties\": {\"^a+$\": ").append(one(SCARCE, random));
      schema.append('}');
    }
    schema.append(", \"minProperties\": ").append(random.nextInt(4));
    return schema.append('}').toString();
  }

  /** Tokens at random, each mask held against what is taken, then the shortest way to the end. */
  private static void walk(CompiledForm form, Random random, String schema) {
    Matcher matcher = form.matcher(SMALL.vocab());
    StringBuilder text = new StringBuilder();
    for (int step = 0; step < STEPS && !matcher.complete(); step++) {
      int[] legal = legal(matcher, schema, text);
      if (legal.length == 0) {
        assertTrue(matcher.mayEnd(), () -> "dead end in " + schema + " behind " + text);
        return;
      }
      int token = legal[random.nextInt(legal.length)];
      assertTrue(matcher.advance(token));
      text.append(new String(SMALL.piece(token), StandardCharsets.UTF_8));
    }
    for (byte b : matcher.shortest()) {
      assertTrue(matcher.advance(SMALL.octet(b & 255)), () -> schema + " behind " + text);
    }
    assertTrue(matcher.mayEnd(), () -> "no end of " + schema + " behind " + text);
  }

  private static int[] legal(Matcher matcher, String schema, StringBuilder text) {
    long[] mask = matcher.mask();
    return IntStream.range(0, SMALL.end())
        .filter(
            token -> {
              boolean legal = (mask[token >> 6] >>> token & 1) != 0;
              boolean taken = matcher.copy().advance(token);
              assertEquals(
                  taken,
                  legal,
                  () ->
                      new String(SMALL.piece(token), StandardCharsets.UTF_8)
                          + " in "
                          + schema
                          + " behind "
                          + text);
              return legal;
            })
        .toArray();
  }
}
