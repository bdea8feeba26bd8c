package dev.jubal.account.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Extras;
import dev.jubal.account.ledger.LedgerCheck;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Service;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Prices as rows, what is settled by them, and what is made of it afterwards. */
@ParameterizedClass
@EnumSource(Stores.class)
final class PriceRowsTest {
  private static final List<Service> SERVICES = List.of(Service.values());
  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
  private static final Price PRICE =
      new Price(
          START.minusSeconds(60),
          new Price.Rate(100, 10, 1000, 70, 30, 900),
          1000,
          new Price.Rate(200, 20, 2000),
          "contract",
          new Extras(
              5,
              Map.of("media:image", 200L, "tool:web_search", 50L),
              OptionalLong.of(800),
              OptionalLong.of(1500)));
  private static final Usage SEARCHED =
      new Usage(100, 20, 40, 3, 2, Map.of(Usage.AUDIO, 10L, "tool:web_search", 2L));

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(START);
  private Database database;
  private SqlLedger ledger;
  private PriceStore prices;
  private Principal who;
  private int requests;

  @BeforeEach
  void open() {
    database = on.open(folder);
    new KeyStore(database, clock).firstStart();
    ledger = SqlLedger.open(database, LedgerConfig.STANDARD, clock);
    prices = new PriceStore(database, clock);
    String team = new TeamStore(database).named("default").id();
    who = new Principal("key", "ci", "xai-...test", "user", team, List.of());
  }

  @AfterEach
  void close() {
    ledger.close();
    database.close();
  }

  private String settle(Price price, Usage used) {
    String id = "r" + ++requests;
    Admission a =
        new Admission(
            id, Optional.empty(), who, "chat", "m", "m", "scripted", price, false, clock.instant());
    ledger.admit(a);
    ledger.settle(
        a,
        new Settlement(
            used,
            price.cost(used),
            0,
            true,
            Duration.ofMillis(1),
            Optional.empty(),
            Optional.empty(),
            200,
            Optional.empty()));
    return id;
  }

  private long wrong() {
    return new LedgerCheck(database).run().stream().mapToLong(LedgerCheck.Finding::wrong).sum();
  }

  private Repricing.Outcome reprice(boolean dry) {
    return new Repricing(database, clock)
        .run(
            new Repricing.Order(
                "m",
                START.minusSeconds(3600),
                START.plusSeconds(3600),
                List.of(Price.FREE),
                List.of(),
                "wrong",
                dry));
  }

  @Test
  void aPriceComesBackWhole() {
    prices.set("m", PRICE);
    assertEquals(List.of(PRICE), prices.all().get("m"));
    Price plain = new Price(START, new Price.Rate(1, 2, 3), 0, Price.Rate.FREE, "list");
    prices.set("m", plain);
    assertEquals(List.of(PRICE, plain), prices.all().get("m"));
  }

  @Test
  void theLedgerHasAllCategoriesAndProvesThem() {
    String id = settle(PRICE.as(Service.PRIORITY), SEARCHED);
    var row = new LedgerReader(database).find(id).orElseThrow();
    assertEquals(PRICE.as(Service.PRIORITY), row.price());
    assertEquals(SEARCHED, row.settled().orElseThrow().settlement().usage());
    assertEquals(0, wrong());
    database.write(
        s ->
            s.update(
                "UPDATE ledger_settlement SET used_more = ? WHERE request_id = ?",
                "{\"units\":{\"audio\":10,\"tool:web_search\":3}}",
                id));
    assertEquals(1, wrong(), "one call more than was paid");
  }

  @Test
  void aWrongPriceIsCorrectedInEachCategoryAndForEachService() {
    long seed = System.nanoTime();
    System.out.println("PriceRowsTest seed " + seed);
    Random random = new Random(seed);
    Price twice =
        new Price(
            PRICE.from(),
            PRICE.rate().twice(),
            PRICE.longThreshold(),
            PRICE.longRate().twice(),
            "the right one",
            new Extras(
                10,
                Map.of("media:image", 400L, "tool:web_search", 100L),
                PRICE.extras().batch(),
                PRICE.extras().priority()));
    prices.set("m", PRICE);
    List<Long> old = new ArrayList<>();
    long fresh = 0;
    for (int i = 0; i < 40; i++) {
      Service service = SERVICES.get(random.nextInt(3));
      int prompt = random.nextInt(2000);
      Usage used =
          new Usage(
              prompt,
              random.nextInt(prompt + 1),
              random.nextInt(prompt + 1),
              random.nextInt(50),
              random.nextInt(50),
              random.nextBoolean() ? Map.of() : Map.of("tool:web_search", 1L + i));
      settle(PRICE.as(service), used);
      old.add(PRICE.as(service).cost(used));
      fresh += twice.as(service).cost(used);
    }
    assertEquals(0, reprice(false).changed(), "nothing was wrong yet");
    prices.set("m", twice);
    Repricing.Outcome done = reprice(false);
    assertEquals(old.stream().mapToLong(Long::longValue).sum(), done.before());
    assertEquals(fresh, done.after());
    assertEquals(0, reprice(false).changed(), "the second time there is nothing to do");
    assertEquals(0, wrong());
  }

