package dev.jubal.account.management;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.Optional;

/**
 * Who calls with a management key, or signed in and so stands for one.
 *
 * @param session of the sign-in
 */
public record Manager(ManagementKey key, Optional<OperatorSession> session) {
  /** Who calls with a management key. */
  public Manager(ManagementKey key) {
    this(key, Optional.empty());
  }

  /** Whether a team is one of its own. */
  public boolean manages(String teamId) {
    return key.teamId().map(teamId::equals).orElse(true);
  }

  /**
   * Passes when a team is one of its own; another is as unknown as one that does not exist.
   *
   * @throws ApiException 404
   */
  public void checkTeam(String teamId) {
    if (!manages(teamId)) {
      throw noTeam(teamId);
    }
  }

  /** What is said of a team that does not exist, and of one that is not the caller's. */
  public static ApiException noTeam(String teamId) {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "There is no team \""
            + teamId
            + "\" that this management key manages (expected: an id of GET /auth/teams).");
  }

  /**
   * Passes when it manages every team.
   *
   * @throws ApiException 403
   */
  public void checkAll() {
    if (key.teamId().isPresent()) {
      throw new ApiException(
          ErrorCode.PERMISSION_DENIED,
          "The management key "
              + key.name()
              + " manages one team alone (expected: one made without --team).");
    }
  }
}
