package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Spreads what a schema does not allow: one of its keywords must fail. Only where that is certain;
 * everything else is refused.
 */
final class Negation {
  private static final String EXPECTED =
      "under not or if: type, enum, const, required, properties, bounds, pattern or combinations";

  private final Spreading spreading;

  Negation(Spreading spreading) {
    this.spreading = spreading;
  }

  List<Case> cases(Node node) {
    if (node.isTrue()) {
      return List.of();
    }
    if (node.isFalse()) {
      return List.of(Case.ANY);
    }
    if (!node.isObject()) {
      throw node.refused("a schema: an object or a boolean");
    }
    List<Case> failing = new ArrayList<>();
    for (Map.Entry<String, Node> field : node.fields.entrySet()) {
      if (!Keywords.SILENT.contains(field.getKey())) {
        failing.addAll(keyword(field.getKey(), field.getValue(), node));
      }
    }
    return failing;
  }

  private List<Case> keyword(String name, Node value, Node schema) {
    return switch (name) {
      case "type" -> List.of(Case.types(Case.ALL & ~types(value)));
      case "enum" -> List.of(Case.excluding(Values.list(value)));
      case "const" -> List.of(Case.excluding(List.of(value)));
      case "$ref", "$dynamicRef" -> cases(spreading.target(value));
      case "not" -> spreading.cases(value);
      case "allOf" -> {
        List<Case> failing = new ArrayList<>();
        Values.list(value).forEach(part -> failing.addAll(cases(part)));
        yield failing;
      }
      case "anyOf", "oneOf" -> {
        List<Case> failing = List.of(Case.ANY);
        for (Node part : Values.list(value)) {
          failing = spreading.both(failing, cases(part));
        }
        yield failing;
      }
      case "required" -> missing(value);
      case "properties" -> wrong(value);
      default -> bound(name, value, schema);
    };
  }

  private static int types(Node value) {
    int types = 0;
    for (Node name : value.isArray() ? value.items : List.of(value)) {
      types |= TypeKeyword.bits(name);
    }
    return types;
  }

  private static List<Case> missing(Node keys) {
    List<Case> failing = new ArrayList<>();
    for (String key : ObjectKeywords.names(keys)) {
      failing.add(Case.types(Case.OBJECT).and(Case.of(ObjectRule.named(key, Sub.FALSE))));
    }
    return failing;
  }

  private static List<Case> wrong(Node properties) {
    List<Case> failing = new ArrayList<>();
    properties.fields.forEach(
        (key, value) ->
            failing.add(
                Case.types(Case.OBJECT)
                    .and(Case.of(ObjectRule.requiring(Set.of(key))))
                    .and(Case.of(ObjectRule.named(key, Sub.not(value))))));
    return failing;
  }

  private static List<Case> bound(String name, Node value, Node schema) {
    return switch (name) {
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" ->
          number(NumberKeywords.read(name, value, schema));
      case "minLength" -> upTo(Case.STRING, value, most -> Case.of(StringRule.length(0, most)));
      case "maxLength" ->
          List.of(
              Case.types(Case.STRING).and(Case.of(StringRule.length(Values.count(value) + 1, -1))));
      case "pattern" -> List.of(Case.types(Case.STRING).and(Case.of(StringRule.notPattern(value))));
      case "minItems" -> upTo(Case.ARRAY, value, most -> Case.of(ArrayRule.size(0, most)));
      case "maxItems" ->
          List.of(Case.types(Case.ARRAY).and(Case.of(ArrayRule.size(Values.count(value) + 1, -1))));
      case "minProperties" -> upTo(Case.OBJECT, value, most -> Case.of(ObjectRule.size(0, most)));
      case "maxProperties" ->
          List.of(
              Case.types(Case.OBJECT).and(Case.of(ObjectRule.size(Values.count(value) + 1, -1))));
      case "contains" -> contains(value, schema);
      case "items" -> items(value, schema);
      default -> {
        if (Keywords.ENFORCED.contains(name)) {
          throw value.refused(EXPECTED);
        }
        yield List.of();
      }
    };
  }

  private static List<Case> upTo(int type, Node value, IntFunction<Case> atMost) {
    int most = Values.count(value) - 1;
    return most < 0 ? List.of() : List.of(Case.types(type).and(atMost.apply(most)));
  }

  private static List<Case> number(NumberRule rule) {
    BigDecimal least = rule.least();
    BigDecimal most = rule.most();
    if (least != null) {
      return List.of(
          Case.types(Case.NUMBER).and(Case.of(NumberRule.atMost(least, !rule.leastExcluded()))));
    }
    if (most != null) {
      return List.of(
          Case.types(Case.NUMBER).and(Case.of(NumberRule.atLeast(most, !rule.mostExcluded()))));
    }
    return List.of();
  }

  private static List<Case> contains(Node value, Node schema) {
    if (schema.field("minContains") != null || schema.field("maxContains") != null) {
      throw value.refused(EXPECTED);
    }
    return List.of(Case.types(Case.ARRAY).and(Case.of(ArrayRule.items(List.of(), Sub.not(value)))));
  }

  private static List<Case> items(Node value, Node schema) {
    if (value.isArray() || schema.field("prefixItems") != null) {
      throw value.refused(EXPECTED);
    }
    return List.of(
        Case.types(Case.ARRAY)
            .and(
                Case.of(
                    ArrayRule.containing(new ArrayRule.Contained(Sub.not(value), 1, -1, value)))));
  }
}
