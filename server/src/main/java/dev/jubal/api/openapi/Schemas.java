package dev.jubal.api.openapi;

import dev.jubal.platform.json.Json;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** The named schemas of a document, each made once; records refer to each other by name. */
final class Schemas {
  private final Map<String, ObjectNode> byName = new TreeMap<>();
  private final Map<String, String> names = new HashMap<>();

  /**
   * A reference to the schema of a class.
   *
   * @param input whether it is read rather than written, which is described otherwise
   */
  ObjectNode reference(Class<?> type, boolean input, Supplier<ObjectNode> make) {
    String key = type.getName() + (input ? "<" : ">");
    String name = names.get(key);
    if (name == null) {
      name = free(base(type), type, input);
      names.put(key, name);
      byName.put(name, Json.mapper().createObjectNode()); // first, for records that hold themselves
      byName.put(name, make.get());
    }
    return Json.mapper().createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  private String free(String base, Class<?> type, boolean input) {
    if (!byName.containsKey(base)) {
      return base;
    }
    String folder = type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);
    String name = capital(folder) + base + (input ? "Input" : "");
    if (byName.containsKey(name)) {
      throw new IllegalStateException("two schemas would be called " + name);
    }
    return name;
  }

  /** ChatWire.Request is a ChatRequest. */
  private static String base(Class<?> type) {
    StringBuilder name = new StringBuilder(type.getSimpleName());
    for (Class<?> outer = type.getEnclosingClass();
        outer != null;
        outer = outer.getEnclosingClass()) {
      String prefix = outer.getSimpleName().replaceAll("Wire$", "");
      if (!name.toString().startsWith(prefix)) {
        name.insert(0, prefix);
      }
    }
    return name.toString();
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  ObjectNode all() {
    ObjectNode out = Json.mapper().createObjectNode();
    byName.forEach(out::set);
    return out;
  }
}
