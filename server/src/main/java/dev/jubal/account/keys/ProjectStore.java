package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The projects. Thread-safe. */
public final class ProjectStore {
  private final Database database;
  private final InstantSource now;

  public ProjectStore(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /**
   * Makes a project of a team.
   *
   * @param environment dev, staging or prod
   * @throws ApiException 404 for an unknown team, 400 for a malformed name or environment, 409 for
   *     a name that is taken
   */
  public Project create(String teamId, String name, String environment) {
    TeamStore.named("project name", name);
    check(environment);
    return database.write(
        s -> {
          String team = TeamStore.find(s, teamId).id();
          checkFree(s, team, name);
          String id = UUID.randomUUID().toString();
          s.update(
              "INSERT INTO project (id, team_id, name, environment, created_us) VALUES (?, ?, ?, ?,"
                  + " ?)",
              id,
              team,
              name,
              environment,
              now.instant());
          return find(s, id).orElseThrow();
        });
  }

  private static void check(String environment) {
    if (Project.Environment.of(environment).isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "environment",
          "environment: \""
              + environment
              + "\" (expected: one of "
              + String.join(", ", Project.Environment.words())
              + ").");
    }
  }

  /**
   * Says what a project is for.
   *
   * @throws ApiException 400 for a malformed environment
   */
  public void set(String id, String environment) {
    check(environment);
    database.write(
        s -> s.update("UPDATE project SET environment = ? WHERE id = ?", environment, id));
  }

  /**
   * Removes a project that neither a key nor a sum of the ledger names.
   *
   * @throws ApiException 404 for an unknown one, 409 for one that is named
   */
  public void remove(String id) {
    database.write(
        s -> {
          Project project =
              find(s, id)
                  .orElseThrow(
                      () ->
                          new ApiException(ErrorCode.NOT_FOUND, "There is no project " + id + "."));
          boolean named =
              s.first("SELECT id FROM api_key WHERE project_id = ?", row -> row.text("id"), id)
                      .isPresent()
                  || s.first(
                          "SELECT key_id FROM rollup_day WHERE team_id = ? AND project_id = ?"
                              + " LIMIT 1",
                          row -> row.text("key_id"),
                          project.teamId(),
                          id)
                      .isPresent();
          if (named) {
            throw new ApiException(
                ErrorCode.CONFLICT,
                "The project \""
                    + project.name()
                    + "\" is named by keys or by the ledger (expected: to keep it).");
          }
          return s.update("DELETE FROM project WHERE id = ?", id);
        });
  }

  private static void checkFree(Session s, String team, String name) {
    s.first(
            "SELECT id FROM project WHERE team_id = ? AND name = ?",
            row -> row.text("id"),
            team,
            name)
        .ifPresent(
            id -> {
              throw new ApiException(
                  ErrorCode.CONFLICT, "The project name \"" + name + "\" is taken by " + id + ".");
            });
  }

  /** Projects of a team, oldest first; of all teams when it is empty. */
  public List<Project> list(Optional<String> team) {
    return database.read(
        s ->
            team.isPresent()
                ? s.list(
                    "SELECT * FROM project WHERE team_id = ? ORDER BY created_us, id",
                    ProjectStore::project,
                    team.get())
                : s.list("SELECT * FROM project ORDER BY created_us, id", ProjectStore::project));
  }

  /** A project by id. */
  public Optional<Project> get(String id) {
    return database.read(s -> find(s, id));
  }

  /**
   * A project of a team by its id or name.
   *
   * @throws ApiException 404 for an unknown one
   */
  public Project named(String teamId, String idOrName) {
    return list(Optional.of(teamId)).stream()
        .filter(p -> p.id().equals(idOrName) || p.name().equals(idOrName))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND,
                    "There is no project \""
                        + idOrName
                        + "\" of the team "
                        + teamId
                        + " (expected: a name or id of `project list`)."));
  }

  /** Passes when a project is of the team of a key. */
  static void checkOfKey(Session s, String project, String key) {
    ApiKey of = KeyRows.byId(s, key).orElseThrow();
    if (find(s, project).filter(p -> p.teamId().equals(of.teamId())).isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "projectId",
          "projectId: "
              + project
              + " (expected: the id of a project of the team "
              + of.teamId()
              + ").");
    }
  }

  private static Optional<Project> find(Session s, String id) {
    return s.first("SELECT * FROM project WHERE id = ?", ProjectStore::project, id);
  }

  private static Project project(Row row) throws SQLException {
    return new Project(
        row.text("id"),
        row.text("team_id"),
        row.text("name"),
        Project.Environment.of(row.text("environment")).orElseThrow(),
        row.instant("created_us"));
  }
}
