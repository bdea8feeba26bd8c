package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerCheck;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.Clients;
import dev.jubal.testing.Http;
import dev.jubal.testing.MasterKey;
import dev.jubal.testing.Postgres;
import dev.jubal.testing.ServerProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers on one PostgreSQL under load until a budget is used up; each of them and the database
 * are killed meanwhile.
 */
class NodesUnderFireTest {
  private static final int CLIENTS = 6;
  private static final int TOKENS = 10;
  private static final long COST = 7 * 30_000 + TOKENS * 150_000; // of grok-4
  private static final long BUDGET = 700 * COST;
  private static final long A_MINUTE = 400;
  private static final Duration LONG = Duration.ofSeconds(100);
  private static final String SCRIPT =
      "{\"answers\":[{\"prompt_tokens\":7,\"steps\":[{\"text\":\"x\",\"times\":"
          + TOKENS
          + ",\"every_ms\":3}]}]}";
  private static final String BODY =
      "{\"model\":\"grok-4\",\"max_tokens\":"
          + TOKENS
          + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @TempDir private Path folder = Path.of("");
  private final Set<String> complete = ConcurrentHashMap.newKeySet();
  private final AtomicInteger limited = new AtomicInteger();
  private final AtomicInteger unavailable = new AtomicInteger();

  /** A server that is started again after it was killed. */
  private final class Node {
    final String name;
    final DatabaseConfig config;
    final AtomicReference<Optional<Http>> http = new AtomicReference<>(Optional.empty());
    final AtomicInteger answered = new AtomicInteger();
    final AtomicInteger outOfBudget = new AtomicInteger();
    String secret = "";
    ServerProcess process;

    Node(String name, DatabaseConfig config) throws IOException {
      this.name = name;
      this.config = config;
      this.process = launched();
    }

    private ServerProcess launched() throws IOException {
      return ServerProcess.start(
          folder.resolve(name),
          config,
          "--models.script=" + folder.resolve("script.json"),
          "--crypto.master-key-file=" + folder.resolve("master.key"));
    }

    void open(String key) {
      secret = key;
      http.set(Optional.of(new Http(process.port(), key)));
    }

    /** Answers, and refusals since the budget is used up, as may be by then. */
    int heard() {
      return answered.get() + outOfBudget.get();
    }

    void killAndRestart(Clients clients) throws Exception {
      int before = heard();
      process.kill();
      http.set(Optional.empty());
      process = launched();
      open(secret);
      clients.until(LONG, "answers of " + name + " after its kill", () -> heard() > before + 10);
    }
  }

  @Test
  void nothingIsLostBilledTwiceOrSpentBeyondABudget() throws Exception {
    Files.writeString(folder.resolve("script.json"), SCRIPT);
    MasterKey.in(folder);
    try (Postgres postgres = Postgres.start()) {
      DatabaseConfig given = postgres.empty();
      DatabaseConfig config =
          new DatabaseConfig(
              given.url(), given.user(), given.password(), 6, Duration.ofSeconds(10));
      Node a = new Node("a", config);
      Node b = new Node("b", config);
      try (Database database = Database.open(folder.resolve("look"), config)) {
        String secret = prepared(database);
        a.open(secret);
        b.open(secret);
        fire(postgres, a, b);
        check(database);
      } finally {
        a.process.close();
        b.process.close();
      }
    }
  }

  private static String prepared(Database database) {
    InstantSource now = InstantSource.system();
    String team = new TeamStore(database).named("default").id();
    new BudgetStore(database, now)
        .set(new BudgetStore.Wanted(team, Budget.Scope.TEAM, team, Window.TOTAL, true, BUDGET));
    new LimitStore(database)
        .set(
            LimitStore.Owner.team(team),
            new Rule(Scope.TEAM, "*", Quota.REQUESTS_PER_MINUTE, A_MINUTE));
    return new KeyStore(database, now).create("load", Acls.ALL, Optional.empty()).secret().reveal();
  }

