package dev.jubal.account.management;

import dev.jubal.account.keys.SecretText;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who signed in. Only hashes of the secrets are kept. Thread-safe, and safe beside other processes
 * on the same folder.
 */
public final class OperatorStore {
  /** How long one that is over is still shown. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private static final int SECRET_BYTES = 32;

  private final Database database;
  private final InstantSource now;
  private final SecureRandom random = new SecureRandom();

  public OperatorStore(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /**
   * Who signs in.
   *
   * @param groups those that mean something here
   */
  public record Operator(String issuer, String subject, String name, List<String> groups) {}

  /**
   * A session just begun: the only moment its secret exists outside the browser.
   *
   * @param secret of 256 bits
   */
  public record Begun(OperatorSession session, Secret secret) {}

  private record Found(OperatorSession session, String hash) {}

  /** Begins a session, and forgets those that were over long ago. */
  public Begun begin(Operator who, Duration length) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant at = now.instant();
    String id = UUID.randomUUID().toString();
    return database.write(
        s -> {
          s.update("DELETE FROM operator_session WHERE expires_us < ?", at.minus(REMEMBERED));
          s.update(
              "INSERT INTO operator_session (id, secret_hash, issuer, subject, name, member_of,"
                  + " created_us, expires_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              id,
              SecretText.hash(secret),
              who.issuer(),
              who.subject(),
              who.name(),
              Json.string(who.groups()),
              at,
              at.plus(length));
          return new Begun(list(s, "WHERE id = ?", id).getFirst().session(), new Secret(secret));
        });
  }

  /** The session of a secret, whatever its state. */
  Optional<OperatorSession> find(String secret) {
    String hash = SecretText.hash(secret);
    return database.read(s -> list(s, "WHERE secret_hash = ?", hash)).stream()
        .filter(f -> SecretText.same(f.hash(), hash))
        .map(Found::session)
        .findFirst();
  }

  /** All that are remembered, newest first. */
  public List<OperatorSession> list() {
    return database.read(s -> list(s, "ORDER BY created_us DESC, id")).stream()
        .map(Found::session)
        .toList();
  }

  /** Ends a session; one that is over stays as it is. */
  public void end(String id) {
    Instant at = now.instant();
    database.write(
        s ->
            s.update(
                "UPDATE operator_session SET ended_us = ? WHERE id = ? AND ended_us IS NULL",
                at,
                id));
  }

  /**
   * Ends the session of an id, or all of somebody by subject or name; returns those that held.
   *
   * @throws ApiException 404 when none did
   */
  public List<OperatorSession> endAll(String idOrWho) {
    Instant at = now.instant();
    return database.write(
        s -> {
          List<OperatorSession> held =
              list(s, "WHERE id = ? OR subject = ? OR name = ?", idOrWho, idOrWho, idOrWho).stream()
                  .map(Found::session)
                  .filter(session -> session.holds(at))
                  .toList();
          if (held.isEmpty()) {
            throw new ApiException(
                ErrorCode.NOT_FOUND,
                "Nobody is signed in as \""
                    + idOrWho
                    + "\" (expected: a name, subject or id of `operator list`).");
          }
          for (OperatorSession session : held) {
            s.update("UPDATE operator_session SET ended_us = ? WHERE id = ?", at, session.id());
          }
          return held;
        });
  }

  private static List<Found> list(Session s, String rest, Object... arguments) {
    return s.list("SELECT * FROM operator_session " + rest, OperatorStore::found, arguments);
  }

  private static Found found(Row row) throws SQLException {
    return new Found(
        new OperatorSession(
            row.text("id"),
            row.text("issuer"),
            row.text("subject"),
            row.text("name"),
            groups(row.text("member_of")),
            row.instant("created_us"),
            row.instant("expires_us"),
            row.maybeInstant("ended_us")),
        row.text("secret_hash"));
  }

  private static List<String> groups(String json) {
    List<String> groups = new ArrayList<>();
    Json.tree(json.getBytes(StandardCharsets.UTF_8)).forEach(g -> groups.add(g.stringValue()));
    return groups;
  }
}
