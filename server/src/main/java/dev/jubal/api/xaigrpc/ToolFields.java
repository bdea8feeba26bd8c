package dev.jubal.api.xaigrpc;

import dev.jubal.api.FormatFields;
import dev.jubal.api.FunctionFields;
import dev.jubal.api.ToolsReader;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.Tools;
import dev.jubal.platform.json.Json;
import dev.jubal.proto.xai.Function;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.ResponseFormat;
import dev.jubal.proto.xai.Tool;
import dev.jubal.proto.xai.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What an answer may call, and what its text must be: schemas are texts here. */
final class ToolFields {
  private ToolFields() {}

  /**
   * {@code before} is what the continued response could call: it holds when nothing else is said.
   */
  static Tools tools(GetCompletionsRequest wire, Tools before, List<String> ignored) {
    if (wire.getToolsCount() > Tools.MOST) {
      throw Refusal.count("tools", wire.getToolsCount(), "tools", "at most " + Tools.MOST);
    }
    List<ToolsReader.Offered> offered = new ArrayList<>(wire.getToolsCount());
    for (int i = 0; i < wire.getToolsCount(); i++) {
      offered.add(tool(wire.getTools(i), "tools[" + i + "]", ignored));
    }
    if (offered.isEmpty()) {
      before.functions().forEach(f -> offered.add(offered(f)));
    }
    boolean parallel = !wire.hasParallelToolCalls() || wire.getParallelToolCalls();
    return new ToolsReader("function").read(offered, choice(wire, offered), parallel);
  }

  private static ToolsReader.Offered tool(Tool tool, String at, List<String> ignored) {
    FieldTable.check(tool, at, ignored);
    if (!tool.hasFunction()) {
      throw Refusal.missing(at, "a function");
    }
    Function function = tool.getFunction();
    FieldTable.check(function, at + ".function", ignored);
    return new ToolsReader.Offered(
        "function",
        new FunctionFields(
            function.getName().isEmpty() ? null : function.getName(),
            function.getDescription(),
            schema(function.getParameters(), at + ".function.parameters"),
            null,
            null));
  }

  private static ToolsReader.Offered offered(Tools.Function f) {
    return new ToolsReader.Offered(
        "function",
        new FunctionFields(
            f.name(), f.description(), schema(f.parameters(), "previous_response_id"), null, null));
  }

  private static @Nullable JsonNode choice(
      GetCompletionsRequest wire, List<ToolsReader.Offered> offered) {
    if (!wire.hasToolChoice()) {
      return null;
    }
    ToolChoice choice = wire.getToolChoice();
    return switch (choice.getToolChoiceCase()) {
      case TOOLCHOICE_NOT_SET -> null;
      case FUNCTION_NAME -> named(offered, choice.getFunctionName());
      case MODE ->
          switch (choice.getMode()) {
            case TOOL_MODE_AUTO -> StringNode.valueOf("auto");
            case TOOL_MODE_NONE -> StringNode.valueOf("none");
            case TOOL_MODE_REQUIRED -> StringNode.valueOf("required");
            case TOOL_MODE_INVALID, UNRECOGNIZED ->
                throw Refusal.value(
                    "tool_choice.mode",
                    choice.getModeValue(),
                    "TOOL_MODE_AUTO, TOOL_MODE_NONE or TOOL_MODE_REQUIRED");
          };
    };
  }

  private static JsonNode named(List<ToolsReader.Offered> offered, String name) {
    boolean known =
        offered.stream()
            .map(ToolsReader.Offered::function)
            .anyMatch(f -> f != null && name.equals(f.name()));
    if (!known || name.isEmpty()) {
      throw Refusal.value("tool_choice.function_name", name, "the name of a function in tools");
    }
    ObjectNode choice = Json.mapper().createObjectNode().put("type", "function");
    choice.putObject("function").put("name", name);
    return choice;
  }

  static AnswerFormat format(GetCompletionsRequest wire) {
    ResponseFormat format = wire.getResponseFormat();
    return switch (format.getFormatType()) {
      case FORMAT_TYPE_INVALID, FORMAT_TYPE_TEXT -> {
        if (format.hasSchema()) {
          throw Refusal.value(
              "response_format.format_type",
              format.getFormatTypeValue(),
              "FORMAT_TYPE_JSON_SCHEMA, as there is a schema");
        }
        yield new AnswerFormat.Text();
      }
      case FORMAT_TYPE_JSON_OBJECT -> new AnswerFormat.JsonObject();
      case FORMAT_TYPE_JSON_SCHEMA ->
          FormatFields.format(
              FormatFields.JSON_SCHEMA,
              new FormatFields(
                  null, null, schema(format.getSchema(), "response_format.schema"), null),
              "response_format");
      case UNRECOGNIZED ->
          throw Refusal.value(
              "response_format.format_type",
              format.getFormatTypeValue(),
              "FORMAT_TYPE_TEXT, FORMAT_TYPE_JSON_OBJECT or FORMAT_TYPE_JSON_SCHEMA");
    };
  }

  private static @Nullable ObjectNode schema(String text, String at) {
    if (text.isBlank()) {
      return null;
    }
    try {
      if (Json.tree(text.getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      // told below, like any other text that holds no object
    }
    throw Refusal.value(at, text, "a JSON Schema, an object, as text");
  }
}
