package dev.jubal.account.alert;

import dev.jubal.account.alert.AlertSender.Medium;
import dev.jubal.account.keys.Team;
import dev.jubal.account.webhook.SignedCalls;
import dev.jubal.account.webhook.SignedCalls.Outcome;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.jobs.Jobs;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody of an alert, each for himself, until it arrives or was tried often enough. At
 * least once: receivers tell repetitions by the id. Thread-safe.
 */
public final class AlertDelivery {
  /** The name of the job. */
  public static final String JOB = "alert";

  /** The queue that its entries stand in. */
  public static final String QUEUE = "alert_job";

  private static final Logger log = LoggerFactory.getLogger(AlertDelivery.class);
  private static final String LOST = "lost";
  private static final int MOST_TESTS = 10;
  private static final Duration TESTS = Duration.ofMinutes(1);

  private final Database database;
  private final Vault vault;
  private final InstantSource now;
  private final AlertSender sender;
  private final ServerMetrics metrics;
  private volatile Runnable wake = () -> {};

  public AlertDelivery(
      Database database,
      Vault vault,
      InstantSource now,
      AlertSender sender,
      ServerMetrics metrics) {
    this.database = database;
    this.vault = vault;
    this.now = now;
    this.sender = sender;
    this.metrics = metrics;
  }

  /** The queue that works on what is enqueued; of the server alone. */
  public Jobs queue(int workers) {
    Jobs jobs = new Jobs(database, now, QUEUE, workers, Map.of(JOB, this::run));
    wake = jobs::wake;
    return jobs;
  }

  void wake() {
    wake.run();
  }

  /** Writes who is told; it begins once the transaction is committed. */
  void enqueue(Session s, Alert alert, List<Send> sends) {
    insert(s, alert);
    for (Send send : sends) {
      insert(s, alert, send);
      Jobs.enqueue(s, QUEUE, JOB, send.id);
    }
  }

  /**
   * Somebody to tell.
   *
   * @param sealed the destination as it is stored
   */
  record Send(String id, Medium medium, String destination, byte[] sealed) {}

  /**
   * Those to tell. Comes before the transaction that writes them, as sealing may need one of its
   * own for the team's data key.
   */
  List<Send> sends(String team, AlertRule.Destinations to) {
    List<Send> all = new ArrayList<>();
    to.url().ifPresent(url -> all.add(send(team, Medium.WEBHOOK, url)));
    to.emails().forEach(email -> all.add(send(team, Medium.EMAIL, email)));
    return all;
  }

  private Send send(String team, Medium medium, String destination) {
    String id = UUID.randomUUID().toString();
    byte[] sealed = vault.seal(team, context(id), destination.getBytes(StandardCharsets.UTF_8));
    return new Send(id, medium, destination, sealed);
  }

  private static void insert(Session s, Alert alert) {
    s.update(
        "INSERT INTO alert_event (id, team_id, rule_id, test, told, created_us)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        alert.id(),
        alert.teamId(),
        alert.ruleId(),
        alert.test(),
        Json.string(alert),
        alert.since());
  }

  private static void insert(Session s, Alert alert, Send send) {
    s.update(
        "INSERT INTO alert_delivery (id, alert_id, team_id, medium, destination, attempts, outcome,"
            + " detail) VALUES (?, ?, ?, ?, ?, 0, NULL, '')",
        send.id,
        alert.id(),
        alert.teamId(),
        send.medium.text(),
        send.sealed);
  }

  /** A delivery as it is stored. */
  private record Stored(Alert alert, Medium medium, byte[] destination, int attempts) {
    static Stored of(Row row) throws SQLException {
      return new Stored(
          AlertStore.alert(row.text("told")),
          Medium.valueOf(row.text("medium").toUpperCase(Locale.ROOT)),
          row.bytes("destination"),
          (int) row.whole("attempts"));
    }
  }

