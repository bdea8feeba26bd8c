package dev.jubal.account.keys;

import dev.jubal.platform.config.Secret;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.nodes.Nodes;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The keys. Every one belongs to a user of a team; both are made with the first key. Thread-safe,
 * and safe beside other processes on the same folder.
 */
public final class KeyStore {
  /** Longest time that a rotated secret stays valid. */
  public static final Duration MOST_GRACE = Duration.ofDays(30);

  private static final String FIRST = "first";
  private static final Duration FORMER_KNOWN = Duration.ofDays(30);

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

  /** The other nodes that read the same keys, by id; none where this one is alone. */
  public List<String> otherNodes() {
    return new Nodes(database, now).others();
  }

  /**
   * Whose key it is to be.
   *
   * @param team empty for the first one
   * @param user of that team; empty for its first one who is not disabled
   */
  public record Owner(Optional<String> team, Optional<String> user) {
    /** The first user of the first team. */
    public static final Owner FIRST = new Owner(Optional.empty(), Optional.empty());
  }

  /**
   * The first key, for everything, where there has never been one; empty ever after. Its secret is
   * not kept.
   */
  public Optional<IssuedKey> firstStart() {
    KeySettings all = KeySettings.of(FIRST, Acls.ALL, Optional.empty());
    return database.write(
        s ->
            s.first("SELECT id FROM api_key LIMIT 1", row -> row.text("id")).isPresent()
                ? Optional.empty()
                : Optional.of(insert(s, all, Owner.FIRST, SecretText.fresh(random))));
  }

  /** Makes a key for the first user; see {@link #create(KeySettings, Owner)}. */
  public IssuedKey create(String name, List<String> acls, Optional<Instant> expires) {
    return create(KeySettings.of(name, acls, expires), Owner.FIRST);
  }

  /**
   * Makes a key.
   *
   * @throws ApiException 409 when a live key of that user has that name, 404 for an unknown team,
   *     400 for a malformed setting, an expiry in the past, or a user or project of another team
   */
  public IssuedKey create(KeySettings settings, Owner owner) {
    settings.checkExpiry(now.instant());
    return restore(settings, owner, Optional.empty());
  }

  /**
   * Makes a key as it is elsewhere: one that has expired, too.
   *
   * @param given its secret, if that was made elsewhere as well
   * @throws ApiException as {@link #create(KeySettings, Owner)} but for the expiry, 400 for a
   *     secret that is too weak, 409 for one that a key has or had
   */
  public IssuedKey restore(KeySettings settings, Owner owner, Optional<Secret> given) {
    settings.check();
    String secret = given.map(Secret::reveal).orElseGet(() -> SecretText.fresh(random));
    SecretText.checkKey(secret);
    return database.write(s -> insert(s, settings, owner, secret));
  }

  private IssuedKey insert(Session s, KeySettings settings, Owner owner, String secret) {
    Instant at = now.instant();
    String user =
        owner
            .team()
            .map(team -> UserStore.ownerOf(s, team, owner.user()))
            .orElseGet(() -> TeamStore.firstUser(s, at, firstTeam));
    checkFree(s, user, settings.name(), "");
    checkUnused(s, SecretText.hash(secret));
    String id = UUID.randomUUID().toString();
    s.update(
        "INSERT INTO api_key (id, user_id, name, redacted, secret_hash, created_us, modified_us,"
            + " disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        user,
        settings.name(),
        SecretText.redacted(secret),
        SecretText.hash(secret),
        at,
        at,
        false);
    write(s, id, settings, at);
    return new IssuedKey(KeyRows.byId(s, id).orElseThrow(), new Secret(secret));
  }

  private static void write(Session s, String id, KeySettings settings, Instant at) {
    settings.project().ifPresent(project -> ProjectStore.checkOfKey(s, project, id));
    s.update(
        "UPDATE api_key SET name = ?, expires_us = ?, disabled = ?, qps = ?, qpm = ?, tpm = ?,"
            + " project_id = ?, modified_us = ? WHERE id = ?",
        settings.name(),
        settings.expires(),
        settings.disabled(),
        boxed(settings.limits().qps()),
        boxed(settings.limits().qpm()),
        boxed(settings.limits().tpm()),
        settings.project(),
        at,
        id);
    s.update("DELETE FROM api_key_acl WHERE key_id = ?", id);
    for (String acl : settings.acls().stream().distinct().toList()) {
      s.update("INSERT INTO api_key_acl (key_id, acl) VALUES (?, ?)", id, acl);
    }
  }

  private static Optional<Long> boxed(OptionalLong limit) {
    return limit.isPresent() ? Optional.of(limit.getAsLong()) : Optional.empty();
  }

