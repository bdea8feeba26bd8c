package dev.jubal.app.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.platform.sql.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every column of the schema is in the file or stands here with the reason why not: who adds one
 * has to decide, so that no export leaves out what an operator set.
 */
final class CompletenessTest {
  @TempDir private Path folder;

  /** In the file, but for these columns, which are not set by anyone. */
  private static final Map<String, Set<String>> IN_THE_FILE =
      Map.ofEntries(
          Map.entry(
              "plan",
              Set.of(
                  "name",
                  "credits_needed",
                  "monthly_ticks",
                  "multiplier_permille",
                  "steps",
                  "about")),
          Map.entry("tier", Set.of("name", "grade", "spent_ticks")),
          Map.entry("tier_limit", Set.of("tier", "scope", "model", "quota", "most")),
          Map.entry("team_limit", Set.of("team_id", "scope", "model", "quota", "most")),
          Map.entry("team", Set.of("name", "tier", "plan", "policy")),
          Map.entry("project", Set.of("team_id", "name", "environment")),
          Map.entry("app_user", Set.of("team_id", "name", "disabled")),
          Map.entry(
              "api_key",
              Set.of(
                  "user_id", "name", "expires_us", "disabled", "project_id", "qps", "qpm", "tpm")),
          Map.entry("api_key_acl", Set.of("key_id", "acl")),
          Map.entry("management_key", Set.of("team_id", "name", "expires_us")),
          Map.entry("management_key_acl", Set.of("key_id", "acl")),
          Map.entry("budget", Set.of("team_id", "scope", "subject", "period", "hard", "ticks")),
          Map.entry(
              "price",
              Set.of(
                  "model",
                  "from_us",
                  "rate_prompt",
                  "rate_cached",
                  "rate_completion",
                  "long_threshold",
                  "long_rate_prompt",
                  "long_rate_cached",
                  "long_rate_completion",
                  "more",
                  "source")),
          Map.entry("end_user_rule", Set.of("team_id", "requirement", "models", "endpoints")),
          Map.entry("model_route", Set.of("name", "backend", "target")));

  /** Columns of those tables that no operator sets: ids, moments, and what is never exported. */
  private static final Set<String> NOT_SET =
      Set.of("id", "created_us", "modified_us", "deleted_us", "redacted", "secret_hash");

  /** A management key that is disabled is gone for good, and so not in the file. */
  private static final Set<String> ELSEWHERE = Set.of("management_key.disabled");

  /**
   * Not what an operator set: what requests left, what teams said, what servers know of themselves.
   */
  private static final Set<String> NOT_OPERATED =
      Set.of(
          "flyway_schema_history",
          "schema_compat",
          "node",
          "money_change",
          "data_key",
          "ledger_admission",
          "ledger_settlement",
          "ledger_extension",
          "ledger_correction",
          "ledger_mark",
          "rollup_hour",
          "rollup_day",
          "rollup_end_user",
          "credit",
          "team_plan",
          "billing_info",
          "stored_thread",
          "stored_response",
          "stored_team",
          "work",
          "work_event",
          "work_replay",
          "job",
          "webhook_job",
          "webhook_secret",
          "webhook_call",
          "end_user",
          "end_user_consent",
          "api_key_former",
          // what nodes hold, who is signed in, and alerts, whose destinations are sealed for a team
          "quota_lease",
          "operator_session",
          "alert_rule",
          "alert_state",
          "alert_event",
          "alert_delivery",
          "alert_job",
          "usage_minute");

  @Test
  void everyColumnIsInTheFileOrNamedHere() {
    Set<String> open = new TreeSet<>();
    try (Database database = Database.open(folder.resolve("data"))) {
      List<String> tables =
          database.read(
              s ->
                  s.list(
                      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE"
                          + " 'sqlite%'",
                      row -> row.text("name")));
      for (String table : tables) {
        if (!NOT_OPERATED.contains(table)) {
          columns(database, table).stream()
              .filter(c -> !IN_THE_FILE.getOrDefault(table, Set.of()).contains(c))
              .filter(c -> !NOT_SET.contains(c) && !ELSEWHERE.contains(table + "." + c))
              .forEach(c -> open.add(table + "." + c));
        }
      }
    }
    assertEquals(Set.of(), open, "neither in the file nor left out on purpose");
  }

  private static List<String> columns(Database database, String table) {
    return new ArrayList<>(
        database.read(s -> s.list("PRAGMA table_info(" + table + ")", row -> row.text("name"))));
  }
}