  /** The job: tells, and says when to try again. */
  Optional<Duration> run(String id) {
    Optional<Stored> found =
        database.read(
            s ->
                s.first(
                    "SELECT d.*, e.told FROM alert_delivery d JOIN alert_event e"
                        + " ON e.id = d.alert_id WHERE d.id = ? AND d.outcome IS NULL",
                    Stored::of,
                    id));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Stored d = found.get();
    String destination =
        new String(
            vault.open(d.alert.teamId(), context(id), d.destination), StandardCharsets.UTF_8);
    SignedCalls.Result result = told(d.medium, destination, d.alert);
    Optional<Duration> again =
        result.outcome() == Outcome.DELIVERED || result.outcome() == Outcome.GONE
            ? Optional.empty()
            : SignedCalls.pause(d.attempts + 1);
    write(id, result, again);
    if (again.isEmpty() && result.outcome() != Outcome.DELIVERED) {
      log.error(
          "the alert {} of team {} was lost by {}: {}",
          d.alert.id(),
          d.alert.teamId(),
          d.medium.text(),
          result.detail());
      metrics.add("jubal.alerts.lost", "Deliveries given up.", 1, "medium", d.medium.text());
    }
    return again;
  }

  private void write(String id, SignedCalls.Result result, Optional<Duration> again) {
    Optional<String> outcome =
        again.isPresent()
            ? Optional.empty()
            : Optional.of(result.outcome() == Outcome.FAILED ? LOST : result.outcome().text());
    var _ =
        database.write(
            s ->
                s.update(
                    "UPDATE alert_delivery SET attempts = attempts + 1, outcome = ?, detail = ?"
                        + " WHERE id = ?",
                    outcome,
                    result.detail(),
                    id));
  }

  private SignedCalls.Result told(Medium medium, String destination, Alert alert) {
    SignedCalls.Result result = sender.send(medium, destination, alert);
    boolean delivered = result.outcome() == Outcome.DELIVERED;
    metrics.add(
        delivered ? "jubal.alerts.delivered" : "jubal.alerts.failed",
        delivered ? "Alerts that arrived." : "Tries to deliver an alert that failed.",
        1,
        "medium",
        medium.text());
    if (!delivered) {
      log.warn("the alert {} did not arrive by {}: {}", alert.id(), medium.text(), result.detail());
    }
    return result;
  }

  /**
   * Presses the button: tells everybody of a rule now, once, and says how it went.
   *
   * @throws ApiException 429 after ten tests of the team within a minute
   */
  public AlertStore.Told test(Team team, AlertRule rule) {
    AlertRule.Terms terms = rule.terms();
    Alert alert =
        new Alert(
            UUID.randomUUID().toString(),
            team.id(),
            team.name(),
            rule.id(),
            terms.kind().text(),
            "Test of the rule about " + terms.kind().text(),
            "none: this is a test",
            AlertRule.number(terms.thresholds().getFirst()) + " " + terms.kind().unit(),
            "",
            now.instant(),
            "Nothing: this only shows that alerts arrive.",
            true);
    List<Send> sends = sends(team.id(), rule.to());
    var _ =
        database.write(
            s -> {
              checkTests(s, team.id(), alert.since());
              insert(s, alert);
              sends.forEach(send -> insert(s, alert, send));
              return true;
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<AlertStore.Delivery>> all =
          sends.stream()
              .map(send -> CompletableFuture.supplyAsync(() -> tested(send, alert), threads))
              .toList();
      return new AlertStore.Told(
          alert, alert.since(), all.stream().map(CompletableFuture::join).toList());
    }
  }

  private AlertStore.Delivery tested(Send send, Alert alert) {
    SignedCalls.Result result = told(send.medium, send.destination, alert);
    write(send.id, result, Optional.empty());
    return new AlertStore.Delivery(
        send.medium.text(), 1, Optional.of(result.outcome().text()), result.detail());
  }

  private static void checkTests(Session s, String team, Instant at) {
    long tests =
        s.first(
                "SELECT COUNT(*) AS n FROM alert_event WHERE team_id = ? AND created_us > ?"
                    + " AND created_us <= ? AND test = ?",
                row -> row.whole("n"),
                team,
                at.minus(TESTS),
                at,
                true)
            .orElse(0L);
    if (tests >= MOST_TESTS) {
      throw ApiException.retry(
          ErrorCode.RATE_LIMIT_EXCEEDED,
          "The team tested its alerts "
              + tests
              + " times within a minute (expected: fewer than "
              + MOST_TESTS
              + ").",
          TESTS);
    }
  }

  private static String context(String id) {
    return "alert/delivery/" + id;
  }
}
