package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The users. Thread-safe. */
public final class UserStore {
  private final Database database;
  private final InstantSource now;

  public UserStore(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /**
   * Makes a user of a team.
   *
   * @throws ApiException 404 for an unknown team, 400 for a malformed name, 409 for one that is
   *     taken
   */
  public User create(String teamId, String name) {
    TeamStore.named("user name", name);
    return database.write(
        s -> {
          String team = TeamStore.find(s, teamId).id();
          checkFree(s, team, name, "");
          String id = UUID.randomUUID().toString();
          insert(s, id, team, name, now.instant());
          return find(s, id);
        });
  }

  static void insert(Session s, String id, String team, String name, Instant at) {
    s.update(
        "INSERT INTO app_user (id, team_id, name, created_us, disabled) VALUES (?, ?, ?, ?, ?)",
        id,
        team,
        name,
        at,
        false);
  }

  /** Users of a team, oldest first; of all teams when it is empty. */
  public List<User> list(Optional<String> team) {
    return database.read(
        s ->
            team.isPresent()
                ? s.list(
                    "SELECT * FROM app_user WHERE team_id = ? ORDER BY created_us, id",
                    UserStore::user,
                    team.get())
                : s.list("SELECT * FROM app_user ORDER BY created_us, id", UserStore::user));
  }

  /** A user by id. */
  public Optional<User> get(String id) {
    return database.read(s -> s.first("SELECT * FROM app_user WHERE id = ?", UserStore::user, id));
  }

  /**
   * Changes a user and returns it as it is then; what is empty stays.
   *
   * @throws ApiException 404 for an unknown one, 400 for a malformed name, 409 for one that is
   *     taken
   */
  public User set(String id, Optional<String> name, Optional<Boolean> disabled) {
    name.ifPresent(n -> TeamStore.named("user name", n));
    return database.write(
        s -> {
          User old = find(s, id);
          name.ifPresent(n -> checkFree(s, old.teamId(), n, id));
          s.update(
              "UPDATE app_user SET name = ?, disabled = ? WHERE id = ?",
              name.orElse(old.name()),
              disabled.orElse(old.disabled()),
              id);
          return find(s, id);
        });
  }

  /**
   * Removes a user who never had a key.
   *
   * @throws ApiException 404 for an unknown one, 409 for one who has or had keys
   */
  public void remove(String id) {
    database.write(
        s -> {
          User user = find(s, id);
          if (s.first("SELECT id FROM api_key WHERE user_id = ?", row -> row.text("id"), id)
              .isPresent()) {
            throw new ApiException(
                ErrorCode.CONFLICT,
                "The user \""
                    + user.name()
                    + "\" has or had keys, which the ledger names (expected: to disable it).");
          }
          return s.update("DELETE FROM app_user WHERE id = ?", id);
        });
  }

  private static User find(Session s, String id) {
    return s.first("SELECT * FROM app_user WHERE id = ?", UserStore::user, id)
        .orElseThrow(() -> new ApiException(ErrorCode.NOT_FOUND, "There is no user " + id + "."));
  }

  private static void checkFree(Session s, String team, String name, String except) {
    s.first(
            "SELECT id FROM app_user WHERE team_id = ? AND name = ? AND id <> ?",
            row -> row.text("id"),
            team,
            name,
            except)
        .ifPresent(
            id -> {
              throw new ApiException(
                  ErrorCode.CONFLICT, "The user name \"" + name + "\" is taken by " + id + ".");
            });
  }

  /** The user a new key of a team belongs to: the named one, else the first who may act. */
  static String ownerOf(Session s, String teamId, Optional<String> user) {
    String team = TeamStore.find(s, teamId).id();
    List<User> users =
        s.list(
            "SELECT * FROM app_user WHERE team_id = ? ORDER BY created_us, id",
            UserStore::user,
            team);
    return users.stream()
        .filter(u -> user.map(u.id()::equals).orElse(!u.disabled()))
        .map(User::id)
        .findFirst()
        .orElseThrow(
            () ->
                ApiException.of(
                    ErrorCode.INVALID_VALUE,
                    "userId",
                    user.map(u -> "userId: " + u + " is not of the team ")
                            .orElse("userId: nobody may act for the team ")
                        + team
                        + " (expected: the id of a user of it)."));
  }

  private static User user(Row row) throws SQLException {
    return new User(
        row.text("id"),
        row.text("team_id"),
        row.text("name"),
        row.flag("disabled"),
        row.instant("created_us"));
  }
}
