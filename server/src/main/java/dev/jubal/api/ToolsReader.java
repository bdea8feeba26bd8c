package dev.jubal.api;

import dev.jubal.inference.Tools;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.RecordShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields {@code tools} and {@code tool_choice} of a dialect become {@link Tools}. */
public final class ToolsReader {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
  private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";
  private static final String ALLOWED_TOOLS = "allowed_tools";
  private static final int NAMES_SHOWN = 10;

  private final String inner;
  private final String parameters;
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final List<Tools.Function> functions = new ArrayList<>();
  private final Set<String> allowed = new LinkedHashSet<>();

  /**
   * A reader.
   *
   * @param inner the field of a tool that holds its function, or empty when the tool is it
   */
  public ToolsReader(String inner) {
    this(inner, "parameters");
  }

  /**
   * A reader.
   *
   * @param inner the field of a tool that holds its function, or empty when the tool is it
   * @param parameters the field of a function that holds the schema of its arguments
   */
  public ToolsReader(String inner, String parameters) {
    this.inner = inner;
    this.parameters = parameters;
  }

  /** A tool as read; the function is absent for types that are none. */
  public record Offered(String type, @Nullable FunctionFields function) {}

  /**
   * Reads both fields.
   *
   * @param offered the tools, empty when the field is absent
   * @param choice the field {@code tool_choice}
   */
  public Tools read(List<Offered> offered, @Nullable JsonNode choice, boolean parallel) {
    functions(offered);
    Tools.Choice read = choice(choice);
    return new Tools(
        allowed.isEmpty()
            ? functions
            : functions.stream().filter(f -> allowed.contains(f.name())).toList(),
        read,
        parallel);
  }

  /** Reads the tools alone, for a dialect that words its choice in its own way. */
  public List<Tools.Function> functions(List<Offered> offered) {
    for (int i = 0; i < offered.size(); i++) {
      add(offered.get(i), i);
    }
    return functions;
  }

  /** All functions that were offered, those among them that a choice does not allow. */
  public List<Tools.Function> functions() {
    return List.copyOf(functions);
  }