  private static void checkFree(Session s, String user, String name, String except) {
    s.first(
            "SELECT id FROM api_key WHERE user_id = ? AND name = ? AND NOT disabled AND id <> ?",
            row -> row.text("id"),
            user,
            name,
            except)
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

  /**
   * Changes a key and returns it as it is then.
   *
   * @param change makes the new settings of the present ones, within the transaction
   * @throws ApiException as {@link #create(KeySettings, Owner)}, and 404 for one that was revoked
   */
  public ApiKey update(String id, UnaryOperator<KeySettings> change) {
    return restore(
        id,
        old -> {
          KeySettings next = change.apply(old);
          if (!next.expires().equals(old.expires())) {
            next.checkExpiry(now.instant());
          }
          return next;
        });
  }

  /**
   * Changes a key to what it is elsewhere: one that has expired there has so here.
   *
   * @param change as of {@link #update}
   * @throws ApiException as {@link #update} but for the expiry
   */
  public ApiKey restore(String id, UnaryOperator<KeySettings> change) {
    return database.write(
        s -> {
          ApiKey key = present(s, id);
          KeySettings next = change.apply(key.settings());
          next.check();
          if (!next.disabled()) {
            checkFree(s, key.userId(), next.name(), id);
          }
          write(s, id, next, now.instant());
          return KeyRows.byId(s, id).orElseThrow();
        });
  }

  /**
   * Gives a key another secret; id, rows and limits stay.
   *
   * @param grace how long the old secret stays valid beside it, 0 to {@link #MOST_GRACE}; those
   *     before it do not stay valid longer
   * @throws ApiException 404 for one that was revoked, 400 for too long a grace
   */
  public IssuedKey rotate(String id, Duration grace) {
    if (grace.isNegative() || grace.compareTo(MOST_GRACE) > 0) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "gracePeriod",
          "gracePeriod: " + grace + " (expected: 0s to " + MOST_GRACE.toDays() + "d).");
    }
    String secret = SecretText.fresh(random);
    return database.write(s -> replace(s, id, secret, grace));
  }

  /**
   * Gives a key a secret that was made elsewhere; all earlier ones end at once.
   *
   * @throws ApiException 404 for one that was revoked, 400 for a secret that is too weak, 409 for
   *     one that a key has or had
   */
  public IssuedKey rotate(String id, Secret secret) {
    SecretText.checkKey(secret.reveal());
    return database.write(
        s -> {
          checkUnused(s, SecretText.hash(secret.reveal()));
          return replace(s, id, secret.reveal(), Duration.ZERO);
        });
  }

  /** Whether a secret is a key's present one. */
  public boolean has(String id, Secret secret) {
    return standingOf(id)
        .filter(s -> SecretText.same(s.hash(), SecretText.hash(secret.reveal())))
        .isPresent();
  }

  private static void checkUnused(Session s, String hash) {
    if (KeyRows.bySecret(s, hash).isPresent()) {
      throw ApiException.of(
          ErrorCode.CONFLICT,
          "secret",
          "secret: another key has or had it (expected: one of its own for each key).");
    }
  }

  private IssuedKey replace(Session s, String id, String secret, Duration grace) {
    Instant at = now.instant();
    present(s, id);
    KeyRows.Standing old = KeyRows.standing(s, id).orElseThrow();
    s.update(
        "DELETE FROM api_key_former WHERE key_id = ? AND valid_until_us < ?",
        id,
        at.minus(FORMER_KNOWN));
    // secrets of earlier rotations end with this one: whoever gives no grace trusts none of them
    s.update(
        "UPDATE api_key_former SET valid_until_us = ? WHERE key_id = ? AND valid_until_us > ?",
        at.plus(grace),
        id,
        at.plus(grace));
    s.update(
        "INSERT INTO api_key_former (secret_hash, key_id, valid_until_us) VALUES (?, ?, ?)",
        old.hash(),
        id,
        at.plus(grace));
    s.update(
        "UPDATE api_key SET secret_hash = ?, redacted = ?, modified_us = ? WHERE id = ?",
        SecretText.hash(secret),
        SecretText.redacted(secret),
        at,
        id);
    return new IssuedKey(KeyRows.byId(s, id).orElseThrow(), new Secret(secret));
  }

  private static ApiKey present(Session s, String id) {
    return KeyRows.byId(s, id)
        .filter(k -> k.deleted().isEmpty())
        .orElseThrow(
            () -> new ApiException(ErrorCode.NOT_FOUND, "There is no API key " + id + "."));
  }

  /** All keys, revoked and expired ones too, oldest first. */
  public List<ApiKey> list() {
    return database.read(s -> KeyRows.list(s, "ORDER BY k.created_us, k.id")).stream()
        .map(KeyRows.Standing::key)
        .toList();
  }

  /**
   * Keys of a team, oldest first, without revoked ones.
   *
   * @param after the last one seen; empty for the first page
   * @param most 1 and more
   */
  public List<ApiKey> page(String team, Optional<After> after, int most) {
    After from = after.orElse(new After(Instant.EPOCH, ""));
    return database
        .read(
            s ->
                KeyRows.list(
                    s,
                    "WHERE u.team_id = ? AND k.deleted_us IS NULL AND (k.created_us > ? OR"
                        + " (k.created_us = ? AND k.id > ?)) ORDER BY k.created_us, k.id LIMIT "
                        + most,
                    team,
                    from.created(),
                    from.created(),
                    from.id()))
        .stream()
        .map(KeyRows.Standing::key)
        .toList();
  }

  /** A place in the list of a team's keys. */
  public record After(Instant created, String id) {}

  /** How many keys there are in each state; what is revoked is not counted. */
  public Map<ApiKey.State, Long> counts() {
    Map<ApiKey.State, Long> counts = new EnumMap<>(ApiKey.State.class);
    long at = Row.micros(now.instant());
    database
        .read(
            s ->
                s.list(
                    "SELECT t.policy, k.disabled, CASE WHEN k.expires_us <= ? THEN 1 ELSE 0 END AS"
                        + " ended, COUNT(*) AS many FROM api_key k JOIN app_user u ON u.id ="
                        + " k.user_id JOIN team t ON t.id = u.team_id WHERE k.deleted_us IS NULL"
                        + " GROUP BY t.policy, k.disabled, ended",
                    row ->
                        Map.entry(
                            state(
                                TeamPolicy.parse(row.text("policy")).blocked(),
                                row.flag("disabled"),
                                row.whole("ended") == 1),
                            row.whole("many")),
                    at))
        .forEach(e -> counts.merge(e.getKey(), e.getValue(), Long::sum));
    return counts;
  }

  private static ApiKey.State state(boolean blocked, boolean disabled, boolean expired) {
    if (disabled) {
      return ApiKey.State.DISABLED;
    }
    if (expired) {
      return ApiKey.State.EXPIRED;
    }
    return blocked ? ApiKey.State.BLOCKED : ApiKey.State.VALID;
  }

  /** A key by its id, revoked or not. */
  public Optional<ApiKey> get(String id) {
    return database.read(s -> KeyRows.byId(s, id));
  }

  /**
   * Disables a key for good, by id or by the name of a live one, and returns it as it is then.
   *
   * @throws ApiException 404 when there is none or the one of that id is revoked, 409 when several
   *     bear that name
   */
  public ApiKey revoke(String idOrName) {
    return database.write(
        s -> {
          ApiKey key = live(s, idOrName);
          s.update(
              "UPDATE api_key SET disabled = ?, deleted_us = ?, modified_us = ? WHERE id = ?",
              true,
              now.instant(),
              now.instant(),
              key.id());
          return KeyRows.byId(s, key.id()).orElseThrow();
        });
  }

  /** An id goes before all names: else a key could be named so that another one cannot be ended. */
  private static ApiKey live(Session s, String idOrName) {
    return KeyRows.byId(s, idOrName)
        .or(() -> named(s, idOrName))
        .filter(k -> k.deleted().isEmpty())
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND,
                    "There is no live key \""
                        + idOrName
                        + "\" (expected: a name or id of `key list`)."));
  }

  private static Optional<ApiKey> named(Session s, String name) {
    List<ApiKey> found =
        KeyRows.list(s, "WHERE k.name = ? AND k.deleted_us IS NULL", name).stream()
            .map(KeyRows.Standing::key)
            .toList();
    if (found.size() > 1) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "Several keys are named \""
              + name
              + "\" (expected: one of the ids "
              + String.join(", ", found.stream().map(ApiKey::id).toList())
              + ").");
    }
    return found.stream().findFirst();
  }

  /** The key of a secret, whatever its state. */
  public Optional<ApiKey> find(String secret) {
    return standing(SecretText.hash(secret)).map(KeyRows.Standing::key);
  }

  Optional<KeyRows.Standing> standing(String hash) {
    return database.read(s -> KeyRows.bySecret(s, hash));
  }

  Optional<KeyRows.Standing> standing(String id, String mark) {
    return database.read(s -> KeyRows.byMark(s, id, mark));
  }

  Optional<KeyRows.Standing> standingOf(String id) {
    return database.read(s -> KeyRows.standing(s, id));
  }
}
