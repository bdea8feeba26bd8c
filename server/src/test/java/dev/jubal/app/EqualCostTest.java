package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.Extras;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.price.PriceStore;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetChatCompletionChunk;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.proto.xai.SampleGrpc;
import dev.jubal.proto.xai.SampleTextRequest;
import dev.jubal.proto.xai.SampleTextResponse;
import dev.jubal.proto.xai.ServiceTier;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.Stores;
import io.grpc.Channel;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a request costs follows from what it used: not from its dialect, nor from streaming. */
@ParameterizedClass
@EnumSource(Stores.class)
final class EqualCostTest {
  private static final int CASES = 12;
  private static final int LONG_FROM = 100;
  private static final int MOST = 100;
  private static final List<String> MODELS =
      List.of("grok-4", "grok-4-latest", "grok-4.3", "grok-3-mini");

  @Parameter private Stores on = Stores.SQLITE;

  /** An answer that is played to whoever says its name, and what it uses. */
  private record Case(String name, Usage usage) {
    static Case random(int number, Random random) {
      int prompt = 1 + random.nextInt(2 * LONG_FROM);
      Usage tokens =
          new Usage(
              prompt,
              random.nextInt(prompt + 1),
              random.nextInt(prompt + 1),
              1 + random.nextInt(MOST - 10),
              random.nextInt(10));
      return new Case(
          "case" + number + ".",
          random.nextBoolean()
              ? tokens.with(Map.of("tool:web_search", 1L + random.nextInt(3)))
              : tokens);
    }

    String script() {
      String used =
          usage.units().entrySet().stream()
              .map(e -> "\"%s\":%d".formatted(e.getKey(), e.getValue()))
              .collect(Collectors.joining(","));
      String thought =
          usage.reasoning() == 0
              ? ""
              : "{\"reasoning\":\"Hm\",\"times\":%d},".formatted(usage.reasoning());
      return """
      {"match":"%s","prompt_tokens":%d,"cached_tokens":%d,"image_tokens":%d,"used":{%s},
       "steps":[%s{"text":"a","times":%d}]}\
      """
          .formatted(
              name,
              usage.prompt(),
              usage.cached(),
              usage.image(),
              used,
              thought,
              usage.completion());
    }
  }

  /** One request. */
  private record Asked(String model, String text, boolean first, boolean stream) {}

  /**
   * A way to ask.
   *
   * @param tiers whether it knows a tier that is served first
   * @param send gives the id under which the request stands in the ledger
   */
  private record Dialect(String name, boolean tiers, Function<Asked, String> send) {}

  private static List<Dialect> dialects(JubalServer server) {
    String chat = "\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]";
    Channel channel = Rpc.channel(server.port(), server.key());
    return List.of(
        rest(server, "/v1/chat/completions", true, chat),
        rest(server, "/v1/responses", true, "\"max_output_tokens\":%d,\"input\":\"%s\""),
        rest(server, "/v1/messages", false, chat),
        rest(server, "/v1/completions", false, "\"max_tokens\":%d,\"prompt\":\"%s\""),
        rest(
            server,
            "/v1/complete",
            false,
            "\"max_tokens_to_sample\":%d,\"prompt\":\"\\n\\nHuman: %s\\n\\nAssistant:\""),
        new Dialect("Chat", true, asked -> said(ChatGrpc.newBlockingStub(channel), asked)),
        new Dialect("Sample", false, asked -> said(SampleGrpc.newBlockingStub(channel), asked)));
  }

  private static Dialect rest(JubalServer server, String path, boolean tiers, String rest) {
    return new Dialect(
        path,
        tiers,
        asked -> {
          String body =
              "{\"model\":\"%s\",\"stream\":%s%s,%s}"
                  .formatted(
                      asked.model,
                      asked.stream,
                      asked.first ? ",\"service_tier\":\"priority\"" : "",
                      rest.formatted(MOST, asked.text));
          try {
            HttpResponse<String> answer = server.http().post(path, body);
            assertEquals(200, answer.statusCode(), answer.body());
            return answer
                .headers()
                .firstValue("x-request-id")
                .or(() -> answer.headers().firstValue("request-id"))
                .orElseThrow();
          } catch (Exception e) {
            throw new AssertionError(path, e);
          }
        });
  }

