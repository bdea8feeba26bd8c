package dev.jubal.account.keys;

import dev.jubal.platform.config.Secret;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The keys. Every one belongs to a user of a team; both are made with the first key. Thread-safe,
 * and safe beside other processes on the same folder.
 */
public final class KeyStore {
  private static final String FIRST = "first";
  private static final String SELECT =
      "SELECT k.*, u.team_id, t.policy, t.tier, t.plan FROM api_key k JOIN app_user u ON u.id ="
          + " k.user_id JOIN team t ON t.id = u.team_id";

  private final Database database;
  private final InstantSource now;
  private final Supplier<UUID> firstTeam;
  private final SecureRandom random = new SecureRandom();

  public KeyStore(Database database, InstantSource now) {
    this(database, now, UUID::randomUUID);
  }

  /**
   * @param firstTeam the id of the first team, where there is none yet
   */
  public KeyStore(Database database, InstantSource now, Supplier<UUID> firstTeam) {
    this.database = database;
    this.now = now;
    this.firstTeam = firstTeam;
  }

  /**
   * A key with what decides about it.
   *
   * @param team the policy of its team
   */
  record Standing(ApiKey key, String hash, TeamPolicy team) {}

  /**
   * The first key, for everything, where there has never been one; empty ever after. Its secret is
   * not kept.
   */
  public Optional<IssuedKey> firstStart() {
    return database.write(
        s ->
            s.first("SELECT id FROM api_key LIMIT 1", row -> row.text("id")).isPresent()
                ? Optional.empty()
                : Optional.of(insert(s, FIRST, Acls.ALL, Optional.empty())));
  }

  /**
   * Makes a key for the first user.
   *
   * @param acls see {@link Acls#of}
   * @throws ApiException 409 when a live key has that name, 400 for a malformed name or row or an
   *     expiry in the past
   */
  public IssuedKey create(String name, List<String> acls, Optional<Instant> expires) {
    TeamStore.named("key name", name);
    for (String acl : acls) {
      if (!Acls.wellFormed(acl)) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "acls",
            "acls: \"" + acl + "\" (expected: api-key:model:NAME or api-key:endpoint:NAME).");
      }
    }
    expires.filter(e -> !e.isAfter(now.instant())).ifPresent(KeyStore::past);
    return database.write(s -> insert(s, name, acls, expires));
  }

  private static void past(Instant expires) {
    throw ApiException.of(
        ErrorCode.INVALID_VALUE, "expires", "expires: " + expires + " (expected: a time to come).");
  }

  private IssuedKey insert(Session s, String name, List<String> acls, Optional<Instant> expires) {
    Instant at = now.instant();
    String user = TeamStore.firstUser(s, at, firstTeam);
    checkFree(s, user, name);
    String id = UUID.randomUUID().toString();
    String secret = SecretText.fresh(random);
    s.update(
        "INSERT INTO api_key (id, user_id, name, redacted, secret_hash, created_us, modified_us,"
            + " expires_us, disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        user,
        name,
        SecretText.redacted(secret),
        SecretText.hash(secret),
        at,
        at,
        expires,
        false);
    for (String acl : acls) {
      s.update("INSERT INTO api_key_acl (key_id, acl) VALUES (?, ?)", id, acl);
    }
    return new IssuedKey(byId(s, id).orElseThrow(), new Secret(secret));
  }

  private static void checkFree(Session s, String user, String name) {
    s.first(
            "SELECT id FROM api_key WHERE user_id = ? AND name = ? AND NOT disabled",
            row -> row.text("id"),
            user,
            name)
        .ifPresent(
            id -> {
              throw new ApiException(
                  ErrorCode.CONFLICT,
                  "There is a key \""
                      + name
                      + "\" already, "
                      + id
                      + " (expected: another name, or to revoke that one first).");
            });
  }

  /** All keys, revoked and expired ones too, oldest first. */
  public List<ApiKey> list() {
    return database.read(s -> keys(s, "ORDER BY k.created_us, k.id")).stream()
        .map(Standing::key)
        .toList();
  }

  /** A key by its id. */
  public Optional<ApiKey> get(String id) {
    return database.read(s -> byId(s, id));
  }

  /**
   * Disables a key for good, by id or by the name of a live one, and returns it as it is then.
   *
   * @throws ApiException 404 when there is none, 409 when several bear that name
   */
  public ApiKey revoke(String idOrName) {
    return database.write(
        s -> {
          ApiKey key = live(s, idOrName);
          s.update(
              "UPDATE api_key SET disabled = ?, modified_us = ? WHERE id = ?",
              true,
              now.instant(),
              key.id());
          return byId(s, key.id()).orElseThrow();
        });
  }

  private static ApiKey live(Session s, String idOrName) {
    List<Standing> found =
        keys(s, "WHERE (k.id = ? OR k.name = ?) AND NOT k.disabled", idOrName, idOrName);
    if (found.isEmpty()) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "There is no live key \"" + idOrName + "\" (expected: a name or id of `key list`).");
    }
    if (found.size() > 1) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "Several keys are named \""
              + idOrName
              + "\" (expected: one of the ids "
              + String.join(", ", found.stream().map(f -> f.key().id()).toList())
              + ").");
    }
    return found.getFirst().key();
  }

  /** The key of a secret, whatever its state. */
  public Optional<ApiKey> find(String secret) {
    return standing(SecretText.hash(secret)).map(Standing::key);
  }

  /** The key of a hash; compared once more in constant time, as an index lookup is not. */
  Optional<Standing> standing(String hash) {
    return database.read(
        s ->
            keys(s, "WHERE k.secret_hash = ?", hash).stream()
                .filter(f -> same(f.hash(), hash))
                .findFirst());
  }

  Optional<Standing> standingOf(String id) {
    return database.read(s -> keys(s, "WHERE k.id = ?", id).stream().findFirst());
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
  }

  private static Optional<ApiKey> byId(Session s, String id) {
    return keys(s, "WHERE k.id = ?", id).stream().map(Standing::key).findFirst();
  }

  private static List<Standing> keys(Session s, String rest, Object... arguments) {
    return s.list(SELECT + " " + rest, row -> standing(s, row), arguments);
  }

  private static Account account(Row row) throws SQLException {
    return new Account(
        row.text("tier"),
        row.text("plan"),
        row.maybeText("project_id"),
        new Account.Limits(limit(row, "qps"), limit(row, "qpm"), limit(row, "tpm")));
  }

  private static OptionalLong limit(Row row, String column) throws SQLException {
    return row.maybeWhole(column).map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private static Standing standing(Session s, Row row) throws SQLException {
    String id = row.text("id");
    List<String> acls =
        s.list("SELECT acl FROM api_key_acl WHERE key_id = ? ORDER BY acl", r -> r.text("acl"), id);
    ApiKey key =
        new ApiKey(
            id,
            row.text("name"),
            row.text("redacted"),
            row.text("user_id"),
            row.text("team_id"),
            acls,
            row.instant("created_us"),
            row.instant("modified_us"),
            row.maybeInstant("expires_us"),
            row.flag("disabled"),
            account(row));
    return new Standing(key, row.text("secret_hash"), TeamPolicy.parse(row.text("policy")));
  }
}
