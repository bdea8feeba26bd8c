package dev.jubal.api.xaigrpc;

import dev.jubal.account.ledger.Service;
import dev.jubal.api.Decoded;
import dev.jubal.api.EndUserField;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.ServiceTier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Station 3: a request of the Chat service becomes a {@link GenerationRequest}. */
final class CompletionReader {
  private static final Decoded.SchemaFields SCHEMAS =
      new Decoded.SchemaFields("response_format.schema", ".function.parameters");

  /** The surface in the ledger and in ACL rows, the same as in REST. */
  static final String ENDPOINT = "chat";

  private CompletionReader() {}

  /**
   * A read request.
   *
   * @param own the items of its own messages, without what it continues
   * @param store whether its answer is stored
   */
  record Asked(Decoded decoded, List<Item> own, boolean store) {}

  /**
   * Reads a request.
   *
   * @param stream whether the client takes chunks
   * @param stores whether the answer may be stored; asked only when the request wants it
   */
  static Asked read(
      GetCompletionsRequest wire,
      boolean stream,
      Remembered.Recall recall,
      BooleanSupplier stores) {
    List<String> ignored = new ArrayList<>();
    FieldTable.check(wire, "", ignored);
    EndUserField.check("safety_identifier", wire.getSafetyIdentifier());
    if (wire.getModel().isEmpty()) {
      throw Refusal.missing("model", "name or alias of a model");
    }
    Conversation before = recall.before(wire);
    MessageReader reader = new MessageReader(ignored, recall);
    List<Item> own = reader.items(wire.getMessagesList(), "messages");
    List<Item> all = new ArrayList<>();
    before
        .instructions()
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> all.add(Item.Message.text(Role.SYSTEM, text)));
    all.addAll(before.items());
    all.addAll(own);
    GenerationRequest request =
        new GenerationRequest(
            ENDPOINT,
            wire.getModel(),
            new Prompt.Conversation(all),
            SamplingReader.options(wire),
            SamplingReader.limits(wire.hasMaxTokens(), wire.getMaxTokens(), wire.getStopList()),
            new GenerationRequest.Options(
                    SamplingReader.choices(wire.hasN(), wire.getN()),
                    SamplingReader.topLogprobs(
                        wire.getLogprobs(), wire.hasTopLogprobs(), wire.getTopLogprobs()),
                    GenerationRequest.Thought.of(effort(wire)),
                    EndUserField.ofEither(wire.getUser(), wire.getSafetyIdentifier()),
                    ToolFields.format(wire),
                    ToolFields.tools(wire, before.tools(), ignored))
                .servedAs(service(wire)),
            stream);
    boolean store = wire.getStoreMessages() && stores.getAsBoolean();
    if (wire.getStoreMessages() && !store) {
      ignored.add("store_messages");
    }
    Decoded decoded = new Decoded(request, ignored, SCHEMAS, Map.of(), reader.pictures());
    return new Asked(decoded, List.copyOf(own), store);
  }

  private static Service service(GetCompletionsRequest wire) {
    return switch (wire.getServiceTier()) {
      case SERVICE_TIER_UNSPECIFIED, SERVICE_TIER_DEFAULT -> Service.DEFAULT;
      case SERVICE_TIER_PRIORITY -> Service.PRIORITY;
      case UNRECOGNIZED ->
          throw Refusal.value(
              "service_tier",
              wire.getServiceTierValue(),
              ServiceTier.SERVICE_TIER_DEFAULT + " or " + ServiceTier.SERVICE_TIER_PRIORITY);
    };
  }

  private static Optional<String> effort(GetCompletionsRequest wire) {
    if (!wire.hasReasoningEffort()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (wire.getReasoningEffort()) {
          case EFFORT_NONE -> "none";
          case EFFORT_LOW -> "low";
          case EFFORT_MEDIUM -> "medium";
          case EFFORT_HIGH -> "high";
          case EFFORT_XHIGH -> "xhigh";
          case INVALID_EFFORT, UNRECOGNIZED ->
              throw Refusal.value(
                  "reasoning_effort",
                  wire.getReasoningEffortValue(),
                  "EFFORT_NONE, EFFORT_LOW, EFFORT_MEDIUM, EFFORT_HIGH or EFFORT_XHIGH");
        });
  }
}
