package dev.jubal.llama.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.constraint.schema.SchemaOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cases of the JSON Schema Test Suite for the keywords that are enforced. What is invalid is never
 * taken; what is valid is taken if some order of its keys is, and if it is of a type the schema
 * speaks of: a schema without {@code type} means the types its keywords are about.
 */
final class TestSuiteTest {
  private static final SmallVocab SMALL = new SmallVocab();

  /** Instances that only two valid branches of oneOf make invalid. */
  private static final String OVERLAP = "oneOf";

  private final Map<String, int[]> counts = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  @Test
  void whatIsInvalidIsNeverWritten() throws IOException {
    FormCompiler compiler = new FormCompiler(new SchemaOptions(true));
    for (Map.Entry<String, JsonNode> keyword : cases().properties()) {
      counts.put(keyword.getKey(), new int[2]);
      for (JsonNode group : keyword.getValue()) {
        try {
          CompiledForm form =
              compiler.compile(new OutputForm.JsonSchema(group.path("schema").toString()));
          group.path("tests").forEach(test -> check(keyword.getKey(), group, form, test));
        } catch (FormRefusal e) {
          refused(keyword.getKey(), group, e);
        }
      }
    }
    counts.forEach((key, n) -> System.out.println(key + " valid " + n[0] + " of " + n[1]));
    refused.forEach(System.out::println);
    int taken = counts.values().stream().mapToInt(n -> n[0]).sum();
    int valid = counts.values().stream().mapToInt(n -> n[1]).sum();
    System.out.println("valid taken " + taken + " of " + valid + ", refused " + refused.size());
    assertEquals(List.of(), wrong);
    assertTrue(taken >= 0.88 * valid, taken + " of " + valid);
  }

  private static JsonNode cases() throws IOException {
    try (InputStream in =
        TestSuiteTest.class.getResourceAsStream("/json-schema-test-suite/cases.json")) {
      return JsonMapper.shared().readTree(Objects.requireNonNull(in));
    }
  }

  /** A refusal is right if nothing satisfies the schema, or if it says what it cannot do. */
  private void refused(String keyword, JsonNode group, FormRefusal refusal) {
    refused.add(
        "refused " + keyword + ", " + group.path("description") + ": " + refusal.getMessage());
  }

  private void check(String keyword, JsonNode group, CompiledForm form, JsonNode test) {
    boolean taken = taken(form.matcher(SMALL.vocab()), test.path("data"));
    if (test.path("valid").asBoolean()) {
      int[] count = Objects.requireNonNull(counts.get(keyword));
      if (spokenOf(group.path("schema"), test.path("data"))) {
        count[0] += taken ? 1 : 0;
        count[1]++;
        if (!taken) {
          System.out.println("not taken: " + keyword + " " + group.path("schema") + " " + test);
        }
      }
    } else if (taken && !keyword.equals(OVERLAP)) {
      wrong.add(keyword + ", " + group.path("description") + ": " + test.path("data"));
    }
  }

  /** Whether a schema that names no type has keywords about the type of a value. */
  private static boolean spokenOf(JsonNode schema, JsonNode value) {
    String text = schema.toString();
    if (text.contains("\"type\"") || text.contains("const") || text.contains("enum")) {
      return true;
    }
    return switch (value.getNodeType()) {
      case OBJECT -> text.contains("ropert") || text.contains("required") || text.contains("dep");
      case ARRAY -> text.contains("tems") || text.contains("ontains");
      case STRING -> text.contains("Length") || text.contains("pattern\"");
      case NUMBER ->
          text.contains("inimum") || text.contains("aximum") || text.contains("multiple");
      default -> false;
    };
  }

  private static boolean taken(Matcher matcher, JsonNode value) {
    return new Writer(SMALL).write(matcher, value).stream().anyMatch(Matcher::mayEnd);
  }

  /**
   * Writes a value in every order of its keys, and keeps those ways the matcher goes along with.
   */
  private record Writer(SmallVocab small) {
    List<Matcher> write(Matcher from, JsonNode value) {
      if (value.isObject()) {
        return keys(text(from, "{"), value, new ArrayList<>(value.propertyNames()), "");
      }
      if (!value.isArray()) {
        return text(from, scalar(value));
      }
      List<Matcher> ways = text(from, "[");
      for (int i = 0; i < value.size(); i++) {
        JsonNode item = value.get(i);
        String comma = i == 0 ? "" : ", ";
        ways =
            ways.stream()
                .flatMap(way -> text(way, comma).stream())
                .flatMap(way -> write(way, item).stream())
                .toList();
      }
      return ways.stream().flatMap(way -> text(way, "]").stream()).toList();
    }

    private static String scalar(JsonNode value) {
      if (!value.isNumber()) {
        return value.toString();
      }
      return value.decimalValue().signum() == 0
          ? "0"
          : value.decimalValue().stripTrailingZeros().toPlainString();
    }

    private List<Matcher> text(Matcher from, String text) {
      Matcher matcher = from.copy();
      return small.takes(matcher, text) ? List.of(matcher) : List.of();
    }

    private List<Matcher> keys(
        List<Matcher> from, JsonNode object, List<String> left, String comma) {
      if (left.isEmpty()) {
        return from.stream().flatMap(way -> text(way, "}").stream()).toList();
      }
      List<Matcher> all = new ArrayList<>();
      for (String key : left) {
        String name = JsonMapper.shared().writeValueAsString(key);
        List<Matcher> ways =
            from.stream()
                .flatMap(way -> text(way, comma + name + ": ").stream())
                .flatMap(way -> write(way, object.get(key)).stream())
                .toList();
        List<String> others = new ArrayList<>(left);
        others.remove(key);
        if (!ways.isEmpty()) {
          all.addAll(keys(ways, object, others, ", "));
        }
      }
      return all;
    }
  }
}
