package dev.jubal.testing;

import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What the dashboard and the alert rules of {@code deploy/} ask Prometheus for. */
public final class DeployedMetrics {
  private static final Path FOLDER = Path.of("../deploy");
  private static final Pattern METRIC = Pattern.compile("\\b(jubal_[a-z0-9_]+)(\\{[^}]*}|)");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+) *(?:=~|!~|!=|=)");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without) *\\(([^)]*)\\) *\\(");
  private static final Pattern VALUES =
      Pattern.compile("label_values\\((jubal_[a-z0-9_]+), *([a-z_]+)\\)");

  /** Labels that Prometheus adds. */
  private static final Set<String> ADDED = Set.of("instance", "job");

  private DeployedMetrics() {}

  /** The dashboard. */
  public static JsonNode dashboard() {
    return Json.tree(bytes("grafana/jubal.json"));
  }

  /** A file of Prometheus. */
  public static String prometheus(String name) {
    return new String(bytes("prometheus/" + name), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The queries of the dashboard, those of its variables among them. */
  public static List<String> queries() {
    List<String> found = new ArrayList<>();
    JsonNode dashboard = dashboard();
    for (JsonNode panel : dashboard.path("panels")) {
      panel.path("targets").forEach(t -> found.add(t.path("expr").stringValue()));
    }
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      variable.path("definition").stringValueOpt().ifPresent(found::add);
    }
    return found;
  }

  /** Our metrics in some queries, each with the labels that it is asked to have. */
  public static Map<String, Set<String>> asked(List<String> queries) {
    Map<String, Set<String>> asked = new TreeMap<>();
    for (String query : queries) {
      for (MatchResult metric : all(METRIC, query)) {
        Set<String> labels = asked.computeIfAbsent(metric.group(1), m -> new TreeSet<>());
        all(MATCHER, metric.group(2)).forEach(m -> labels.add(m.group(1)));
      }
      for (MatchResult values : all(VALUES, query)) {
        asked.computeIfAbsent(values.group(1), m -> new TreeSet<>()).add(values.group(2));
      }
      for (MatchResult grouping : all(GROUPING, query)) {
        for (MatchResult metric : all(METRIC, argument(query, grouping.end()))) {
          asked
              .computeIfAbsent(metric.group(1), m -> new TreeSet<>())
              .addAll(labels(grouping.group(1)));
        }
      }
    }
    asked.values().forEach(labels -> labels.removeAll(ADDED));
    return asked;
  }

  /** The labels that the answer of a query has, as far as it is grouped. */
  public static Set<String> grouped(String query) {
    Set<String> labels = new TreeSet<>();
    all(GROUPING, query).forEach(g -> labels.addAll(labels(g.group(1))));
    return labels;
  }

  private static List<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static List<String> labels(String list) {
    return List.of(list.strip().split(" *, *"));
  }

  /** What stands between a bracket and the one that closes it. */
  private static String argument(String query, int from) {
    int open = 1;
    int to = from;
    while (open > 0 && to < query.length()) {
      char c = query.charAt(to++);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return query.substring(from, to);
  }

  /** What a scrape does not have of them: names, and labels as {@code name{label}}. */
  public static Set<String> missing(Map<String, Set<String>> asked, String scrape) {
    Set<String> missing = new TreeSet<>();
    asked.forEach(
        (name, labels) -> {
          List<String> lines = scrape.lines().filter(l -> l.matches(name + "[{ ].*")).toList();
          if (lines.isEmpty()) {
            missing.add(name);
          }
          for (String label : labels) {
            if (lines.stream().noneMatch(l -> l.matches(".*[{,]" + label + "=.*"))) {
              missing.add(name + "{" + label + "}");
            }
          }
        });
    return missing;
  }
}
