package dev.jubal.api.messages;

import dev.jubal.api.FunctionFields;
import dev.jubal.api.ToolsReader;
import dev.jubal.inference.Tools;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.RecordShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields {@code tools} and {@code tool_choice}. */
final class MessagesTools {
  private static final int NAMES_SHOWN = 10;

  private MessagesTools() {}

  static Tools read(
      @Nullable List<MessagesWire.Tool> tools, MessagesWire.@Nullable ToolChoice choice) {
    List<ToolsReader.Offered> offered = new ArrayList<>();
    for (MessagesWire.Tool tool : Objects.requireNonNullElse(tools, List.<MessagesWire.Tool>of())) {
      offered.add(offered(tool, "tools[" + offered.size() + "]"));
    }
    List<Tools.Function> functions = new ToolsReader("", "input_schema").functions(offered);
    boolean single = choice != null && Boolean.TRUE.equals(choice.disableParallelToolUse());
    return new Tools(functions, choice(functions, choice), !single);
  }

  private static ToolsReader.Offered offered(MessagesWire.Tool tool, String at) {
    String type = Objects.requireNonNullElse(tool.type(), "custom");
    if (!type.equals("custom")) {
      throw ApiException.of(
          ErrorCode.UNSUPPORTED_PARAMETER,
          at + ".type",
          at
              + ".type: "
              + RecordShape.shown(Json.mapper().valueToTree(type))
              + " is not available in this version (expected: custom, or absent).");
    }
    if (tool.inputSchema() == null) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD,
          at + ".input_schema",
          at + ".input_schema is missing (expected: an object schema).");
    }
    return new ToolsReader.Offered(
        "function",
        new FunctionFields(
            tool.name(), tool.description(), tool.inputSchema(), tool.strict(), null));
  }

  private static Tools.Choice choice(
      List<Tools.Function> functions, MessagesWire.@Nullable ToolChoice choice) {
    if (choice == null || choice.type().equals("auto")) {
      return functions.isEmpty() ? new Tools.Choice.None() : new Tools.Choice.Auto();
    }
    return switch (choice.type()) {
      case "none" -> new Tools.Choice.None();
      case "any" -> {
        refuseWithout(functions, "any");
        yield new Tools.Choice.Required();
      }
      default -> named(functions, choice.name());
    };
  }

  private static Tools.Choice named(List<Tools.Function> functions, @Nullable String name) {
    if (name == null) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD,
          "tool_choice.name",
          "tool_choice.name is missing (expected: the name of a tool, as the type is tool).");
    }
    refuseWithout(functions, "tool");
    if (functions.stream().noneMatch(f -> f.name().equals(name))) {
      int more = functions.size() - NAMES_SHOWN;
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "tool_choice.name",
          "tool_choice.name: "
              + RecordShape.shown(Json.mapper().valueToTree(name))
              + " (expected: one of "
              + functions.stream()
                  .limit(NAMES_SHOWN)
                  .map(Tools.Function::name)
                  .collect(Collectors.joining(", "))
              + (more > 0 ? " and " + more + " more" : "")
              + ").");
    }
    return new Tools.Choice.Named(name);
  }

  private static void refuseWithout(List<Tools.Function> functions, String type) {
    if (functions.isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "tool_choice",
          "tool_choice.type: \""
              + type
              + "\" (expected: auto or none, as the request has no tools).");
    }
  }
}