  private void fire(Postgres postgres, Node a, Node b) throws Exception {
    Clients clients = Clients.start(2 * CLIENTS, n -> asked(n % 2 == 0 ? a : b));
    clients.until(LONG, "answers of both", () -> a.answered.get() > 20 && b.answered.get() > 20);
    a.killAndRestart(clients);
    int refused = unavailable.get();
    postgres.kill();
    clients.until(
        LONG, "both refuse without a database", () -> unavailable.get() > refused + CLIENTS);
    postgres.restart();
    int after = complete.size();
    clients.until(LONG, "answers after the outage", () -> complete.size() > after + 20);
    b.killAndRestart(clients);
    clients.until(
        LONG, "the budget is used up", () -> a.outOfBudget.get() > 5 && b.outOfBudget.get() > 5);
    clients.until(
        LONG, "it stays used up", () -> a.outOfBudget.get() > 100 && b.outOfBudget.get() > 100);
    clients.end();
  }

  private boolean asked(Node node) throws InterruptedException {
    Optional<Http> http = node.http.get();
    if (http.isEmpty()) {
      LockSupport.parkNanos(20_000_000);
      return true;
    }
    try {
      count(node, http.get().post("/v1/chat/completions", BODY));
    } catch (IOException killed) {
      LockSupport.parkNanos(20_000_000);
    }
    return true;
  }

  private void count(Node node, HttpResponse<String> r) {
    if (r.statusCode() == 200) {
      complete.add(r.headers().firstValue("x-request-id").orElseThrow());
      node.answered.incrementAndGet();
      return;
    }
    if (r.statusCode() == 429 && r.body().contains("insufficient_quota")) {
      node.outOfBudget.incrementAndGet();
    } else if (r.statusCode() == 429) {
      limited.incrementAndGet();
    } else {
      assertEquals(503, r.statusCode(), r.body());
      unavailable.incrementAndGet();
    }
    LockSupport.parkNanos(10_000_000);
  }

  private void check(Database database) {
    LedgerReader reader = new LedgerReader(database);
    Instant end = Instant.now().plusSeconds(60);
    Await.until(LONG, "nothing stays open", () -> reader.sums(Instant.EPOCH, end).open() == 0);
    for (String id : complete) {
      LedgerRow row = reader.find(id).orElseThrow(() -> new AssertionError("no row of " + id));
      LedgerRow.Settled settled = row.settled().orElseThrow();
      assertFalse(settled.recovered(), id);
      assertEquals(COST, settled.settlement().costTicks(), id);
    }
    assertEquals(
        0, new LedgerCheck(database).run().stream().mapToLong(LedgerCheck.Finding::wrong).sum());
    var sums = reader.sums(Instant.EPOCH, end);
    long over = Math.max(0, sums.costTicks() - BUDGET);
    // a request is admitted within a second of the moment at which it counts
    long inAMinute = mostWithin(reader, end, Duration.ofSeconds(58));
    System.out.println(
        "two nodes, each killed once, and the database: "
            + complete.size()
            + " complete answers, none lost, "
            + sums.admitted()
            + " admitted, "
            + sums.recovered()
            + " recovered, "
            + limited
            + " limited, "
            + unavailable
            + " without a database; spent "
            + sums.costTicks()
            + " of "
            + BUDGET
            + " ticks, over by "
            + over
            + "; at most "
            + inAMinute
            + " of "
            + A_MINUTE
            + " requests in a minute");
    assertEquals(0, over);
    assertTrue(limited.get() > 0, "the limit was met");
    assertTrue(inAMinute <= A_MINUTE + A_MINUTE / 100, inAMinute + " in a minute");
  }

  private static long mostWithin(LedgerReader reader, Instant end, Duration window) {
    List<LedgerRow> rows = reader.between(Instant.EPOCH, end, 1_000_000);
    int most = 0;
    int from = 0;
    for (int i = 0; i < rows.size(); i++) {
      while (!rows.get(from).admitted().plus(window).isAfter(rows.get(i).admitted())) {
        from++;
      }
      most = Math.max(most, i - from + 1);
    }
    return most;
  }
}
