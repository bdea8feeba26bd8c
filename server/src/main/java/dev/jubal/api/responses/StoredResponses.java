package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.inference.Item;
import dev.jubal.inference.memory.Kept;
import dev.jubal.inference.memory.ResponseMemory;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading, listing and deleting what was stored. */
final class StoredResponses {
  private static final String RESPONSE = "/v1/responses/{response_id}";
  private static final String ID = "response_id";
  private static final int USUAL_PAGE = 20;
  private static final int LARGEST_PAGE = 100;

  private final ResponseMemory memory;
  private final ThoughtSeal thoughts;
  private final BackgroundResponses background;

  StoredResponses(TeamRecall.Remembered remembered, BackgroundResponses background) {
    this.background = background;
    this.memory = remembered.memory();
    this.thoughts = remembered.thoughts();
  }

  void register(Routes routes) {
    routes.add(
        Route.get(RESPONSE + "/input_items")
            .access(Access.ENDPOINT, "responses")
            .summary("Lists the items that a stored response was given, page by page.")
            .query("limit", "Most items of a page, 1 to 100; 20 when left out.")
            .query("order", "asc, oldest first and usual, or desc.")
            .query("after", "Id of the item before the page.")
            .query("include", "reasoning.encrypted_content adds it to thoughts.")
            .gives(StoredWire.ItemPage.class)
            .handle(this::items));
    routes.add(
        Route.get(RESPONSE)
            .access(Access.ENDPOINT, "responses")
            .summary(
                "Shows a stored response, or with stream the events of one made in the background.")
            .query("stream", "true gives the events, of a background or resumable response.")
            .query("starting_after", "Sequence number of the last event that arrived.")
            .query("include", "reasoning.encrypted_content adds it to thoughts.")
            .gives(ResponsesWire.Response.class)
            .handle(this::get));
    routes.add(
        Route.delete(RESPONSE)
            .access(Access.ENDPOINT, "responses")
            .summary("Deletes a stored response for good.")
            .gives(StoredWire.Deleted.class)
            .handle(this::delete));
  }

  private static String team(Call call) {
    return call.caller(Principal.class).teamOfStored();
  }

  private void get(Call call, Exchange exchange) {
    String team = team(call);
    if (call.query("stream").filter("true"::equals).isPresent()) {
      background.follow(call, exchange);
      return;
    }
    Optional<ResponsesWire.Response> underWay =
        background.underWay(call.param(ID), call.caller(Principal.class));
    if (underWay.isPresent()) {
      exchange.json(200, underWay.get());
      return;
    }
    StoredResponse stored = memory.find(team, call.param(ID)).orElseThrow(() -> none(call));
    exchange.json(200, shown(stored, new ListedItems(seal(call))));
  }

  /** As the dialect showed it; what another dialect made is shown by what all of them know. */
  static JsonNode shown(StoredResponse stored, ListedItems items) {
    Optional<StoredResponse.Face> own =
        stored.content().face().filter(f -> f.dialect().equals(ResponsesFeature.DIALECT));
    if (own.isEmpty()) {
      return Json.mapper().valueToTree(ForeignResponse.shown(stored, items));
    }
    JsonNode face = Json.tree(own.get().json().getBytes(StandardCharsets.UTF_8));
    for (JsonNode item : face.path("output")) {
      if (item instanceof ObjectNode thought
          && item.path("type").asString("").equals("reasoning")) {
        encrypt(thought, stored.content().output(), items);
      }
    }
    return face;
  }

  private static void encrypt(ObjectNode thought, List<Kept> output, ListedItems items) {
    output.stream()
        .filter(k -> k.id().equals(thought.path("id").asString("")))
        .flatMap(k -> k.items().stream())
        .filter(Item.Reasoning.class::isInstance)
        .map(i -> items.encrypted(((Item.Reasoning) i).text()))
        .filter(java.util.Objects::nonNull)
        .forEach(text -> thought.put("encrypted_content", text));
  }

  private void delete(Call call, Exchange exchange) {
    memory
        .find(team(call), call.param(ID))
        .ifPresent(r -> background.stop(r, call.caller(Principal.class)));
    if (!memory.delete(team(call), call.param(ID))) {
      throw none(call);
    }
    exchange.json(200, new StoredWire.Deleted(call.param(ID), "response", true));
  }

  private void items(Call call, Exchange exchange) {
    int limit = limit(call.query("limit"));
    boolean newestFirst = newestFirst(call.query("order"));
    List<Kept> given = memory.given(team(call), call.param(ID)).orElseThrow(() -> none(call));
    List<StoredWire.Listed> all = new ArrayList<>(new ListedItems(seal(call)).of(given));
    if (newestFirst) {
      Collections.reverse(all);
    }
    int from = call.query("after").map(id -> after(all, id)).orElse(0);
    List<StoredWire.Listed> page = all.subList(from, Math.min(all.size(), from + limit));
    exchange.json(
        200,
        new StoredWire.ItemPage(
            "list",
            page,
            id(page.isEmpty() ? null : page.getFirst()),
            id(page.isEmpty() ? null : page.getLast()),
            from + page.size() < all.size()));
  }

  private static @Nullable String id(StoredWire.@Nullable Listed item) {
    return item == null ? null : item.id();
  }

  private static int limit(Optional<String> text) {
    if (text.isEmpty()) {
      return USUAL_PAGE;
    }
    String limit = text.get();
    if (limit.matches("[0-9]{1,3}")) {
      int read = Integer.parseInt(limit);
      if (read >= 1 && read <= LARGEST_PAGE) {
        return read;
      }
    }
    throw bad("limit", limit, "a whole number from 1 to 100");
  }

  private static boolean newestFirst(Optional<String> text) {
    String order = text.orElse("asc");
    return switch (order) {
      case "asc" -> false;
      case "desc" -> true;
      default -> throw bad("order", order, "asc or desc");
    };
  }

  private static int after(List<StoredWire.Listed> all, String id) {
    return IntStream.range(0, all.size())
            .filter(i -> all.get(i).id().equals(id))
            .findFirst()
            .orElseThrow(() -> bad("after", id, "the id of an item of this list"))
        + 1;
  }

  private Optional<UnaryOperator<String>> seal(Call call) {
    String team = team(call);
    return call.queries("include").contains(ResponsesDecoder.ENCRYPTED)
        ? Optional.of(thought -> thoughts.seal(team, thought))
        : Optional.empty();
  }

  private static ApiException bad(String name, String value, String expected) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE, name, name + ": \"" + value + "\" (expected: " + expected + ").");
  }

  private static ApiException none(Call call) {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "There is no response \""
            + call.param(ID)
            + "\" (expected: the id of a response of this team that was stored and has neither"
            + " been deleted nor expired).");
  }
}
