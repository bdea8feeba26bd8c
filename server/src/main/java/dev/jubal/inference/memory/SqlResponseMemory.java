package dev.jubal.inference.memory;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.inference.StoredJson;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responses in the data folder's database, each sealed for its team.
 *
 * <p>A response holds only what it was given itself; what it continues is read along with it. So a
 * conversation takes the room of its length, not of its square, and a deleted response is gone from
 * those that continued it too: they can be read, but not continued.
 */
public final class SqlResponseMemory implements ResponseMemory {
  private static final Logger log = LoggerFactory.getLogger(SqlResponseMemory.class);
  private static final int SWEPT_AT_ONCE = 200;
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  private final Database database;
  private final Vault vault;
  private final MemoryConfig config;
  private final InstantSource now;
  private final LongAdder stored = new LongAdder();
  private final LongAdder deleted = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder refused = new LongAdder();

  public SqlResponseMemory(Database database, Vault vault, MemoryConfig config, InstantSource now) {
    this.database = database;
    this.vault = vault;
    this.config = config;
    this.now = now;
  }

  /** What is sealed. */
  private record Sealed(
      String id,
      Optional<String> previousId,
      StoredResponse.Status status,
      StoredResponse.Content content) {}

  private record Line(
      String id, String teamId, Optional<String> previousId, byte[] content, Instant created) {
    static Line of(Row row) throws SQLException {
      return new Line(
          row.text("id"),
          row.text("team_id"),
          row.maybeText("previous_id"),
          row.bytes("content"),
          row.instant("created_us"));
    }
  }

  @Override
  public boolean stores(Principal caller) {
    if (caller.terms().zeroRetention()) {
      return false;
    }
    refuseBeyond(asked(() -> database.read(s -> StoredAmount.of(s, caller.teamId()))));
    // the first time makes the team's data key, which no settlement should wait for
    var _ = sealed(caller.teamId(), "response", new byte[0]);
    return true;
  }

  /** Nothing is deleted before its time to make room: who stored it may count on it. */
  private void refuseBeyond(StoredAmount has) {
    if (has.responses() < config.teamResponses() && has.bytes() < config.teamBytes()) {
      return;
    }
    refused.increment();
    throw ApiException.of(
        ErrorCode.INVALID_VALUE,
        "store",
        "store: the team has "
            + has.responses()
            + " stored responses of "
            + has.bytes()
            + " bytes (expected: fewer than "
            + config.teamResponses()
            + " and than "
            + config.teamBytes()
            + " bytes; DELETE /v1/responses/{id} makes room, and store: false needs none).");
  }