  @Test
  void twoCorrectionsAtOnceCorrectOnce() throws Exception {
    prices.set("m", PRICE);
    for (int i = 0; i < 60; i++) {
      settle(PRICE, Usage.of(100 + i, 0, 10));
    }
    prices.set("m", PRICE.share(2_000_000, "the right one"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Repricing.Outcome> one = threads.submit(() -> reprice(false));
      Future<Repricing.Outcome> two = threads.submit(() -> reprice(false));
      assertEquals(60, one.get().changed() + two.get().changed());
    }
    assertEquals(0, reprice(true).changed(), "each costs what it should");
    assertEquals(0, wrong());
  }

  @Test
  void theShareOfAPlanHoldsForAPriceThatWasNotKnown() {
    PriceTable table =
        new PriceTable(
            database,
            new PriceConfig(PriceConfig.Unknown.FLAG),
            (w, at) -> 800_000,
            List.of(),
            () -> {});
    Price unknown =
        new Price(START.minusSeconds(60), Price.Rate.FREE, 0, Price.Rate.FREE, Price.UNKNOWN);
    Price flagged = table.price(who, "m", List.of(unknown), START);
    assertFalse(flagged.known());
    settle(flagged, Usage.of(100, 0, 10));
    assertEquals(
        1,
        new LedgerCheck(database)
            .run().stream()
                .filter(f -> f.what().contains("nobody knows"))
                .mapToLong(LedgerCheck.Finding::rows)
                .sum());
    prices.set(
        "m",
        new Price(
            START.minusSeconds(60), new Price.Rate(10, 10, 100), 0, Price.Rate.FREE, "found"));
    assertEquals((100 * 10 + 10 * 100) * 8 / 10, reprice(false).after());
    assertEquals(0, wrong());
  }

  @Test
  void nothingIsCorrectedToWhatNobodyKnows() {
    settle(PRICE.as(Service.PRIORITY), SEARCHED);
    Price unknown = new Price(PRICE.from(), Price.Rate.FREE, 0, Price.Rate.FREE, Price.UNKNOWN);
    prices.set("m", unknown);
    assertTrue(refused().contains("is not known"), refused());
    prices.set("m", new Price(PRICE.from(), PRICE.rate(), 0, Price.Rate.FREE, "without tools"));
    assertTrue(refused().contains("tool:web_search") || refused().contains("priority"), refused());
    assertEquals(0, wrong());
  }

  private String refused() {
    return assertThrows(ApiException.class, () -> reprice(false)).text();
  }

  @Test
  void toolsCostWhatTheirOwnRowSaysWithEveryName() {
    Price tools =
        new Price(
            START.minusSeconds(60),
            Price.Rate.FREE,
            0,
            Price.Rate.FREE,
            "list",
            new Extras(
                0, Map.of("tool:web_search", 70L), OptionalLong.empty(), OptionalLong.empty()));
    PriceTable table =
        new PriceTable(
            database, PriceConfig.STANDARD, (w, at) -> 500_000, List.of(tools), () -> {});
    Price list =
        new Price(START.minusSeconds(60), new Price.Rate(2, 2, 4), 0, Price.Rate.FREE, "l");
    Price half = table.price(who, "m", List.of(list), START);
    assertEquals(1, half.rate().prompt());
    assertEquals(35, table.withTools(half, who, START).extras().units().get("tool:web_search"));
    Price dearer =
        new Price(
            START,
            Price.Rate.FREE,
            0,
            Price.Rate.FREE,
            "contract",
            new Extras(
                0, Map.of("tool:web_search", 100L), OptionalLong.empty(), OptionalLong.empty()));
    prices.set(PriceTable.TOOLS, dearer);
    table.refresh();
    assertEquals(50, table.withTools(half, who, START).extras().units().get("tool:web_search"));
    assertEquals(
        35,
        table.withTools(half, who, START.minusSeconds(1)).extras().units().get("tool:web_search"),
        "what held before holds for what was before");
  }
}
