package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Printable;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The teams. Thread-safe. */
public final class TeamStore {
  static final String FIRST = "default";
  private static final String FIRST_TIER = "tier-0";
  private static final String OWNER = "owner";

  private final Database database;

  public TeamStore(Database database) {
    this.database = database;
  }

  /**
   * What to change about a team; empty means as it is.
   *
   * @param policy makes the new one of the present one, within the transaction
   */
  public record Change(
      Optional<String> name, Optional<String> tier, UnaryOperator<TeamPolicy> policy) {
    public Change(Optional<String> name, Optional<String> tier, Optional<TeamPolicy> policy) {
      this(name, tier, old -> policy.orElse(old));
    }
  }

  /** All teams, oldest first. */
  public List<Team> list() {
    return database.read(
        s -> s.list("SELECT * FROM team ORDER BY created_us, id", TeamStore::team));
  }

  /** A team by its id. */
  public Optional<Team> get(String id) {
    return database.read(s -> s.first("SELECT * FROM team WHERE id = ?", TeamStore::team, id));
  }

  /**
   * A team by its id or name.
   *
   * @throws ApiException 404 for an unknown one
   */
  public Team named(String idOrName) {
    return database.read(s -> find(s, idOrName));
  }

  /**
   * Makes a team with a first user, "owner".
   *
   * @param tier its limits; empty for those of the first team
   * @param at when it is made
   * @throws ApiException 400 for a malformed value, 409 for a taken name
   */
  public Team create(String name, Optional<String> tier, Instant at) {
    return create(name, tier, OWNER, at);
  }

  /** The same with another name for its first user. */
  public Team create(String name, Optional<String> tier, String user, Instant at) {
    named("team name", name);
    named("user name", user);
    tier.ifPresent(TeamStore::checkTier);
    Team team =
        new Team(UUID.randomUUID().toString(), name, tier.orElse(FIRST_TIER), TeamPolicy.OPEN, at);
    return database.write(
        s -> {
          checkFree(s, team);
          insert(s, team, UUID.randomUUID().toString(), user);
          return find(s, team.id());
        });
  }

  /**
   * Changes a team and returns it as it is then.
   *
   * @throws ApiException 404 for an unknown one, 400 for a malformed value, 409 for a taken name
   */
  public Team set(String idOrName, Change change) {
    change.name().ifPresent(n -> named("team name", n));
    change.tier().ifPresent(TeamStore::checkTier);
    return database.write(
        s -> {
          Team old = find(s, idOrName);
          change.tier().ifPresent(tier -> checkKnown(s, tier));
          Team team =
              new Team(
                  old.id(),
                  change.name().orElse(old.name()),
                  change.tier().orElse(old.tier()),
                  change.policy().apply(old.policy()),
                  old.created());
          checkFree(s, team);
          s.update(
              "UPDATE team SET name = ?, tier = ?, policy = ? WHERE id = ?",
              team.name(),
              team.tier(),
              team.policy().json(),
              team.id());
          return team;
        });
  }

  static Team find(Session s, String idOrName) {
    return s.first("SELECT * FROM team WHERE id = ?", TeamStore::team, idOrName)
        .or(() -> s.first("SELECT * FROM team WHERE name = ?", TeamStore::team, idOrName))
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND,
                    "There is no team \""
                        + idOrName
                        + "\" (expected: a name or id of `team list`)."));
  }

  private static void checkFree(Session s, Team team) {
    s.first(
            "SELECT * FROM team WHERE name = ? AND id <> ?",
            TeamStore::team,
            team.name(),
            team.id())
        .ifPresent(
            other -> {
              throw new ApiException(
                  ErrorCode.CONFLICT,
                  "The team name \"" + other.name() + "\" is taken by " + other.id() + ".");
            });
  }

  private static void checkTier(String tier) {
    if (!tier.matches("[a-z0-9-]{1,32}")) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "tier",
          "tier: \"" + tier + "\" (expected: 1-32 small letters, digits or dashes, as tier-1).");
    }
  }

  private static void checkKnown(Session s, String tier) {
    List<String> known = s.list("SELECT name FROM tier ORDER BY grade", row -> row.text("name"));
    if (!known.contains(tier)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "tier",
          "tier: \"" + tier + "\" (expected: one of " + known + ").");
    }
  }

  static void named(String what, String name) {
    if (!Printable.is(name, 128)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "name",
          what + ": \"" + name + "\" (expected: 1-128 printable characters).");
    }
  }

  /** The user of the first team who may act; both are made where there is no team. */
  static String firstUser(Session s, Instant now, Supplier<UUID> id) {
    return s.first("SELECT id FROM team ORDER BY created_us, id LIMIT 1", row -> row.text("id"))
        .map(team -> UserStore.ownerOf(s, team, Optional.empty()))
        .orElseGet(
            () -> {
              String user = UUID.randomUUID().toString();
              String team = id.get().toString();
              insert(s, new Team(team, FIRST, FIRST_TIER, TeamPolicy.OPEN, now), user, OWNER);
              return user;
            });
  }

  /** Writes a team and its first user. */
  private static void insert(Session s, Team team, String user, String userName) {
    s.update(
        "INSERT INTO team (id, name, tier, policy, created_us) VALUES (?, ?, ?, ?, ?)",
        team.id(),
        team.name(),
        team.tier(),
        team.policy().json(),
        team.created());
    UserStore.insert(s, user, team.id(), userName, team.created());
  }

  private static Team team(Row row) throws SQLException {
    return new Team(
        row.text("id"),
        row.text("name"),
        row.text("tier"),
        TeamPolicy.parse(row.text("policy")),
        row.instant("created_us"));
  }
}
