package dev.jubal.account.management;

import dev.jubal.account.keys.SecretText;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Printable;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The management keys. Thread-safe, and safe beside other processes on the same folder. */
public final class ManagementStore {
  private final Database database;
  private final InstantSource now;
  private final SecureRandom random = new SecureRandom();

  public ManagementStore(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /**
   * A key just made: the only moment its secret exists outside its owner's hands.
   *
   * @param secret to be shown once and never stored
   */
  public record Issued(ManagementKey key, Secret secret) {}

  private record Found(ManagementKey key, String hash) {}

  /**
   * Makes a key, with a secret that is made here.
   *
   * @param team the id of the one team it manages; empty for all of them
   * @param acls see {@link Rights}; none of them: it may only look at itself
   * @throws ApiException 409 when a live one has that name, 404 for an unknown team, 400 for a
   *     malformed name or row or an expiry in the past
   */
  public Issued create(
      String name, Optional<String> team, List<String> acls, Optional<Instant> expires) {
    expires.filter(e -> !e.isAfter(now.instant())).ifPresent(ManagementStore::past);
    return restore(name, new Terms(team, acls, expires), Optional.empty());
  }

  /** What may be changed about a key: see {@link #create}. */
  public record Terms(Optional<String> team, List<String> acls, Optional<Instant> expires) {
    public Terms {
      acls = acls.stream().distinct().sorted().toList();
    }
  }

  /**
   * Makes a key as it is elsewhere: one that has expired, too.
   *
   * @param given its secret, if that was made elsewhere as well
   * @throws ApiException as {@link #create} but for the expiry, 400 for a secret that is too weak,
   *     409 for one that a key has
   */
  public Issued restore(String name, Terms terms, Optional<Secret> given) {
    Printable.check("name", name, 128);
    Rights.check(terms.acls());
    Instant at = now.instant();
    Secret own = given.orElseGet(() -> new Secret(SecretText.freshManagement(random)));
    String secret = own.reveal();
    SecretText.checkManagement(secret);
    String id = UUID.randomUUID().toString();
    return database.write(
        s -> {
          checkFree(s, name);
          checkUnused(s, secret);
          terms.team().ifPresent(t -> checkTeam(s, t));
          s.update(
              "INSERT INTO management_key (id, team_id, name, redacted, secret_hash, created_us,"
                  + " modified_us, expires_us, disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
              id,
              terms.team(),
              name,
              SecretText.redacted(secret),
              SecretText.hash(secret),
              at,
              at,
              terms.expires(),
              false);
          rows(s, id, terms.acls());
          return new Issued(keys(s, "WHERE id = ?", id).getFirst().key(), own);
        });
  }

  private static void rows(Session s, String id, List<String> acls) {
    s.update("DELETE FROM management_key_acl WHERE key_id = ?", id);
    for (String acl : acls) {
      s.update("INSERT INTO management_key_acl (key_id, acl) VALUES (?, ?)", id, acl);
    }
  }

  /**
   * Changes what a live key manages, what it may, and until when, to what it is elsewhere: one that
   * has expired there has so here.
   *
   * @throws ApiException 404 for an unknown key or team, 400 for a malformed row
   */
  public void restore(String id, Terms terms) {
    Rights.check(terms.acls());
    database.write(
        s -> {
          ManagementKey key = live(s, id);
          terms.team().ifPresent(t -> checkTeam(s, t));
          rows(s, key.id(), terms.acls());
          return s.update(
              "UPDATE management_key SET team_id = ?, expires_us = ?, modified_us = ? WHERE id = ?",
              terms.team(),
              terms.expires(),
              now.instant(),
              key.id());
        });
  }

  /**
   * Gives a live key a secret that was made elsewhere; the old one ends at once.
   *
   * @throws ApiException 404 for an unknown key, 400 for a secret that is too weak, 409 for one
   *     that a key has
   */
  public void rotate(String id, Secret secret) {
    SecretText.checkManagement(secret.reveal());
    database.write(
        s -> {
          checkUnused(s, secret.reveal());
          return s.update(
              "UPDATE management_key SET secret_hash = ?, redacted = ?, modified_us = ? WHERE id ="
                  + " ?",
              SecretText.hash(secret.reveal()),
              SecretText.redacted(secret.reveal()),
              now.instant(),
              live(s, id).id());
        });
  }

  /** Whether a secret is a key's. */
  public boolean has(String id, Secret secret) {
    return find(secret.reveal()).filter(k -> k.id().equals(id)).isPresent();
  }

  private static void checkUnused(Session s, String secret) {
    if (!keys(s, "WHERE secret_hash = ?", SecretText.hash(secret)).isEmpty()) {
      throw ApiException.of(
          ErrorCode.CONFLICT,
          "secret",
          "secret: another key has it (expected: one of its own for each key).");
    }
  }

  private static void past(Instant expires) {
    throw ApiException.of(
        ErrorCode.INVALID_VALUE, "expires", "expires: " + expires + " (expected: a time to come).");
  }

  private static void checkFree(Session s, String name) {
    if (!keys(s, "WHERE name = ? AND NOT disabled", name).isEmpty()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "There is a management key \""
              + name
              + "\" already (expected: another name, or to revoke that one first).");
    }
  }

