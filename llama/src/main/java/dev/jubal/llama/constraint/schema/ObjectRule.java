package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an object must be.
 *
 * @param layers what the schemas that apply say of its keys, one layer for each schema
 * @param names what all keys must be
 * @param most the most keys, or -1 for any number
 * @param unevaluated what values must be of whose keys no layer says anything
 */
record ObjectRule(
    List<Layer> layers,
    Set<String> required,
    List<Sub> names,
    int least,
    int most,
    Optional<Sub> unevaluated) {

  /**
   * What one schema says of keys.
   *
   * @param additional of those that are neither named nor match a pattern; empty if it does not say
   * @param declares whether it lists keys or patterns of keys, be it none
   */
  record Layer(
      Map<String, Sub> named,
      List<Matching> matching,
      Optional<Sub> additional,
      boolean declares) {}

  /** What is said of the keys in which a pattern is found. */
  record Matching(Node pattern, Sub value) {}

  static final ObjectRule ANY =
      new ObjectRule(List.of(), Set.of(), List.of(), 0, -1, Optional.empty());

  static ObjectRule layer(Layer layer) {
    return new ObjectRule(List.of(layer), Set.of(), List.of(), 0, -1, Optional.empty());
  }

  static ObjectRule named(String name, Sub value) {
    return layer(new Layer(Map.of(name, value), List.of(), Optional.empty(), false));
  }

  static ObjectRule requiring(Set<String> required) {
    return new ObjectRule(List.of(), required, List.of(), 0, -1, Optional.empty());
  }

  static ObjectRule naming(Sub names) {
    return new ObjectRule(List.of(), Set.of(), List.of(names), 0, -1, Optional.empty());
  }

  static ObjectRule size(int least, int most) {
    return new ObjectRule(List.of(), Set.of(), List.of(), least, most, Optional.empty());
  }

  ObjectRule withUnevaluated(Sub value) {
    return new ObjectRule(layers, required, names, least, most, Optional.of(value));
  }

  /** What is evaluated beside a schema is unknown to its unevaluatedProperties. */
  private void alone(ObjectRule beside) {
    boolean says =
        !beside.layers.isEmpty() || !beside.required.isEmpty() || beside.unevaluated.isPresent();
    if (says && unevaluated.isPresent()) {
      throw unevaluated
          .get()
          .terms()
          .getFirst()
          .node()
          .refused("unevaluatedProperties only beside all schemas that name keys");
    }
  }

  /** Whether some schema lists keys or patterns of keys. */
  boolean declares() {
    return layers.stream().anyMatch(Layer::declares);
  }

  /** All keys that are named, required ones that are not named last. */
  Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    layers.forEach(layer -> keys.addAll(layer.named.keySet()));
    keys.addAll(required);
    return keys;
  }

  ObjectRule and(ObjectRule other) {
    if (equals(ANY) || other.equals(ANY)) {
      return equals(ANY) ? other : this;
    }
    alone(other);
    other.alone(this);
    List<Layer> both = new ArrayList<>(layers);
    other.layers.stream().filter(layer -> !layers.contains(layer)).forEach(both::add);
    Set<String> keys = new LinkedHashSet<>(required);
    keys.addAll(other.required);
    List<Sub> allNames = new ArrayList<>(names);
    allNames.addAll(other.names);
    return new ObjectRule(
        both,
        keys,
        allNames,
        Math.max(least, other.least),
        StringRule.fewer(most, other.most),
        unevaluated.isPresent() ? unevaluated : other.unevaluated);
  }
}
