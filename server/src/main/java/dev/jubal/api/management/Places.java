package dev.jubal.api.management;

import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.management.Manager;
import dev.jubal.platform.http.Call;

/** The team that a path names. */
final class Places {
  private final TeamStore teams;

  Places(TeamStore teams) {
    this.teams = teams;
  }

  /**
   * The team of {@code {team_id}}.
   *
   * @throws dev.jubal.platform.error.ApiException 404 for one that does not exist, and in the same
   *     words for one that the caller does not manage
   */
  Team team(Call call) {
    Manager caller = call.caller(Manager.class);
    String id = call.param("team_id");
    caller.checkTeam(id);
    return teams.get(id).orElseThrow(() -> Manager.noTeam(id));
  }
}
