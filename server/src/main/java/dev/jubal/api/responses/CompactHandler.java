package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Usage;
import dev.jubal.api.IgnoredFields;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.inference.memory.Compaction;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.Kept;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.WireReader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/responses/compact}. */
final class CompactHandler {
  private final TeamRecall.Remembered remembered;
  private final InstantSource now;

  CompactHandler(TeamRecall.Remembered remembered, InstantSource now) {
    this.remembered = remembered;
    this.now = now;
  }

  void register(Routes routes) {
    routes.add(
        Route.post("/v1/responses/compact")
            .access(Access.ENDPOINT, "responses")
            .metered()
            .summary(
                "Makes a conversation shorter: instructions and recent turns stay, the model"
                    + " summarises the rest.")
            .takes(StoredWire.CompactRequest.class)
            .gives(StoredWire.Compacted.class)
            .handle(this::compact));
  }

  private void compact(Call call, Exchange exchange) {
    WireReader.Body<StoredWire.CompactRequest> body =
        WireReader.read(call.takeBody(), StoredWire.CompactRequest.class);
    List<String> ignored = new ArrayList<>(body.ignored());
    StoredWire.CompactRequest wire = body.value();
    Principal caller = call.caller(Principal.class);
    Recall recall = new TeamRecall(caller, remembered);
    Conversation before =
        Optional.ofNullable(wire.previousResponseId())
            .map(recall::conversation)
            .orElse(Conversation.NEW);
    List<Item> items = new ArrayList<>();
    Optional.ofNullable(wire.instructions())
        .or(before::instructions)
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> items.add(Item.Message.text(Role.SYSTEM, text)));
    items.addAll(before.items());
    items.addAll(
        Kept.items(
            new ResponsesInput(ignored, recall, call.requestId(), before).kept(input(wire))));
    Compaction.Compacted compacted =
        remembered
            .compactions()
            .compact(
                wire.model(),
                items,
                new Generator.Caller(
                    caller, call.requestId(), call.clientRequestId(), exchange.gone()));
    if (!ignored.isEmpty()) {
      exchange.header("x-jubal-ignored", IgnoredFields.header(ignored));
    }
    exchange.json(200, wire(call.requestId(), compacted));
  }

  /** Nothing is a conversation only when there is one before. */
  private static Optional<JsonNode> input(StoredWire.CompactRequest wire) {
    JsonNode input = wire.input();
    if (input == null && wire.previousResponseId() == null) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD,
          "input",
          "input is missing (expected: a string or an array, or previous_response_id).");
    }
    return Optional.ofNullable(input);
  }

  private StoredWire.Compacted wire(String requestId, Compaction.Compacted compacted) {
    String id = "cmp_" + requestId;
    Usage u = compacted.usage();
    return new StoredWire.Compacted(
        id,
        "response.compaction",
        now.instant().getEpochSecond(),
        compacted.model(),
        List.of(new StoredWire.Compaction(id, "compaction", compacted.sealed())),
        new StoredWire.CompactUsage(
            u.prompt(),
            new ResponsesWire.InputTokensDetails(u.cached(), 0),
            u.completion() + u.reasoning(),
            new ResponsesWire.OutputTokensDetails(u.reasoning()),
            u.total(),
            compacted.dropped(),
            compacted.costTicks()));
  }
}
