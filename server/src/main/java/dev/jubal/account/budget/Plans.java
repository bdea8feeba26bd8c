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
import tools.jackson.databind.node.ArrayNode;

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

  /**
   * Makes a plan, or changes the one of that name.
   *
   * @throws ApiException 400 for a malformed value, or monthly credits that are too many
   */
  public void put(Plan plan) {
    if (!plan.name().matches("[a-z0-9-]{1,64}")) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "plan",
          "plan: \""
              + plan.name()
              + "\" (expected: 1-64 small letters, digits or dashes, as standard).");
    }
    Credits.check("monthly_credits", plan.monthlyTicks());
    database.write(
        s -> {
          Optional<Plan> old =
              all(s).stream().filter(p -> p.name().equals(plan.name())).findFirst();
          if (old.isPresent()) {
            changed(s, old.get(), plan);
            s.update(
                "UPDATE plan SET credits_needed = ?, monthly_ticks = ?, multiplier_permille = ?,"
                    + " steps = ?, about = ? WHERE name = ?",
                plan.creditsNeeded(),
                plan.monthlyTicks(),
                plan.multiplierPermille(),
                steps(plan.steps()),
                plan.about(),
                plan.name());
          } else {
            s.update(
                "INSERT INTO plan (name, credits_needed, monthly_ticks, multiplier_permille, steps,"
                    + " about) VALUES (?, ?, ?, ?, ?, ?)",
                plan.name(),
                plan.creditsNeeded(),
                plan.monthlyTicks(),
                plan.multiplierPermille(),
                steps(plan.steps()),
                plan.about());
          }
          BudgetStore.changed(s);
          return true;
        });
  }

  private void changed(Session s, Plan old, Plan next) {
    for (String team :
        s.list("SELECT id FROM team WHERE plan = ?", row -> row.text("id"), next.name())) {
      PlanHistory.changed(s, team, old, next, now.instant());
    }
  }

  /**
   * Removes a plan.
   *
   * @throws ApiException 409 when a team has it
   */
  public void remove(String name) {
    database.write(
        s -> {
          s.first("SELECT name FROM team WHERE plan = ?", row -> row.text("name"), name)
              .ifPresent(
                  team -> {
                    throw new ApiException(
                        ErrorCode.CONFLICT,
                        "The plan \""
                            + name
                            + "\" is that of the team \""
                            + team
                            + "\" (expected: a plan of no team).");
                  });
          BudgetStore.changed(s);
          return s.update("DELETE FROM plan WHERE name = ?", name);
        });
  }

  /** The plan of a team. */
  public Optional<Plan> of(String teamId) {
    return database.read(s -> of(s, teamId));
  }

  private static Optional<Plan> of(Session s, String teamId) {
    return s.first(
        "SELECT p.* FROM plan p JOIN team t ON t.plan = p.name WHERE t.id = ?",
        Plans::plan,
        teamId);
  }

  /**
   * Whether a team needed credits just before a moment, whatever its plan says now; as it does now
   * where no change is known.
   */
  public boolean creditsNeeded(String teamId, Instant before) {
    return database.read(
        s ->
            PlanHistory.creditsNeeded(s, teamId, before)
                .orElseGet(() -> of(s, teamId).orElse(Plan.SELF_HOSTED).creditsNeeded()));
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
          PlanHistory.changed(s, teamId, of(s, teamId).orElse(Plan.SELF_HOSTED), plan, at);
          s.update("UPDATE team SET plan = ? WHERE id = ?", name, teamId);
          if (plan.creditsNeeded()) {
            Credits.open(s, teamId, at);
          }
          MonthlyCredits.give(s, teamId, plan, at);
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

  private static String steps(List<Plan.Step> steps) {
    ArrayNode all = Json.mapper().createArrayNode();
    steps.forEach(
        step ->
            all.addObject().put("from_ticks", step.fromTicks()).put("permille", step.permille()));
    return all.toString();
  }

  private static List<Plan.Step> steps(String json) {
    List<Plan.Step> steps = new ArrayList<>();
    for (JsonNode step : Json.mapper().readTree(json)) {
      steps.add(new Plan.Step(step.path("from_ticks").asLong(), step.path("permille").asLong()));
    }
    return steps;
  }
}
