package dev.jubal.account.budget;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The rows of plans, and which team has which. Thread-safe, and safe beside other processes. */
public final class Plans {
  private final Database database;
  private final InstantSource now;

  public Plans(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /** All plans by name. */
  public List<Plan> list() {
    return database.read(Plans::all);
  }

  static List<Plan> all(Session s) {
    return s.list("SELECT * FROM plan ORDER BY name", Plans::plan);
  }

  /** The plan of a team. */
  public Optional<Plan> of(String teamId) {
    return database.read(
        s ->
            s.first(
                "SELECT p.* FROM plan p JOIN team t ON t.plan = p.name WHERE t.id = ?",
                Plans::plan,
                teamId));
  }

  /**
   * Gives a team a plan. One that begins to need credits owes nothing for what it spent before.
   *
   * @throws ApiException 400 for an unknown plan
   */
  public void set(String teamId, String name) {
    database.write(
        s -> {
          List<Plan> all = all(s);
          Plan plan =
              all.stream()
                  .filter(p -> p.name().equals(name))
                  .findFirst()
                  .orElseThrow(() -> unknown(name, all));
          Instant at = now.instant();
          s.update("UPDATE team SET plan = ? WHERE id = ?", name, teamId);
          if (plan.creditsNeeded()) {
            Credits.open(s, teamId, at);
          }
          Credits.turnMonth(s, teamId, plan, at);
          BudgetStore.changed(s);
          return true;
        });
  }

  private static ApiException unknown(String name, List<Plan> all) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE,
        "plan",
        "plan: \"" + name + "\" (expected: one of " + all.stream().map(Plan::name).toList() + ").");
  }

  /** The plans of all teams, by the team's id. */
  static Map<String, Plan> byTeam(Session s) {
    Map<String, Plan> plans = new HashMap<>();
    all(s).forEach(p -> plans.put(p.name(), p));
    Map<String, Plan> found = new HashMap<>();
    s.list("SELECT id, plan FROM team", row -> Map.entry(row.text("id"), row.text("plan")))
        .forEach(e -> found.put(e.getKey(), plans.getOrDefault(e.getValue(), Plan.SELF_HOSTED)));
    return found;
  }

  private static Plan plan(Row row) throws SQLException {
    return new Plan(
        row.text("name"),
        row.flag("credits_needed"),
        row.whole("monthly_ticks"),
        row.whole("multiplier_permille"),
        steps(row.text("steps")),
        row.text("about"));
  }

  private static List<Plan.Step> steps(String json) {
    List<Plan.Step> steps = new ArrayList<>();
    for (JsonNode step : Json.mapper().readTree(json)) {
      steps.add(new Plan.Step(step.path("from_ticks").asLong(), step.path("permille").asLong()));
    }
    return steps;
  }
}
