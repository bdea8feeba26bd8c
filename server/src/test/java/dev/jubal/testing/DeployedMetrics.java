package dev.jubal.testing;

import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What the dashboard and the alert rules of {@code deploy/} ask Prometheus for. */
public final class DeployedMetrics {
  private static final Path FOLDER = Path.of("../deploy");
  private static final Pattern NAME = Pattern.compile("\\bjubal_[a-z0-9_]+");

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

  /** The names of our metrics in some queries. */
  public static Set<String> names(List<String> queries) {
    Set<String> names = new TreeSet<>();
    queries.forEach(q -> NAME.matcher(q).results().forEach(m -> names.add(m.group())));
    return names;
  }

  /** Names that a scrape does not have. */
  public static Set<String> missing(Set<String> names, String scrape) {
    Set<String> missing = new TreeSet<>();
    for (String name : names) {
      if (!Pattern.compile("(?m)^" + name + "[{ ]").matcher(scrape).find()) {
        missing.add(name);
      }
    }
    return missing;
  }
}
