package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.Extras;
import dev.jubal.account.ledger.LedgerCheck;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Service;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.price.PriceStore;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetChatCompletionResponse;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.proto.xai.ServiceTier;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.Stores;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What real requests cost, in each category, however they are asked. */
@ParameterizedClass
@EnumSource(Stores.class)
final class PricesTest {
  private static final String[] AT_ONCE = {"budget.refresh", "10ms"};

  @Parameter private Stores on = Stores.SQLITE;

  private static String script(String answer) {
    return "{\"local\":false,\"answers\":[{" + answer + "}]}";
  }

  private static String body(String model, boolean stream, String more) {
    return "{\"model\":\""
        + model
        + "\",\"max_tokens\":100,\"stream\":"
        + stream
        + more
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }

  private static HttpResponse<String> chat(JubalServer server, String body) throws Exception {
    return server.http().post("/v1/chat/completions", body);
  }

  private static LedgerRow row(JubalServer server, String id) {
    try (Database database = server.database()) {
      return new LedgerReader(database).find(id).orElseThrow();
    }
  }

  private static LedgerRow row(JubalServer server, HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return row(server, answer.headers().firstValue("x-request-id").orElseThrow());
  }

  private static void set(JubalServer server, String model, Price price) {
    try (Database database = server.database()) {
      new PriceStore(database, server.clock()).set(model, price);
    }
  }

