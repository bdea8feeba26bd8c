package dev.jubal.account.enduser;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The rules of teams. A change holds on every server after half a second. Thread-safe, and safe
 * beside other processes on the same folder.
 */
public final class EndUserRules {
  private static final int MOST_OF_A_TEAM = 100;
  private static final int MOST_CACHED = 10_000;
  private static final Duration FRESH = Duration.ofMillis(500);

  private final Database database;
  private final InstantSource now;
  private final Cache<String, List<EndUserRule>> known =
      Caffeine.newBuilder()
          .maximumSize(MOST_CACHED)
          .expireAfterWrite(FRESH)
          .executor(Runnable::run)
          .build();

  public EndUserRules(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /** Those of a team, as they were at most half a second ago. */
  List<EndUserRule> of(String teamId) {
    return known.get(teamId, this::list);
  }

  /** Those of a team. */
  public List<EndUserRule> list(String teamId) {
    return database.read(s -> list(s, teamId));
  }

  private static List<EndUserRule> list(Session s, String teamId) {
    return s.list(
        "SELECT * FROM end_user_rule WHERE team_id = ? ORDER BY requirement, models, endpoints",
        row ->
            new EndUserRule(
                EndUserRule.requirement(row.text("requirement")),
                row.text("models"),
                row.text("endpoints")),
        teamId);
  }

  /**
   * Replaces those of a team and returns them in their order.
   *
   * @throws ApiException 400 for too many
   */
  public List<EndUserRule> set(String teamId, List<EndUserRule> rules) {
    List<EndUserRule> each = rules.stream().distinct().toList();
    if (each.size() > MOST_OF_A_TEAM) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "rules",
          "rules: " + each.size() + " of them (expected: at most " + MOST_OF_A_TEAM + ").");
    }
    List<EndUserRule> set =
        database.write(
            s -> {
              s.update("DELETE FROM end_user_rule WHERE team_id = ?", teamId);
              for (EndUserRule rule : each) {
                s.update(
                    "INSERT INTO end_user_rule (team_id, requirement, models, endpoints,"
                        + " created_us) VALUES (?, ?, ?, ?, ?)",
                    teamId,
                    rule.requirement().text(),
                    rule.models(),
                    rule.endpoints(),
                    now.instant());
              }
              return list(s, teamId);
            });
    known.invalidate(teamId);
    return set;
  }
}
