package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.price.PriceStore;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Stores;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * There is no way around the ledger and the budgets: whatever route works for a key is metered, or
 * is one of those that do no work.
 */
@ParameterizedClass
@EnumSource(Stores.class)
final class MeteredTest {
  /** They count, look up, stop or foretell; nothing is made. */
  private static final Set<String> FREE =
      Set.of(
          "/v1/admission/explain",
          "/v1/admission/explain/chat",
          "/v1/admission/explain/responses",
          "/v1/admission/explain/messages",
          "/v1/responses/{response_id}/cancel",
          "/v1/messages/count_tokens",
          "/v1/tokenize-text");

  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String LONG =
      IntStream.range(0, 12)
          .mapToObj(
              i ->
                  "{\"role\":\""
                      + (i % 2 == 0 ? "user" : "assistant")
                      + "\",\"content\":\""
                      + "roses, the pond and the wall ".repeat(20)
                      + i
                      + "\"}")
          .collect(Collectors.joining(","));

  /** A request that works for each. */
  private static final Map<String, String> BODIES =
      Map.of(
          "/v1/chat/completions",
          "{\"model\":\"grok-4\",\"max_tokens\":5," + HI,
          "/v1/responses",
          "{\"model\":\"grok-4\",\"max_output_tokens\":5,\"input\":\"Hi\"}",
          "/v1/responses/compact",
          "{\"model\":\"grok-4\",\"input\":[" + LONG + "]}",
          "/v1/messages",
          "{\"model\":\"grok-4\",\"max_tokens\":5," + HI,
          "/v1/complete",
          "{\"model\":\"grok-4\",\"max_tokens_to_sample\":5,"
              + "\"prompt\":\"\\n\\nHuman: Hi\\n\\nAssistant:\"}",
          "/v1/completions",
          "{\"model\":\"grok-3\",\"max_tokens\":5,\"prompt\":\"Hi\"}",
          "/v1/embeddings",
          "{\"model\":\"v1\",\"input\":\"Hi\"}");

  @Parameter private Stores on = Stores.SQLITE;

  private static List<String> metered(JubalServer server) throws Exception {
    JsonNode document = Json.mapper().readTree(server.http().get("/openapi.json").body());
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      JsonNode post = path.getValue().path("post");
      if (post.path("x-jubal-access").asString("").equals("endpoint")) {
        boolean metered = post.path("x-jubal-metered").asBoolean();
        assertEquals(!FREE.contains(path.getKey()), metered, path.getKey());
        if (metered) {
          found.add(path.getKey());
        }
      }
    }
    return found;
  }

  private static long rows(JubalServer server) {
    try (Database database = server.database()) {
      return new LedgerReader(database)
          .sums(Instant.EPOCH, server.clock().instant().plusSeconds(1))
          .admitted();
    }
  }

  @Test
  void everyRouteThatWorksIsInTheLedgerAndUnderTheBudget() throws Exception {
    try (JubalServer server =
        JubalServer.scripted(
            on, "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}", "budget.refresh", "10ms")) {
      List<String> paths = metered(server);
      assertTrue(paths.size() >= 7, paths::toString);
      for (String path : paths) {
        String body = BODIES.get(path);
        assertNotNull(body, "a new route: what is asked of " + path + "?");
        long before = rows(server);
        HttpResponse<String> answer = server.http().post(path, body);
        assertEquals(200, answer.statusCode(), path + ": " + answer.body());
        assertEquals(before + 1, rows(server), path);
      }
      try (Database database = server.database()) {
        new PriceStore(database, server.clock())
            .set(
                "v1",
                new Price(
                    server.clock().instant().minusSeconds(1),
                    new Price.Rate(10, 10, 0),
                    0,
                    Price.Rate.FREE,
                    "test"));
        String team = new TeamStore(database).named("default").id();
        new BudgetStore(database, server.clock())
            .set(new BudgetStore.Wanted(team, Budget.Scope.TEAM, team, Window.TOTAL, true, 1));
      }
      for (String path : paths) {
        Await.until(
            path + " is refused",
            () -> {
              try {
                HttpResponse<String> refused =
                    server.http().post(path, Objects.requireNonNull(BODIES.get(path)));
                return refused.statusCode() == 429
                    && refused.headers().firstValue("x-should-retry").orElse("").equals("false");
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
      }
    }
  }
}