  private static String said(ChatGrpc.ChatBlockingStub stub, Asked asked) {
    GetCompletionsRequest.Builder request =
        GetCompletionsRequest.newBuilder()
            .setModel(asked.model)
            .setMaxTokens(MOST)
            .addMessages(
                Message.newBuilder()
                    .setRole(MessageRole.ROLE_USER)
                    .addContent(Content.newBuilder().setText(asked.text)));
    if (asked.first) {
      request.setServiceTier(ServiceTier.SERVICE_TIER_PRIORITY);
    }
    if (!asked.stream) {
      return stub.getCompletion(request.build()).getId();
    }
    Iterator<GetChatCompletionChunk> chunks = stub.getCompletionChunk(request.build());
    String id = "";
    while (chunks.hasNext()) {
      id = chunks.next().getId();
    }
    return id;
  }

  private static String said(SampleGrpc.SampleBlockingStub stub, Asked asked) {
    SampleTextRequest request =
        SampleTextRequest.newBuilder()
            .setModel(asked.model)
            .setMaxTokens(MOST)
            .addPrompt(asked.text)
            .build();
    if (!asked.stream) {
      return stub.sampleText(request).getId();
    }
    Iterator<SampleTextResponse> pieces = stub.sampleTextStreaming(request);
    String id = "";
    while (pieces.hasNext()) {
      id = pieces.next().getId();
    }
    return id;
  }

  /** A price of its own for all that can have one, other figures for long prompts among it. */
  private static void priced(JubalServer server, Database database, Dialect dialect) {
    Price price =
        new Price(
            server.clock().instant().minusSeconds(1),
            new Price.Rate(101, 13, 997, 71, 31, 887),
            LONG_FROM,
            new Price.Rate(211, 29, 1999, 151, 67, 1777),
            "test",
            new Extras(
                7, Map.of("tool:web_search", 53L), OptionalLong.of(500), OptionalLong.of(2000)));
    new PriceStore(database, server.clock()).set("grok-4", price);
    LedgerReader ledger = new LedgerReader(database);
    Await.until(
        "the price is seen",
        () -> {
          String id = dialect.send.apply(new Asked("grok-4", "no case", false, false));
          return ledger.find(id).orElseThrow().price().from().equals(price.from());
        });
  }

  @Test
  void theSameUseCostsTheSameHoweverItIsAskedFor() {
    long seed = Long.getLong("jubal.seed", System.nanoTime());
    System.out.println("EqualCostTest seed " + seed + " on " + on);
    Random random = new Random(seed);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      cases.add(Case.random(i, random));
    }
    String answers =
        Stream.concat(
                cases.stream().map(Case::script), Stream.of("{\"steps\":[{\"text\":\"Hi\"}]}"))
            .collect(Collectors.joining(","));
    String script = "{\"local\":false,\"answers\":[" + answers + "]}";
    try (JubalServer server = JubalServer.scripted(on, script, "budget.refresh", "10ms");
        Database database = server.database()) {
      List<Dialect> dialects = dialects(server);
      priced(server, database, dialects.getFirst());
      LedgerReader ledger = new LedgerReader(database);
      for (Case one : cases) {
        String model = MODELS.get(random.nextInt(MODELS.size()));
        List<LedgerRow> plain = new ArrayList<>();
        List<LedgerRow> first = new ArrayList<>();
        for (Dialect dialect : dialects) {
          for (boolean stream : new boolean[] {false, true}) {
            String what = "seed " + seed + ", " + one + " by " + dialect.name + ", " + stream;
            Asked asked = new Asked(model, one.name, false, stream);
            plain.add(checked(ledger, dialect.send.apply(asked), one, what));
            if (dialect.tiers) {
              asked = new Asked(model, one.name, true, stream);
              first.add(checked(ledger, dialect.send.apply(asked), one, what + ", first"));
            }
          }
        }
        assertEquals(1, plain.stream().map(LedgerRow::price).distinct().count(), model);
        assertEquals(1, first.stream().map(LedgerRow::price).distinct().count(), model);
      }
      server.verified();
    }
  }

  private static LedgerRow checked(LedgerReader ledger, String id, Case one, String what) {
    LedgerRow row = ledger.find(id).orElseThrow(() -> new AssertionError("no row: " + what));
    Settlement settled = row.settled().orElseThrow().settlement();
    assertEquals(one.usage, settled.usage(), what);
    assertEquals(row.price().cost(one.usage), settled.costTicks(), what);
    assertTrue(settled.costTicks() > 0, what);
    return row;
  }
}
