package dev.jubal.api.responses;

import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.inference.memory.Kept;
import dev.jubal.platform.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Items that were remembered, as the wire has them. */
final class ListedItems {
  private static final String DONE = "completed";

  private final Optional<UnaryOperator<String>> seal;

  /** {@code seal}: a thought as its encrypted content; empty when the client did not ask for it. */
  ListedItems(Optional<UnaryOperator<String>> seal) {
    this.seal = seal;
  }

  List<StoredWire.Listed> of(List<Kept> kept) {
    return kept.stream().flatMap(k -> of(k).stream()).toList();
  }

  private Optional<StoredWire.Listed> of(Kept kept) {
    if (kept.sealed().isPresent()) {
      return Optional.of(new StoredWire.Compaction(kept.id(), "compaction", kept.sealed().get()));
    }
    return kept.items().stream().findFirst().map(item -> of(kept, item));
  }

  private StoredWire.Listed of(Kept kept, Item item) {
    String id = kept.id();
    return switch (item) {
      case Item.Message m ->
          new StoredWire.Message(
              id,
              "message",
              DONE,
              m.role().name().toLowerCase(Locale.ROOT),
              kept.phase().orElse(null),
              parts(m.content(), m.role() == Role.ASSISTANT));
      case Item.FunctionCall c ->
          new StoredWire.FunctionCall(
              id, "function_call", c.callId(), c.name(), c.arguments(), DONE);
      case Item.FunctionCallOutput o ->
          new StoredWire.FunctionCallOutput(
              id, "function_call_output", o.callId(), output(o), DONE);
      case Item.Reasoning r ->
          new StoredWire.Reasoning(
              id,
              "reasoning",
              List.of(new ResponsesWire.SummaryText("summary_text", r.text())),
              encrypted(r.text()),
              DONE);
    };
  }

  @Nullable String encrypted(String thought) {
    return seal.map(s -> s.apply(thought)).orElse(null);
  }

  private static JsonNode output(Item.FunctionCallOutput output) {
    boolean text = output.content().stream().allMatch(Item.Part.Text.class::isInstance);
    return text
        ? StringNode.valueOf(output.output())
        : Json.mapper().valueToTree(parts(output.content(), false));
  }

  private static List<StoredWire.Part> parts(List<Item.Part> parts, boolean said) {
    return parts.stream().map(p -> part(p, said)).toList();
  }

  private static StoredWire.Part part(Item.Part part, boolean said) {
    return switch (part) {
      case Item.Part.Text t when said ->
          new StoredWire.Part("output_text", t.text(), List.of(), List.of(), null, null);
      case Item.Part.Text t -> new StoredWire.Part("input_text", t.text(), null, null, null, null);
      case Item.Part.Image i ->
          new StoredWire.Part("input_image", null, null, null, i.url(), i.detail().orElse("auto"));
    };
  }
}