  private static void await(JubalServer server, String model, Price price) {
    set(server, model, price);
    Await.until(
        "the price is seen",
        () -> {
          try {
            return row(server, chat(server, body(model, false, "")))
                .price()
                .from()
                .equals(price.from());
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private static Price price(JubalServer server, Price.Rate rate, Extras extras) {
    return new Price(
        server.clock().instant().minusSeconds(1), rate, 0, Price.Rate.FREE, "test", extras);
  }

  private static final Extras FACTORS =
      new Extras(7, Map.of("tool:web_search", 50L), OptionalLong.of(500), OptionalLong.of(2000));

  @Test
  void picturesSoundThoughtToolsAndTheRequestItselfArePaidEachByItsPrice() throws Exception {
    String script =
        script(
            "\"prompt_tokens\":100,\"cached_tokens\":20,\"image_tokens\":40,"
                + "\"used\":{\"audio\":10,\"tool:web_search\":2},"
                + "\"steps\":[{\"reasoning\":\"Hm\"},{\"text\":\"Hello\"}]");
    try (JubalServer server = JubalServer.scripted(on, script, AT_ONCE)) {
      await(server, "grok-4", price(server, new Price.Rate(100, 10, 1000, 70, 30, 900), FACTORS));
      long expected = 30 * 100 + 20 * 10 + 40 * 70 + 10 * 30 + 1000 + 900 + 7 + 2 * 50;
      for (boolean stream : new boolean[] {false, true}) {
        HttpResponse<String> answer = chat(server, body("grok-4", stream, ""));
        LedgerRow row = row(server, answer);
        assertEquals(expected, row.settled().orElseThrow().settlement().costTicks());
        if (!stream) {
          JsonNode usage = Json.mapper().readTree(answer.body()).path("usage");
          assertEquals(expected, usage.path("cost_in_usd_ticks").asLong());
          assertEquals(40, usage.path("prompt_tokens_details").path("image_tokens").asLong());
        }
      }
      server.verified();
    }
  }

  @Test
  void theLongestOfItsPromptsDecidesWhetherARequestIsLong() throws Exception {
    String script =
        """
        {"local":false,"constrains":false,"answers":[
          {"match":"Answer again","prompt_tokens":120,"steps":[{"text":"{}"}]},
          {"match":"flawed at first","prompt_tokens":110,"steps":[{"text":"no object"}]},
          {"match":"long","prompt_tokens":200,"steps":[{"text":"{}"}]},
          {"steps":[{"text":"Hello"}]}]}
        """;
    Price.Rate rate = new Price.Rate(100, 10, 1000);
    try (JubalServer server = JubalServer.scripted(on, script, AT_ONCE)) {
      await(
          server,
          "grok-4",
          new Price(server.clock().instant().minusSeconds(1), rate, 200, rate.twice(), "test"));
      String object = ",\"response_format\":{\"type\":\"json_object\"}";
      String flawed = body("grok-4", false, object).replace("\"Hi\"", "\"flawed at first\"");
      LedgerRow twice = row(server, chat(server, flawed));
      assertEquals(230 * 100 + 2 * 1000, cost(twice));
      Usage used = twice.settled().orElseThrow().settlement().usage();
      assertEquals(230, used.prompt());
      assertEquals(120, used.longest());
      String once = body("grok-4", false, "").replace("\"Hi\"", "\"long\"");
      assertEquals(200 * 200 + 2000, cost(row(server, chat(server, once))));
      server.verified();
    }
  }

  @Test
  void aPriorityIsPaidWhereItHasAPriceAndSaidInTheAnswer() throws Exception {
    String script = script("\"prompt_tokens\":10,\"steps\":[{\"text\":\"Hello\"}]");
    try (JubalServer server = JubalServer.scripted(on, script, AT_ONCE)) {
      HttpResponse<String> none = chat(server, body("grok-4", false, TIER));
      assertEquals("service_tier", none.headers().firstValue("x-jubal-ignored").orElseThrow());
      assertTrue(none.body().contains("\"service_tier\":\"default\""), none.body());
      await(server, "grok-4", price(server, new Price.Rate(100, 10, 1000), FACTORS));
      long usual = 10 * 100 + 1000 + 7;
      long first = 10 * 200 + 2000 + 7;
      for (boolean stream : new boolean[] {false, true}) {
        HttpResponse<String> asked = chat(server, body("grok-4", stream, TIER));
        assertTrue(asked.body().contains("\"service_tier\":\"priority\""), asked.body());
        assertTrue(asked.headers().firstValue("x-jubal-ignored").isEmpty());
        assertEquals(first, cost(row(server, asked)));
        assertEquals(Service.PRIORITY, row(server, asked).price().service());
        assertEquals(usual, cost(row(server, chat(server, body("grok-4", stream, "")))));
      }
      HttpResponse<String> responses =
          server
              .http()
              .post(
                  "/v1/responses",
                  "{\"model\":\"grok-4\",\"input\":\"Hi\",\"service_tier\":\"fast\"}");
      assertTrue(responses.body().contains("\"service_tier\":\"priority\""), responses.body());
      assertEquals(first, cost(row(server, responses)));
      GetChatCompletionResponse rpc =
          ChatGrpc.newBlockingStub(Rpc.channel(server.port(), server.key()))
              .getCompletion(
                  GetCompletionsRequest.newBuilder()
                      .setModel("grok-4")
                      .setServiceTier(ServiceTier.SERVICE_TIER_PRIORITY)
                      .addMessages(
                          Message.newBuilder()
                              .setRole(MessageRole.ROLE_USER)
                              .addContent(Content.newBuilder().setText("Hi")))
                      .build());
      assertEquals(ServiceTier.SERVICE_TIER_PRIORITY, rpc.getServiceTier());
      assertEquals(first, rpc.getUsage().getCostInUsdTicks());
      server.verified();
    }
  }

  private static final String TIER = ",\"service_tier\":\"priority\"";

  private static long cost(LedgerRow row) {
    return row.settled().orElseThrow().settlement().costTicks();
  }

  /**
   * This server's own weights, and names for which nobody published a price; docs/operations.md.
   */
  private static final Set<String> FREE =
      Set.of("smollm2-135m-instruct", "bge-small-en-v1.5", "grok-1", "v1", "grok-embed");

  @Test
  void noNameIsFreeButThoseThatAreSaidToBe() throws Exception {
    Set<String> free = new TreeSet<>();
    try (JubalServer server =
        JubalServer.scripted(on, script("\"steps\":[{\"text\":\"Hello\"}]"), AT_ONCE)) {
      for (Model model : CatalogueLoader.load(CatalogueLoader.Options.STANDARD).models()) {
        HttpResponse<String> answer =
            model.kind() == Model.Kind.EMBEDDING
                ? server
                    .http()
                    .post("/v1/embeddings", "{\"model\":\"" + model.id() + "\",\"input\":\"Hi\"}")
                : chat(server, body(model.id(), false, ""));
        if (answer.statusCode() == 403 && answer.body().contains("jubal price set")) {
          continue; // nobody knows its price, and it says so
        }
        LedgerRow row = row(server, answer);
        if (cost(row) == 0) {
          free.add(model.id());
          assertTrue(row.price().source().contains("free of charge"), row.price().source());
        }
      }
    }
    assertEquals(new TreeSet<>(FREE), free);
  }

  @Test
  void anUnknownPriceRefuses() throws Exception {
    String script = script("\"steps\":[{\"text\":\"Hello\"}]");
    try (JubalServer server = JubalServer.scripted(on, script, AT_ONCE)) {
      set(server, "grok-4", unknown(server));
      Await.until(
          "the price is seen",
          () -> {
            try {
              return chat(server, body("grok-4", false, "")).statusCode() == 403;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      for (boolean stream : new boolean[] {false, true}) {
        HttpResponse<String> refused = chat(server, body("grok-4", stream, ""));
        assertEquals(403, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("jubal price set grok-4"), refused.body());
      }
      assertEquals(200, chat(server, body("grok-3", false, "")).statusCode(), "others have one");
      assertCounted(server);
      server.verified();
    }
  }

  private static void assertCounted(JubalServer server) throws Exception {
    String metrics = server.http().get("/metrics").body();
    assertTrue(
        Pattern.compile("(?m)^jubal_price_unknown_total [1-9]").matcher(metrics).find(), metrics);
  }

  private static Price unknown(JubalServer server) {
    return new Price(
        server.clock().instant().minusSeconds(1),
        Price.Rate.FREE,
        0,
        Price.Rate.FREE,
        Price.UNKNOWN);
  }

  @Test
  void anUnknownPriceIsFlaggedWhereThatIsWanted() throws Exception {
    String script = script("\"steps\":[{\"text\":\"Hello\"}]");
    try (JubalServer server =
        JubalServer.scripted(on, script, "budget.refresh", "10ms", "price.unknown", "flag")) {
      await(server, "grok-4", unknown(server));
      LedgerRow row = row(server, chat(server, body("grok-4", true, "")));
      assertEquals(Price.UNKNOWN, row.price().source(), "the row says so");
      assertCounted(server);
      try (Database database = server.database()) {
        LedgerCheck.Finding found =
            new LedgerCheck(database)
                .run().stream()
                    .filter(f -> f.what().startsWith("settled at a price nobody knows"))
                    .findFirst()
                    .orElseThrow();
        assertTrue(found.rows() >= 1, () -> found.toString());
      }
      server.verified();
    }
  }

  @Test
  void aToolNobodyPricedIsCounted() throws Exception {
    String script = script("\"used\":{\"tool:unheard_of\":3},\"steps\":[{\"text\":\"Hello\"}]");
    try (JubalServer server = JubalServer.scripted(on, script, AT_ONCE)) {
      LedgerRow row = row(server, chat(server, body("grok-4", false, "")));
      Usage used = row.settled().orElseThrow().settlement().usage();
      assertEquals(Map.of("tool:unheard_of", 3L), used.units());
      assertTrue(row.price().unpriced(used));
      assertTrue(row.price().extras().units().containsKey("tool:web_search"), "the catalogue's");
      assertCounted(server);
      server.verified();
    }
  }
}
