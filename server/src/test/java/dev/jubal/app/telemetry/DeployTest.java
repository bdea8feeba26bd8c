package dev.jubal.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.DeployedMetrics;
import dev.jubal.testing.JubalServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/** What is shipped for Grafana and Prometheus asks for what a running server has. */
final class DeployTest {
  private static final String TALKS =
      "{\"answers\":[{\"prompt_tokens\":10,\"steps\":[{\"text\":\"Hi\"}]}]}";
  private static final String CHAT = "/v1/chat/completions";

  private static String body(int most) {
    return "{\"model\":\"grok-4\",\"max_tokens\":"
        + most
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }

  private static List<String> all() {
    List<String> queries = new ArrayList<>(DeployedMetrics.queries());
    queries.add(DeployedMetrics.prometheus("jubal-rules.yml"));
    return queries;
  }

  private static boolean ofEngines(String name) {
    return name.startsWith("jubal_engine_") || name.startsWith("jubal_queue_");
  }

  private static int chat(JubalServer server, int most) {
    try {
      return server.http().post(CHAT, body(most)).statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void budget(JubalServer server) {
    try (Database database = Database.open(server.dataFolder())) {
      String team = new TeamStore(database).named("default").id();
      new BudgetStore(database, server.clock())
          .set(
              new BudgetStore.Wanted(
                  team, Budget.Scope.TEAM, team, Window.MONTHLY, true, 3_000_000));
    }
  }

  /** Those of engines are looked for where engines are. */
  @Test
  void everyMetricThatIsAskedForIsOneOfARunningServer() {
    Map<String, Set<String>> asked = DeployedMetrics.asked(all());
    asked.keySet().removeIf(DeployTest::ofEngines);
    assertTrue(asked.size() > 20, asked.toString());
    try (JubalServer server = JubalServer.scripted(TALKS, "budget.refresh", "10ms")) {
      assertEquals(200, chat(server, 5));
      budget(server);
      Await.until("the budget refuses", () -> chat(server, 100_000) == 429);
      Await.until(
          "all of them are there, but " + DeployedMetrics.missing(asked, server.metrics()),
          () -> DeployedMetrics.missing(asked, server.metrics()).isEmpty());
    }
  }

  @Test
  void aLabelThatNoMetricHasIsMissed() {
    Map<String, Set<String>> asked =
        DeployedMetrics.asked(
            List.of(
                "sum by (le, tema) (rate(jubal_a_total{modle=~\"x\",instance=\"y\"}[5m]))"
                    + " / sum(jubal_b)",
                "label_values(jubal_b, modell)"));
    assertEquals(
        Map.of("jubal_a_total", Set.of("le", "tema", "modle"), "jubal_b", Set.of("modell")), asked);
    assertEquals(
        Set.of("jubal_a_total{tema}", "jubal_a_total{modle}", "jubal_b"),
        DeployedMetrics.missing(
            Map.of("jubal_a_total", Set.of("le", "tema", "modle"), "jubal_b", Set.of()),
            "jubal_a_total{le=\"1\",model=\"x\",team=\"t\"} 1.0\njubal_bb 2.0\n"));
  }

  @Test
  void thePanelsOfTheDashboardAreWhole() {
    JsonNode dashboard = DeployedMetrics.dashboard();
    Set<Integer> ids = new HashSet<>();
    Set<String> variables = new HashSet<>();
    dashboard
        .path("templating")
        .path("list")
        .forEach(v -> variables.add(v.path("name").stringValue()));
    for (JsonNode panel : dashboard.path("panels")) {
      assertTrue(ids.add(panel.path("id").intValue()), "two panels of id " + panel.path("id"));
      JsonNode at = panel.path("gridPos");
      assertTrue(at.path("x").intValue() + at.path("w").intValue() <= 24, panel.toString());
      if (!panel.path("type").stringValue().equals("row")) {
        assertTrue(!panel.path("targets").isEmpty(), panel.path("title") + " asks for nothing");
      }
      for (JsonNode target : panel.path("targets")) {
        String query = target.path("expr").stringValue();
        balanced(query);
        Pattern.compile("\\$([a-z]+)")
            .matcher(query)
            .results()
            .forEach(m -> assertTrue(variables.contains(m.group(1)), query));
        told("\\{\\{ *([a-z_]+) *}}", target.path("legendFormat").asString(""), query);
      }
    }
    assertTrue(ids.size() > 30, ids.size() + " panels");
  }

  private static void balanced(String query) {
    long open = query.chars().filter(c -> c == '(' || c == '{').count();
    long close = query.chars().filter(c -> c == ')' || c == '}').count();
    assertEquals(open, close, query);
  }

  /** The labels in what is shown of a query are those of its answer. */
  private static void told(String label, String text, String query) {
    Set<String> grouped = DeployedMetrics.grouped(query);
    Set<String> has = grouped.isEmpty() ? Set.of("instance") : grouped;
    Pattern.compile(label)
        .matcher(text)
        .results()
        .forEach(m -> assertTrue(has.contains(m.group(1)), text + " of " + query));
  }

  @Test
  void theRulesAreWhole() {
    String text = DeployedMetrics.prometheus("jubal-rules.yml");
    Set<String> names = new HashSet<>();
    for (Object group : list(yaml(text).get("groups"))) {
      for (Object rule : list(map(group).get("rules"))) {
        Map<?, ?> alert = map(rule);
        assertTrue(names.add(String.valueOf(alert.get("alert"))), "two of " + alert.get("alert"));
        String query = String.valueOf(alert.get("expr"));
        balanced(query);
        assertTrue(
            Set.of("critical", "warning", "info")
                .contains(map(alert.get("labels")).get("severity")),
            alert.toString());
        Map<?, ?> said = map(alert.get("annotations"));
        assertTrue(
            said.containsKey("summary") && said.containsKey("description"), alert.toString());
        said.values().forEach(v -> told("\\$labels\\.([a-z_]+)", String.valueOf(v), query));
      }
    }
    assertTrue(names.size() >= 10, names.toString());
  }

  @Test
  void theConfigurationLoadsTheRulesAndScrapes() {
    Map<?, ?> config = yaml(DeployedMetrics.prometheus("prometheus.yml"));
    assertEquals(List.of("jubal-rules.yml"), config.get("rule_files"));
    assertEquals("jubal", map(list(config.get("scrape_configs")).getFirst()).get("job_name"));
  }

  private static Map<?, ?> yaml(String text) {
    return map(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