  private static void checkTeam(Session s, String team) {
    if (s.first("SELECT id FROM team WHERE id = ?", row -> row.text("id"), team).isEmpty()) {
      throw new ApiException(ErrorCode.NOT_FOUND, "There is no team \"" + team + "\".");
    }
  }

  /** All of them, revoked and expired ones too, oldest first. */
  public List<ManagementKey> list() {
    return database.read(s -> keys(s, "ORDER BY created_us, id")).stream().map(Found::key).toList();
  }

  /**
   * Disables a key for good, by id or by the name of a live one, and returns it as it was.
   *
   * @throws ApiException 404 when there is none
   */
  public ManagementKey revoke(String idOrName) {
    return database.write(
        s -> {
          ManagementKey key = live(s, idOrName);
          s.update(
              "UPDATE management_key SET disabled = ?, modified_us = ? WHERE id = ?",
              true,
              now.instant(),
              key.id());
          return key;
        });
  }

  private static ManagementKey live(Session s, String idOrName) {
    List<Found> byId = keys(s, "WHERE id = ?", idOrName);
    List<Found> found = byId.isEmpty() ? keys(s, "WHERE name = ?", idOrName) : byId;
    return found.stream()
        .map(Found::key)
        .filter(k -> !k.disabled())
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND,
                    "There is no live management key \""
                        + idOrName
                        + "\" (expected: a name or id of `management-key list`)."));
  }

  /** The key of a secret, whatever its state. */
  Optional<ManagementKey> find(String secret) {
    String hash = SecretText.hash(secret);
    return database.read(s -> keys(s, "WHERE secret_hash = ?", hash)).stream()
        .filter(f -> SecretText.same(f.hash(), hash))
        .map(Found::key)
        .findFirst();
  }

  private static List<Found> keys(Session s, String rest, Object... arguments) {
    return s.list("SELECT * FROM management_key " + rest, row -> found(s, row), arguments);
  }

  private static Found found(Session s, Row row) throws SQLException {
    String id = row.text("id");
    List<String> acls =
        s.list(
            "SELECT acl FROM management_key_acl WHERE key_id = ? ORDER BY acl",
            r -> r.text("acl"),
            id);
    return new Found(
        new ManagementKey(
            id,
            row.text("name"),
            row.text("redacted"),
            row.maybeText("team_id"),
            acls,
            row.instant("created_us"),
            row.instant("modified_us"),
            row.maybeInstant("expires_us"),
            row.flag("disabled")),
        row.text("secret_hash"));
  }
}