  private byte[] sealed(String teamId, String context, byte[] clear) {
    try {
      return asked(() -> vault.seal(teamId, context, clear));
    } catch (Vault.Sealed e) {
      log.error("nothing can be stored: {}", e.getMessage());
      throw new ApiException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "Responses cannot be stored: the team's data key cannot be opened, and the log says why"
              + " (expected: the master key under which it was made, or store: false).",
          "store",
          null,
          e);
    }
  }

  /** In the words of the API, what a database that fails means. */
  private static <T> T asked(Supplier<T> work) {
    try {
      return work.get();
    } catch (DatabaseException e) {
      log.error("stored responses: {}", e.getMessage());
      throw ApiException.unavailable("Stored responses cannot be read or written now.", e);
    }
  }

  @Override
  public Companion keeping(Principal caller, StoredResponse response) {
    if (caller.terms().zeroRetention()) {
      return Companion.NONE;
    }
    StoredResponse.Content content =
        caller.terms().keepsPictures() ? response.content() : withoutPictures(response.content());
    byte[] sealed =
        sealed(
            response.teamId(),
            context(response.id()),
            StoredJson.ofRecord(
                new Sealed(response.id(), response.previousId(), response.status(), content)));
    stored.increment();
    return session -> write(session, response, sealed);
  }

  private static StoredResponse.Content withoutPictures(StoredResponse.Content content) {
    return content.with(
        KeptPictures.withoutData(content.input()), KeptPictures.withoutData(content.output()));
  }

  private static String context(String id) {
    return "response/" + id;
  }

  private void write(Session s, StoredResponse r, byte[] content) {
    new StoredAmount(1, content.length)
        .minus(StoredAmount.response(s, r.teamId(), r.id()))
        .add(s, r.teamId());
    Instant expires = r.created().plus(config.retention());
    String thread =
        r.previousId()
            .flatMap(
                previous ->
                    s.first(
                        "SELECT thread_id FROM stored_response WHERE id = ? AND team_id = ?",
                        row -> row.text("thread_id"),
                        previous,
                        r.teamId()))
            .orElse(r.id());
    s.update(
        "INSERT INTO stored_thread (id, kept_until_us) VALUES (?, ?) ON CONFLICT (id) DO UPDATE"
            + " SET kept_until_us = excluded.kept_until_us"
            + " WHERE stored_thread.kept_until_us < excluded.kept_until_us",
        thread,
        expires);
    s.update(
        "INSERT INTO stored_response (id, team_id, thread_id, previous_id, status, version,"
            + " content, created_us, expires_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET status = excluded.status,"
            + " version = excluded.version, content = excluded.content",
        r.id(),
        r.teamId(),
        thread,
        r.previousId(),
        r.status().text(),
        StoredJson.VERSION,
        content,
        r.created(),
        expires);
  }

  @Override
  public void put(Principal caller, StoredResponse response) {
    Companion writing = keeping(caller, response);
    asked(
        () ->
            database.write(
                session -> {
                  writing.write(session);
                  return true;
                }));
  }

  @Override
  public Optional<StoredResponse> find(String teamId, String id) {
    return asked(() -> database.read(s -> alive(s, teamId, id))).map(this::opened);
  }

  private Optional<Line> alive(Session s, String teamId, String id) {
    return s.first(
        "SELECT * FROM stored_response WHERE id = ? AND team_id = ? AND expires_us > ?",
        Line::of,
        id,
        teamId,
        now.instant());
  }

  private StoredResponse opened(Line line) {
    try {
      Sealed sealed =
          StoredJson.record(vault.open(line.teamId, context(line.id), line.content), Sealed.class);
      if (!sealed.previousId.equals(line.previousId)) {
        throw new Vault.Sealed("it was said to continue another", null);
      }
      return new StoredResponse(
          line.id, line.teamId, sealed.previousId, sealed.status, line.created, sealed.content);
    } catch (Vault.Sealed e) {
      log.error("the stored response {} cannot be opened: {}", line.id, e.getMessage());
      throw new ApiException(
          ErrorCode.INTERNAL_ERROR,
          "The stored response "
              + line.id
              + " cannot be opened: it was changed, or sealed under another master key. The log"
              + " says which.",
          null,
          null,
          e);
    }
  }

  @Override
  public Conversation conversation(String teamId, String previousId) {
    Deque<Line> lines = asked(() -> database.read(s -> chain(s, teamId, previousId)));
    List<StoredResponse> chain = lines.stream().map(this::opened).toList();
    StoredResponse last = chain.getLast();
    if (!last.status().continuable()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "previous_response_id",
          "previous_response_id: the response "
              + previousId
              + " is "
              + last.status().text()
              + " (expected: one that is completed or incomplete).");
    }
    Conversation all = Conversation.of(chain);
    return new Conversation(all.instructions(), KeptPictures.withWords(all.kept()), all.tools());
  }

  @Override
  public Optional<List<Kept>> given(String teamId, String id) {
    return asked(() -> database.read(s -> alive(s, teamId, id).map(last -> reachable(s, last))))
        .map(
            lines -> {
              List<Kept> all = new ArrayList<>();
              for (Line line : lines) {
                StoredResponse.Content content = opened(line).content();
                all.addAll(content.input());
                if (!line.id.equals(id)) {
                  all.addAll(content.output());
                }
              }
              return all;
            });
  }

  private static Deque<Line> reachable(Session s, Line last) {
    Deque<Line> chain = new ArrayDeque<>();
    Optional<Line> next = Optional.of(last);
    long bytes = 0;
    while (next.isPresent()) {
      chain.push(next.get());
      bytes += next.get().content.length;
      refuseTooLong(bytes);
      next = chain.getFirst().previousId.flatMap(p -> line(s, last.teamId, p));
    }
    return chain;
  }

  private static Optional<Line> line(Session s, String teamId, String id) {
    return s.first(
        "SELECT * FROM stored_response WHERE id = ? AND team_id = ?", Line::of, id, teamId);
  }

  /** Oldest first. Only the newest can have expired on its own: the thread keeps the others. */
  private Deque<Line> chain(Session s, String teamId, String previousId) {
    Deque<Line> chain = new ArrayDeque<>();
    chain.push(alive(s, teamId, previousId).orElseThrow(() -> notFound(previousId, previousId)));
    long bytes = chain.getFirst().content.length;
    while (chain.getFirst().previousId.isPresent()) {
      String id = chain.getFirst().previousId.get();
      chain.push(line(s, teamId, id).orElseThrow(() -> notFound(previousId, id)));
      bytes += chain.getFirst().content.length;
      refuseTooLong(bytes);
    }
    return chain;
  }

  /** All of it is held at once to be read, and no model has a context for so much. */
  private static void refuseTooLong(long bytes) {
    if (bytes > MOST_BYTES) {
      throw ApiException.of(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "previous_response_id",
          "The conversation has more than "
              + MOST_BYTES
              + " bytes (expected: fewer; POST /v1/responses/compact makes one shorter, or begin"
              + " anew).");
    }
  }

  private static ApiException notFound(String asked, String missing) {
    return asked.equals(missing)
        ? PreviousResponses.notFound(asked)
        : ApiException.of(
            ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND,
            "previous_response_id",
            "The response "
                + asked
                + " cannot be continued: it continues "
                + missing
                + ", which was deleted (expected: a response all of whose predecessors are"
                + " stored).");
  }

  @Override
  public boolean delete(String teamId, String id) {
    boolean gone =
        asked(
            () ->
                database.write(
                    s -> {
                      StoredAmount had = StoredAmount.response(s, teamId, id);
                      boolean found =
                          s.update(
                                  "DELETE FROM stored_response WHERE id = ? AND team_id = ?"
                                      + " AND expires_us > ?",
                                  id,
                                  teamId,
                                  now.instant())
                              > 0;
                      if (found) {
                        StoredAmount.NONE.minus(had).add(s, teamId);
                      }
                      return found;
                    }));
    if (gone) {
      deleted.increment();
    }
    return gone;
  }

  /** Deletes what has expired, a few conversations at a time, so that no writer waits long. */
  public void sweep() {
    try {
      while (database.write(this::sweptSome)) {
        Thread.onSpinWait();
      }
    } catch (DatabaseException e) {
      log.warn(
          "expired responses were not deleted; the next sweep tries again: {}", e.getMessage());
    }
  }

  private boolean sweptSome(Session s) {
    Instant moment = now.instant();
    List<String> threads =
        s.list(
            "SELECT id FROM stored_thread WHERE kept_until_us <= ? LIMIT " + SWEPT_AT_ONCE,
            row -> row.text("id"),
            moment);
    for (String thread : threads) {
      // takes the row's lock, and sees whether a settlement prolonged the thread meanwhile
      if (s.update(
              "UPDATE stored_thread SET kept_until_us = kept_until_us"
                  + " WHERE id = ? AND kept_until_us <= ?",
              thread,
              moment)
          == 0) {
        continue;
      }
      StoredAmount.dropThread(s, thread);
      expired.add(s.update("DELETE FROM stored_response WHERE thread_id = ?", thread));
      s.update("DELETE FROM stored_thread WHERE id = ?", thread);
    }
    return threads.size() == SWEPT_AT_ONCE;
  }

  /** How much is stored of all teams. */
  public StoredAmount amount() {
    return database.read(StoredAmount::all);
  }

  /**
   * What it did since the start: how many states were stored, responses deleted and expired, and
   * requests refused as their team had too much.
   */
  public Counters counters() {
    return new Counters(stored.sum(), deleted.sum(), expired.sum(), refused.sum());
  }

  /** Counts since the start. */
  public record Counters(long stored, long deleted, long expired, long refused) {}
}
