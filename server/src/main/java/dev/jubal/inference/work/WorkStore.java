package dev.jubal.inference.work;

import dev.jubal.account.ledger.Companion;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.StoredJson;
import dev.jubal.inference.sight.Looked;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.jobs.Jobs;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.nodes.Nodes;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of work, sealed. What goes into a transaction of the ledger is sealed before it, since
 * sealing may write a key. Thread-safe.
 */
final class WorkStore implements AutoCloseable {
  private static final Duration COLLECTED_AGAIN = Duration.ofSeconds(60);
  private static final String UNQUEUED =
      "SELECT id FROM work w WHERE state = 'open' AND NOT EXISTS"
          + " (SELECT 1 FROM job j WHERE j.task_name = ? AND j.task_instance = w.id)";

  private final Database database;
  private final Vault vault;
  private final Nodes nodes;
  private final EventLog log;

  WorkStore(Database database, Vault vault, InstantSource now) {
    this.database = database;
    this.vault = vault;
    this.nodes = new Nodes(database, now);
    this.log = new EventLog(database);
  }

  /**
   * A row.
   *
   * @param attempts how many began and have not said how they ended
   * @param grace how long it goes on unfollowed
   * @param looked what was said of its pictures
   * @param stop whether it is to be stopped
   */
  record Stored(
      Work work,
      int attempts,
      Duration grace,
      Optional<Looked> looked,
      Optional<ApiException> error,
      boolean stop) {}

  /** An error as it is stored. */
  private record StoredError(String code, String text, @Nullable String param) {
    static StoredError of(ApiException e) {
      return new StoredError(e.code().name(), e.text(), e.param().orElse(null));
    }

    ApiException error() {
      return new ApiException(ErrorCode.valueOf(code), text, param, null, null);
    }
  }

  /** The client's name of a request and what it stands for, hashed. */
  record Named(String name, String body) {}

  /** The earlier work of a name. */
  record Earlier(String id, String body) {}

  /**
   * What writes a new row.
   *
   * @param looked kept when it is words; checked pictures are looked at again
   */
  Companion insert(Work work, Duration grace, Looked looked, Optional<Named> named) {
    Optional<byte[]> said =
        Optional.of(looked)
            .filter(l -> !l.eyes() && !l.parts().isEmpty())
            .map(l -> seal(work, "looked", StoredJson.ofRecord(l)));
    byte[] request = seal(work, "request", StoredJson.of(work.request()));
    byte[] shape = seal(work, "shape", work.shape());
    return s -> {
      s.update(
          "INSERT INTO work (id, kind, team_id, key_id, state, attempts, request, shape, looked,"
              + " grace_us, created_us, expires_us, node_id)"
              + " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)",
          work.id(),
          work.kind().label(),
          work.owner().teamId(),
          work.owner().keyId(),
          work.state().label(),
          request,
          shape,
          said,
          grace.toNanos() / 1000,
          work.created(),
          work.expires(),
          nodes.own());
      named.ifPresent(
          n -> {
            s.update(
                "DELETE FROM work_replay WHERE key_id = ? AND name_hash = ?",
                work.owner().keyId(),
                n.name());
            s.update(
                "INSERT INTO work_replay (key_id, name_hash, body_hash, work_id)"
                    + " VALUES (?, ?, ?, ?)",
                work.owner().keyId(),
                n.name(),
                n.body(),
                work.id());
          });
    };
  }

  Optional<Earlier> earlier(String keyId, String name, Instant now) {
    return database.read(
        s ->
            s.first(
                "SELECT r.work_id, r.body_hash FROM work_replay r JOIN work w ON w.id = r.work_id"
                    + " WHERE r.key_id = ? AND r.name_hash = ? AND w.expires_us > ?",
                row -> new Earlier(row.text("work_id"), row.text("body_hash")),
                keyId,
                name,
                now));
  }

  Optional<Stored> find(String id) {
    return database.read(s -> s.first("SELECT * FROM work WHERE id = ?", this::stored, id));
  }

