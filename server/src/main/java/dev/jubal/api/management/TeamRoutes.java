package dev.jubal.api.management;

import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.User;
import dev.jubal.account.keys.UserStore;
import dev.jubal.account.management.Manager;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/** Teams, their users and their projects. Listing teams is xAI's, the rest is ours. */
final class TeamRoutes {
  private final TeamStore teams;
  private final UserStore users;
  private final ProjectStore projects;
  private final Places places;
  private final InstantSource now;

  TeamRoutes(ManagementFeature.Parts parts, Places places) {
    this.teams = parts.teams();
    this.users = parts.users();
    this.projects = parts.projects();
    this.places = places;
    this.now = parts.now();
  }

  void register(Routes routes) {
    routes.add(
        Route.get("/auth/teams")
            .access(Access.MANAGEMENT, "teams:read")
            .summary("Lists the teams that the management key manages.")
            .gives(TeamWire.Teams.class)
            .handle(this::list));
    routes.add(
        Route.post("/auth/teams")
            .access(Access.MANAGEMENT, "teams:write")
            .summary("Makes a team with a first user; for management keys of all teams.")
            .takes(TeamWire.NewTeam.class)
            .gives(TeamWire.Team.class)
            .handle(this::create));
    routes.add(
        Route.put("/auth/teams/{team_id}")
            .access(Access.MANAGEMENT, "teams:write")
            .summary("Renames or blocks a team; for management keys of all teams.")
            .takes(TeamWire.TeamChange.class)
            .gives(TeamWire.Team.class)
            .handle(this::change));
    people(routes);
    parts(routes);
  }

  private void people(Routes routes) {
    routes.add(
        Route.get("/auth/teams/{team_id}/users")
            .access(Access.MANAGEMENT, "users:read")
            .summary("Lists a team's users, oldest first.")
            .gives(TeamWire.People.class)
            .handle(
                (call, out) ->
                    out.json(
                        200,
                        new TeamWire.People(
                            users.list(Optional.of(places.team(call).id())).stream()
                                .map(TeamWire.Person::of)
                                .toList()))));
    routes.add(
        Route.post("/auth/teams/{team_id}/users")
            .access(Access.MANAGEMENT, "users:write")
            .summary("Makes a user.")
            .takes(TeamWire.NewPerson.class)
            .gives(TeamWire.Person.class)
            .handle(this::createUser));
    routes.add(
        Route.put("/auth/users/{user_id}")
            .access(Access.MANAGEMENT, "users:write")
            .summary("Renames or disables a user; all keys of a disabled one are refused.")
            .takes(TeamWire.PersonChange.class)
            .gives(TeamWire.Person.class)
            .handle(this::changeUser));
  }

  private void parts(Routes routes) {
    routes.add(
        Route.get("/auth/teams/{team_id}/projects")
            .access(Access.MANAGEMENT, "projects:read")
            .summary("Lists a team's projects, oldest first.")
            .gives(TeamWire.Parts.class)
            .handle(
                (call, out) ->
                    out.json(
                        200,
                        new TeamWire.Parts(
                            projects.list(Optional.of(places.team(call).id())).stream()
                                .map(TeamWire.Part::of)
                                .toList()))));
    routes.add(
        Route.post("/auth/teams/{team_id}/projects")
            .access(Access.MANAGEMENT, "projects:write")
            .summary("Makes a project, for dev, staging or prod.")
            .takes(TeamWire.NewPart.class)
            .gives(TeamWire.Part.class)
            .handle(this::createProject));
  }

  private void list(Call call, Exchange out) {
    Manager caller = call.caller(Manager.class);
    out.json(
        200,
        new TeamWire.Teams(
            teams.list().stream()
                .filter(t -> caller.manages(t.id()))
                .map(TeamWire.Team::of)
                .toList()));
  }

  private void create(Call call, Exchange out) {
    call.caller(Manager.class).checkAll();
    TeamWire.NewTeam asked = Bodies.read(call, TeamWire.NewTeam.class);
    out.json(
        200,
        TeamWire.Team.of(
            teams.create(
                Objects.requireNonNull(asked.name()),
                Optional.ofNullable(asked.tier()),
                now.instant())));
  }

  private void change(Call call, Exchange out) {
    dev.jubal.account.keys.Team team = places.team(call);
    call.caller(Manager.class).checkAll(); // a team must not lift its own block or limits
    TeamWire.TeamChange asked = Bodies.read(call, TeamWire.TeamChange.class);
    out.json(
        200,
        TeamWire.Team.of(
            teams.set(
                team.id(),
                new TeamStore.Change(
                    Optional.ofNullable(asked.name()),
                    Optional.ofNullable(asked.tier()),
                    old ->
                        old.withBlocked(
                            Objects.requireNonNullElse(asked.blocked(), old.blocked()))))));
  }

  private void createUser(Call call, Exchange out) {
    String team = places.team(call).id();
    TeamWire.NewPerson asked = Bodies.read(call, TeamWire.NewPerson.class);
    String name = Objects.requireNonNull(asked.name());
    out.json(200, TeamWire.Person.of(users.create(team, name)));
  }

  private void changeUser(Call call, Exchange out) {
    Manager caller = call.caller(Manager.class);
    String id = call.param("user_id");
    User user =
        users
            .get(id)
            .filter(u -> caller.manages(u.teamId()))
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.NOT_FOUND,
                        "There is no user \"" + id + "\" that this management key manages."));
    TeamWire.PersonChange asked = Bodies.read(call, TeamWire.PersonChange.class);
    out.json(
        200,
        TeamWire.Person.of(
            users.set(
                user.id(),
                Optional.ofNullable(asked.name()),
                Optional.ofNullable(asked.disabled()))));
  }

  private void createProject(Call call, Exchange out) {
    String team = places.team(call).id();
    TeamWire.NewPart asked = Bodies.read(call, TeamWire.NewPart.class);
    out.json(
        200,
        TeamWire.Part.of(
            projects.create(
                team,
                Objects.requireNonNull(asked.name()),
                Objects.requireNonNull(asked.environment()))));
  }
}
