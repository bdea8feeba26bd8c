package dev.jubal.bench.schema;

import dev.jubal.llama.constraint.Matcher;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Writes a value as answers write it: fixed white space, and keys in the order of the schema. Which
 * order that is, is found by asking the matcher, with the schema's text as a guide.
 */
final class InstanceText {
  private static final int MOST_TRIED = 3000;

  private final List<Map<String, Integer>> orders = new ArrayList<>();
  private final int[] octets;
  private int tried;

  /**
   * @param octets the token of each byte
   */
  InstanceText(JsonNode schema, int[] octets) {
    this.octets = octets;
    collect(schema);
  }

  private void collect(JsonNode node) {
    JsonNode properties = node.path("properties");
    if (properties.isObject()) {
      Map<String, Integer> order = new HashMap<>();
      properties.propertyNames().forEach(name -> order.put(name, order.size()));
      node.path("required").forEach(name -> order.putIfAbsent(name.asString(""), order.size()));
      orders.add(order);
    }
    node.forEach(this::collect);
  }

  /** The text of a value if the matcher takes it to its end. */
  Optional<String> accepted(Matcher start, JsonNode value) {
    tried = 0;
    return value(new At(start, ""), value).filter(at -> at.matcher.mayEnd()).map(At::text);
  }

  private record At(Matcher matcher, String text) {}

  private Optional<At> read(At at, String text) {
    if (++tried > MOST_TRIED) {
      return Optional.empty();
    }
    Matcher matcher = at.matcher.copy();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int token = octets[b & 255];
      if (token < 0 || !matcher.advance(token)) {
        return Optional.empty();
      }
    }
    return Optional.of(new At(matcher, at.text + text));
  }

  private Optional<At> value(At at, JsonNode value) {
    if (value.isObject()) {
      return read(at, "{").flatMap(in -> keys(in, value, keys(value), ""));
    }
    if (!value.isArray()) {
      return read(at, scalar(value));
    }
    Optional<At> in = read(at, "[");
    for (int i = 0; i < value.size() && in.isPresent(); i++) {
      JsonNode item = value.get(i);
      String comma = i == 0 ? "" : ", ";
      in = in.flatMap(before -> read(before, comma)).flatMap(before -> value(before, item));
    }
    return in.flatMap(before -> read(before, "]"));
  }

  private Optional<At> keys(At at, JsonNode object, List<String> left, String comma) {
    if (left.isEmpty()) {
      return read(at, "}");
    }
    for (String key : left) {
      Optional<At> behind =
          read(at, comma + scalar(SchemaCase.MAPPER.getNodeFactory().stringNode(key)) + ": ")
              .flatMap(before -> value(before, object.get(key)));
      if (behind.isPresent()) {
        List<String> others = new ArrayList<>(left);
        others.remove(key);
        Optional<At> all = keys(behind.get(), object, others, ", ");
        if (all.isPresent() || tried > MOST_TRIED) {
          return all;
        }
      }
    }
    return Optional.empty();
  }

  /** The keys in the order of the list of properties that has most of them. */
  private List<String> keys(JsonNode object) {
    Set<String> keys = new LinkedHashSet<>(object.propertyNames());
    Map<String, Integer> best = Map.of();
    long most = 0;
    for (Map<String, Integer> order : orders) {
      long known = keys.stream().filter(order::containsKey).count();
      if (known > most) {
        best = order;
        most = known;
      }
    }
    Map<String, Integer> order = best;
    List<String> sorted = new ArrayList<>(keys);
    sorted.sort(Comparator.comparingInt(key -> order.getOrDefault(key, Integer.MAX_VALUE)));
    return sorted;
  }

  private static String scalar(JsonNode value) {
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
    return value.toString();
  }
}