  private void add(Offered tool, int index) {
    String at = "tools[" + index + "]";
    if (!tool.type().equals("function")) {
      throw unavailable(at + ".type", tool.type());
    }
    at = at + field(inner);
    FunctionFields function = tool.function();
    if (function == null) {
      throw missing(at, "an object with name and parameters");
    }
    String name = name(function.name(), at + ".name");
    Integer before = places.putIfAbsent(name, index);
    if (before != null) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at + ".name",
          at
              + ".name: \""
              + name
              + "\" (expected: a name of its own; tools["
              + before
              + "] has this one).");
    }
    functions.add(
        new Tools.Function(
            name,
            Objects.requireNonNullElse(function.description(), ""),
            parameters(function.parameters(), at + "." + parameters)));
  }

  /** Arguments are always an object: a schema that says nothing means that there are none. */
  private static String parameters(@Nullable ObjectNode parameters, String at) {
    if (parameters == null || parameters.isEmpty()) {
      return NO_PARAMETERS;
    }
    JsonNode type = parameters.path("type");
    if (type.isString() && !type.stringValue().equals("object")) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at,
          at + "/type: " + RecordShape.shown(type) + " (expected: object, as arguments are one).");
    }
    return SchemaText.of(parameters, at);
  }

  private static String name(@Nullable String name, String at) {
    if (name == null) {
      throw missing(at, "a string");
    }
    if (!NAME.matcher(name).matches()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at,
          at
              + ": "
              + RecordShape.shown(Json.mapper().valueToTree(name))
              + " (expected: 1 to 128 letters, digits, underscores, hyphens and dots).");
    }
    return name;
  }

  private Tools.Choice choice(@Nullable JsonNode choice) {
    if (choice == null) {
      return functions.isEmpty() ? new Tools.Choice.None() : new Tools.Choice.Auto();
    }
    if (choice.isObject()) {
      return named(choice);
    }
    return switch (choice.asString("")) {
      case "none" -> new Tools.Choice.None();
      case "auto" -> functions.isEmpty() ? new Tools.Choice.None() : new Tools.Choice.Auto();
      case "required" -> {
        if (functions.isEmpty()) {
          throw withoutTools(choice);
        }
        yield new Tools.Choice.Required();
      }
      default ->
          throw ApiException.of(
              ErrorCode.INVALID_VALUE,
              "tool_choice",
              "tool_choice: "
                  + RecordShape.shown(choice)
                  + " (expected: none, auto, required, or an object that names a function).");
    };
  }

  private Tools.Choice named(JsonNode choice) {
    JsonNode type = choice.path("type");
    if (type.asString("").equals(ALLOWED_TOOLS)) {
      return allowed(choice);
    }
    if (!type.asString("").equals("function")) {
      if (type.isString()) {
        throw unavailable("tool_choice.type", type.stringValue());
      }
      throw missing("tool_choice.type", "function");
    }
    return new Tools.Choice.Named(known(choice, "tool_choice", choice));
  }

  /** The others are as if they were not offered: what is not there cannot be called. */
  private Tools.Choice allowed(JsonNode choice) {
    String at = inner.isEmpty() ? "tool_choice" : "tool_choice." + ALLOWED_TOOLS;
    JsonNode said = inner.isEmpty() ? choice : choice.path(ALLOWED_TOOLS);
    JsonNode tools = said.path("tools");
    if (!tools.isArray() || tools.isEmpty()) {
      throw missing(at + ".tools", "at least one function of tools");
    }
    for (int i = 0; i < tools.size(); i++) {
      String place = at + ".tools[" + i + "]";
      if (!tools.get(i).path("type").asString("").equals("function")) {
        throw unavailable(place + ".type", tools.get(i).path("type").asString(""));
      }
      allowed.add(known(tools.get(i), place, choice));
    }
    JsonNode mode = said.path("mode");
    return switch (mode.asString("auto")) {
      case "auto" -> new Tools.Choice.Auto();
      case "required" -> new Tools.Choice.Required();
      case "none" -> new Tools.Choice.None();
      default ->
          throw ApiException.of(
              ErrorCode.INVALID_VALUE,
              at + ".mode",
              at + ".mode: " + RecordShape.shown(mode) + " (expected: none, auto or required).");
    };
  }

  /** The name of an object that names a function. */
  private String known(JsonNode naming, String place, JsonNode choice) {
    String at = place + field(inner) + ".name";
    JsonNode name = (inner.isEmpty() ? naming : naming.path(inner)).path("name");
    if (!name.isString()) {
      throw missing(at, "the name of a function in tools");
    }
    if (functions.isEmpty()) {
      throw withoutTools(choice);
    }
    if (!places.containsKey(name.stringValue())) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at,
          at + ": " + RecordShape.shown(name) + " (expected: one of " + names() + ").");
    }
    return name.stringValue();
  }

  private String names() {
    String shown = String.join(", ", places.keySet().stream().limit(NAMES_SHOWN).toList());
    int more = places.size() - NAMES_SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  private static String field(String inner) {
    return inner.isEmpty() ? "" : "." + inner;
  }

  private static ApiException withoutTools(JsonNode choice) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE,
        "tool_choice",
        "tool_choice: "
            + RecordShape.shown(choice)
            + " (expected: none or auto, as the request has no tools).");
  }

  private static ApiException unavailable(String at, String type) {
    return ApiException.of(
        ErrorCode.UNSUPPORTED_PARAMETER,
        at,
        at
            + ": "
            + RecordShape.shown(Json.mapper().valueToTree(type))
            + " is not available in this version (expected: function).");
  }

  private static ApiException missing(String at, String expected) {
    return ApiException.of(
        ErrorCode.MISSING_FIELD, at, at + " is missing (expected: " + expected + ").");
  }
}