  private Stored stored(Row row) throws SQLException {
    String id = row.text("id");
    Work.Owner owner = new Work.Owner(row.text("team_id"), row.text("key_id"));
    Work work =
        new Work(
            id,
            WorkKind.of(row.text("kind")),
            owner,
            Work.State.of(row.text("state")),
            StoredJson.request(open(owner, id, "request", row.bytes("request"))),
            open(owner, id, "shape", row.bytes("shape")),
            row.instant("created_us"),
            row.maybeInstant("ended_us"),
            row.instant("expires_us"));
    return new Stored(
        work,
        (int) row.whole("attempts"),
        Duration.of(row.whole("grace_us"), ChronoUnit.MICROS),
        row.maybeBytes("looked")
            .map(l -> StoredJson.record(open(owner, id, "looked", l), Looked.class)),
        failure(row, owner, id),
        row.maybeInstant("stop_us").isPresent());
  }

  private Optional<ApiException> failure(Row row, Work.Owner owner, String id) throws SQLException {
    return switch (Work.State.of(row.text("state"))) {
      case OPEN, DONE -> Optional.empty();
      case FAILED, CANCELLED ->
          Optional.of(error(open(owner, id, "outcome", row.bytes("outcome"))));
    };
  }

  /** Whether work is open, and the error that it ended with. */
  record Outcome(boolean open, Optional<ApiException> error) {}

  /** How work stands now, without all that it is; empty when it is forgotten. */
  Optional<Outcome> outcome(Work work) {
    return database.read(
        s ->
            s.first(
                "SELECT state, outcome FROM work WHERE id = ?",
                row ->
                    new Outcome(
                        Work.State.of(row.text("state")) == Work.State.OPEN,
                        failure(row, work.owner(), work.id())),
                work.id()));
  }

  private static ApiException error(byte[] stored) {
    return Json.mapper().readValue(stored, StoredError.class).error();
  }

  /** Counts an attempt that begins (1), or takes one back that ended without a fault (-1). */
  void attempt(String id, int by) {
    database.write(
        s ->
            s.update(
                "UPDATE work SET attempts = attempts + ?, node_id = ? WHERE id = ?",
                by,
                nodes.own(),
                id));
  }

  void append(Work work, int n, GenerationEvent event) {
    log.append(work.id(), n, seal(work, "event/" + n, StoredJson.of(event)));
  }

  List<GenerationEvent> events(Work work) {
    return events(work, 0);
  }

  /** Those from a number on. */
  List<GenerationEvent> events(Work work, int from) {
    return database.read(
        s ->
            s.list(
                "SELECT n, event FROM work_event WHERE work_id = ? AND n >= ? ORDER BY n",
                row ->
                    StoredJson.event(
                        open(
                            work.owner(),
                            work.id(),
                            "event/" + row.whole("n"),
                            row.bytes("event"))),
                work.id(),
                from));
  }

  /**
   * What writes the end.
   *
   * @param from number of the first of the events that are not stored yet
   */
  Companion end(
      Work work,
      Work.State state,
      Optional<ApiException> error,
      int from,
      List<GenerationEvent> events,
      Instant at) {
    Optional<byte[]> outcome = error.map(e -> seal(work, "outcome", Json.bytes(StoredError.of(e))));
    List<byte[]> sealed = new ArrayList<>();
    for (GenerationEvent event : events) {
      sealed.add(seal(work, "event/" + (from + sealed.size()), StoredJson.of(event)));
    }
    return s -> {
      for (int i = 0; i < sealed.size(); i++) {
        EventLog.insert(s, work.id(), from + i, sealed.get(i));
      }
      s.update(
          "UPDATE work SET state = ?, outcome = ?, ended_us = ? WHERE id = ?",
          state.label(),
          outcome,
          at,
          work.id());
    };
  }

  /** Ends work whose request was settled without it. */
  void endAlone(Work work, ApiException error, Instant at) {
    Companion end = end(work, Work.State.FAILED, Optional.of(error), 0, List.of(), at);
    database.write(
        s -> {
          end.write(s);
          return true;
        });
  }

  /**
   * Notes that an answer is given away.
   *
   * @return whether it may be: nobody had it before, or within the last minute
   */
  boolean collect(String id, Instant now) {
    return database.write(
        s -> {
          s.update(
              "UPDATE work SET collected_us = ? WHERE id = ? AND collected_us IS NULL", now, id);
          return s.first(
                  "SELECT collected_us FROM work WHERE id = ?",
                  row -> row.instant("collected_us"),
                  id)
              .filter(at -> now.isBefore(at.plus(COLLECTED_AGAIN)))
              .isPresent();
        });
  }

