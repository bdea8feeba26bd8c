package dev.jubal.bench.report;

import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/** The committed figures of a suite, with the machine they come from. */
public final class Baseline {
  private final Map<String, Double> values;

  private Baseline(Map<String, Double> values) {
    this.values = values;
  }

  private record Stored(String measured, Machine machine, Map<String, Figure> metrics) {}

  private record Figure(double value, String unit) {}

  /** The baseline of a suite; without any figure when there is no file. */
  public static Baseline read(Path folder, String suite) throws IOException {
    Path file = folder.resolve(suite + ".json");
    Map<String, Double> values = new LinkedHashMap<>();
    if (Files.exists(file)) {
      JsonNode metrics = Json.tree(Files.readAllBytes(file)).path("metrics");
      metrics
          .properties()
          .forEach(e -> values.put(e.getKey(), e.getValue().path("value").asDouble()));
    }
    return new Baseline(values);
  }

  OptionalDouble value(String metric) {
    Double value = values.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Writes what was measured as the new baseline of its suite. */
  public static Path write(Path folder, Report report, String date) throws IOException {
    return write(folder, report, date, new LinkedHashMap<>());
  }

  /** The same, but figures that were not measured now stay: for suites that run in parts. */
  public static Path update(Path folder, Report report, String date) throws IOException {
    Map<String, Figure> metrics = new LinkedHashMap<>();
    Path file = folder.resolve(report.suite() + ".json");
    if (Files.exists(file)) {
      for (var metric : Json.tree(Files.readAllBytes(file)).path("metrics").properties()) {
        JsonNode figure = metric.getValue();
        metrics.put(
            metric.getKey(),
            new Figure(figure.path("value").asDouble(), figure.path("unit").asString()));
      }
    }
    return write(folder, report, date, metrics);
  }

  private static Path write(Path folder, Report report, String date, Map<String, Figure> metrics)
      throws IOException {
    report
        .metrics()
        .forEach(m -> metrics.put(m.name(), new Figure(Table.rounded(m.value()), m.unit())));
    Path file = folder.resolve(report.suite() + ".json");
    Files.createDirectories(folder);
    byte[] text =
        Json.mapper()
            .writer()
            .with(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsBytes(new Stored(date, Machine.here(), metrics));
    Files.write(file, text);
    return file;
  }
}
