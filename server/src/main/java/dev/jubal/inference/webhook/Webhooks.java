package dev.jubal.inference.webhook;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.webhook.Event;
import dev.jubal.account.webhook.SignedCalls;
import dev.jubal.account.webhook.WebhookSecrets;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.jobs.Jobs;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.net.PublicHttp;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls addresses when work has ended. The call is stored with the work's admission and becomes due
 * in the transaction of its settlement, so that it is made for each end and for nothing else, at
 * least once: the receiver tells repetitions by {@code webhook-id}. Thread-safe.
 */
public final class Webhooks {
  /** The name of the job. */
  public static final String JOB = "webhook";

  /** The queue that its entries stand in. */
  public static final String QUEUE = "webhook_job";

  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);

  private final Database database;
  private final Vault vault;
  private final InstantSource now;
  private final ServerMetrics metrics;
  private final SignedCalls calls;

  public Webhooks(
      Database database, Vault vault, InstantSource now, PublicHttp http, ServerMetrics metrics) {
    this.database = database;
    this.vault = vault;
    this.now = now;
    this.metrics = metrics;
    this.calls = new SignedCalls(new WebhookSecrets(database, vault, now), http, now);
  }

  /** A call that is due. */
  private record Call(String team, byte[] url, String event, Instant happened, int attempts) {
    static Call of(Row row) throws SQLException {
      return new Call(
          row.text("team_id"),
          row.bytes("url"),
          row.text("event"),
          row.instant("happened_us"),
          (int) row.whole("attempts"));
    }
  }

  /**
   * Looks at what a caller asks for, and returns what stores it with the admission.
   *
   * @param field what the address came in, for errors
   * @throws ApiException 403 when its team may not, 400 when it has no secret or the address may
   *     not be called
   */
  public Companion ask(Principal caller, String workId, String url, String field) {
    if (!caller.terms().webhooks()) {
      throw ApiException.of(
          ErrorCode.PERMISSION_DENIED,
          field,
          field
              + ": webhooks are off for this team (expected: the operator turned them on with:"
              + " jubal team set TEAM --webhooks true).");
    }
    calls.check(caller.teamId(), url, field);
    byte[] sealed =
        vault.seal(caller.teamId(), context(workId), url.getBytes(StandardCharsets.UTF_8));
    return s ->
        s.update(
            "INSERT INTO webhook_call (work_id, team_id, url, attempts) VALUES (?, ?, ?, 0)",
            workId,
            caller.teamId(),
            sealed);
  }

  /** What makes the call of some work due, if there is one, with its settlement. */
  public Companion ended(String workId, String event) {
    Instant at = now.instant();
    return s -> {
      int found =
          s.update(
              "UPDATE webhook_call SET event = ?, happened_us = ? WHERE work_id = ?",
              event,
              at,
              workId);
      if (found > 0) {
        Jobs.enqueue(s, QUEUE, JOB, workId);
      }
    };
  }

  /** The job: calls, and says when to call again. */
  public Optional<Duration> run(String workId) {
    Optional<Call> found =
        database.read(
            s ->
                s.first(
                    "SELECT * FROM webhook_call WHERE work_id = ? AND event IS NOT NULL",
                    Call::of,
                    workId));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Call call = found.get();
    SignedCalls.Outcome outcome = call(workId, call);
    metrics.add(
        "jubal.webhook.calls", "Calls of clients' addresses.", 1, "outcome", outcome.text());
    Optional<Duration> again =
        outcome == SignedCalls.Outcome.FAILED
            ? SignedCalls.pause(call.attempts() + 1)
            : Optional.empty();
    database.write(
        s ->
            again.isEmpty()
                ? s.update("DELETE FROM webhook_call WHERE work_id = ?", workId)
                : s.update(
                    "UPDATE webhook_call SET attempts = attempts + 1 WHERE work_id = ?", workId));
    if (again.isEmpty() && outcome == SignedCalls.Outcome.FAILED) {
      log.warn("the webhook of {} was called {} times in vain", workId, call.attempts() + 1);
    }
    return again;
  }

  private SignedCalls.Outcome call(String workId, Call call) {
    String id = "evt_" + workId;
    // the answer itself is fetched by its id
    byte[] body = Event.json(id, call.event(), call.happened(), Map.of("id", workId));
    String url =
        new String(vault.open(call.team(), context(workId), call.url()), StandardCharsets.UTF_8);
    SignedCalls.Result result = calls.call(call.team(), url, id, body);
    if (result.outcome() == SignedCalls.Outcome.FAILED) {
      log.info("the webhook of {} failed: {}", workId, result.detail());
    }
    return result.outcome();
  }

  private static String context(String workId) {
    return "webhook/" + workId;
  }
}
