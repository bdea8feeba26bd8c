package dev.jubal.account.limits;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises teams to the tier that all they ever spent leads to, and lowers none. Reads the sums of
 * the ledger by day, never the ledger. Several servers may do it at once. Thread-safe.
 */
public final class TierRaise {
  private static final Logger log = LoggerFactory.getLogger(TierRaise.class);
  private static final String SPENT =
      "SELECT t.id, t.tier, SUM(r.cost_ticks) AS ticks FROM team t JOIN rollup_day r"
          + " ON r.team_id = t.id WHERE t.plan <> ? GROUP BY t.id, t.tier";

  private final Database database;

  public TierRaise(Database database) {
    this.database = database;
  }

  /** A team that was raised. */
  public record Raised(String teamId, String from, String to) {}

  private record Spent(String team, String tier, long ticks) {}

  /** Looks through all teams; those that another server raised are not among the answer. */
  public List<Raised> run() {
    try {
      Tiers tiers = new LimitStore(database).tiers();
      List<Spent> spent =
          database.read(
              s ->
                  s.list(
                      SPENT,
                      row -> new Spent(row.text("id"), row.text("tier"), row.whole("ticks")),
                      LimitBook.SELF_HOSTED));
      List<Raised> done = new ArrayList<>();
      for (Spent team : spent) {
        Tiers.Tier to = tiers.raised(team.tier, team.ticks);
        if (tiers.find(team.tier).isPresent()
            && !to.name().equals(team.tier)
            && raise(team, to.name())) {
          done.add(new Raised(team.team, team.tier, to.name()));
        }
      }
      return done;
    } catch (DatabaseException e) {
      log.warn("tiers cannot be looked through, and will be again: {}", e.getMessage());
      return List.of();
    }
  }

  private boolean raise(Spent team, String to) {
    int changed =
        database.write(
            s ->
                s.update(
                    "UPDATE team SET tier = ? WHERE id = ? AND tier = ?",
                    to,
                    team.team,
                    team.tier));
    if (changed > 0) {
      log.info("team {} is raised from {} to {} by what it spent", team.team, team.tier, to);
    }
    return changed > 0;
  }
}
