package dev.jubal.inference;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Service;

/**
 * For whom a backend works: its queue goes round by team, then key, then end user.
 *
 * @param user the client's own end user, empty when unsaid
 * @param weight how many turns the team gets for each one of a team of weight 1, 1 to 1000
 * @param background whether it gives way to every request that is not
 */
public record Requester(String team, String key, String user, int weight, boolean background) {
  private static final int PRIORITY_TURNS = 4;
  private static final int MOST_WEIGHT = 1000;

  /**
   * Who asks for a service: what is served before others has {@value #PRIORITY_TURNS} turns for
   * each one of its team's usual requests, beside these; a batch gives way.
   */
  static Requester of(Principal who, String user, boolean background, Service service) {
    boolean first = service == Service.PRIORITY;
    return new Requester(
        first ? who.teamId() + " first" : who.teamId(),
        who.keyId(),
        user,
        first ? Math.min(MOST_WEIGHT, PRIORITY_TURNS * who.weight()) : who.weight(),
        background || service == Service.BATCH);
  }
}