  /** Says that open work is to be stopped, to whichever node works on it. */
  void stop(String id) {
    database.write(
        s ->
            s.update(
                "UPDATE work SET stop_us = ? WHERE id = ? AND state = 'open' AND stop_us IS NULL",
                nodes.now(s),
                id));
  }

  /** Ids of what this node works on and should stop. */
  List<String> toStop() {
    return database.read(
        s ->
            s.list(
                "SELECT id FROM work WHERE state = 'open' AND stop_us IS NOT NULL AND node_id = ?",
                row -> row.text("id"),
                nodes.own()));
  }

  /** Takes work out of the queue; false where a node works on it, or it was not queued. */
  boolean take(String job, String id) {
    return database.write(s -> Jobs.take(s, DurableWork.QUEUE, job, id));
  }

  /** Notes that a client follows it from this node. */
  void followed(String id) {
    database.write(s -> s.update("UPDATE work SET followed_us = ? WHERE id = ?", nodes.now(s), id));
  }

  /** Whether a client followed it from another node within the last so much. */
  boolean followed(String id, Duration within) {
    return database.read(
        s ->
            s.first(
                    "SELECT id FROM work WHERE id = ? AND followed_us >= ?",
                    row -> row.text("id"),
                    id,
                    nodes.now(s) - within.toNanos() / 1000)
                .isPresent());
  }

  /** All that is open, not in the queue and not another living node's, oldest first. */
  List<String> unqueued(String job) {
    return database.read(
        s ->
            nodes.shared()
                ? s.list(
                    UNQUEUED
                        + " AND (w.node_id = ? OR w.node_id NOT IN ("
                        + Nodes.LIVING
                        + ")) ORDER BY created_us",
                    row -> row.text("id"),
                    job,
                    nodes.own(),
                    nodes.limit(s))
                : s.list(UNQUEUED + " ORDER BY created_us", row -> row.text("id"), job));
  }

  /** How much of a team waits or is worked on, without streams, whose clients wait. */
  long open(String teamId) {
    return database.read(
        s ->
            s.first(
                    "SELECT COUNT(*) AS n FROM work WHERE state = 'open' AND team_id = ?"
                        + " AND kind <> 'stream'",
                    row -> row.whole("n"),
                    teamId)
                .orElse(0L));
  }

  /** How much is open of all teams. */
  long open() {
    return database.read(
        s ->
            s.first("SELECT COUNT(*) AS n FROM work WHERE state = 'open'", row -> row.whole("n"))
                .orElse(0L));
  }

  /** Ids of what is open and should have been forgotten by now. */
  List<String> overdue(Instant now) {
    return database.read(
        s ->
            s.list(
                "SELECT id FROM work WHERE state = 'open' AND expires_us <= ?",
                row -> row.text("id"),
                now));
  }

  /** Forgets what has ended and expired. */
  int forget(Instant now) {
    return database.write(
        s -> s.update("DELETE FROM work WHERE state <> 'open' AND expires_us <= ?", now));
  }

  /** Enqueues what should run and is not in the queue. */
  void enqueue(String job, List<String> ids) {
    if (!ids.isEmpty()) {
      database.write(
          s -> {
            ids.forEach(id -> Jobs.enqueue(s, DurableWork.QUEUE, job, id));
            return ids.size();
          });
    }
  }

  @Override
  public void close() {
    log.close();
  }

  private byte[] seal(Work work, String what, byte[] clear) {
    return vault.seal(work.owner().teamId(), context(work.id(), what), clear);
  }

  private byte[] open(Work.Owner owner, String id, String what, byte[] sealed) {
    return vault.open(owner.teamId(), context(id, what), sealed);
  }

  private static String context(String id, String what) {
    return "work/" + id + "/" + what;
  }

  /** The hash of a text, as it is stored. */
  static String hash(byte[]... parts) {
    try {
      java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update((part.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(part);
      }
      return java.util.HexFormat.of().formatHex(digest.digest());
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
