package dev.jubal.api.responses;

import dev.jubal.inference.Tools;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A response that another dialect stored, by what all dialects know of it. */
final class ForeignResponse {
  private ForeignResponse() {}

  /** The response, its output as items of a list have it. */
  static ObjectNode shown(StoredResponse stored, ListedItems items) {
    StoredResponse.Content content = stored.content();
    ResponsesWire.Response response =
        new ResponsesWire.Response(
            stored.id(),
            "response",
            stored.created().getEpochSecond(),
            null,
            stored.status().text(),
            false,
            null,
            stored.status() == StoredResponse.Status.INCOMPLETE
                ? new ResponsesWire.IncompleteDetails("max_output_tokens")
                : null,
            content.instructions().orElse(null),
            null,
            null,
            Map.of(),
            content.model(),
            List.of(),
            content.tools().parallel(),
            0,
            0,
            stored.previousId().orElse(null),
            null,
            null,
            null,
            "default",
            true,
            1.0,
            new ResponsesWire.TextConfig(new ResponsesWire.Format("text", null, null, null, null)),
            StringNode.valueOf("auto"),
            content.tools().functions().stream().map(ForeignResponse::tool).toList(),
            0,
            1.0,
            "disabled",
            usage(content),
            null);
    ObjectNode shown = Json.mapper().valueToTree(response);
    shown.set("output", Json.mapper().valueToTree(items.of(content.output())));
    return shown;
  }

  static ResponsesWire.FunctionTool tool(Tools.Function f) {
    return new ResponsesWire.FunctionTool(
        "function",
        f.name(),
        f.description().isEmpty() ? null : f.description(),
        Json.tree(f.parameters().getBytes(StandardCharsets.UTF_8)),
        null);
  }

  private static ResponsesWire.@Nullable Usage usage(StoredResponse.Content content) {
    return content.spent().map(s -> ResponsesWire.Usage.of(s.usage(), s.costTicks())).orElse(null);
  }
}
