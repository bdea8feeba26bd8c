package dev.jubal.backend.llama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.llama.host.EngineHost;
import dev.jubal.llama.host.HostLimits;
import dev.jubal.llama.host.Memory;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.testing.DeployedMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the dashboard and the rules ask of engines and their queue exists there. */
final class DeployedEngineMetricsTest {
  @Test
  void everyMetricOfEnginesThatIsAskedForIsThere() {
    List<String> queries = new ArrayList<>(DeployedMetrics.queries());
    queries.add(DeployedMetrics.prometheus("jubal-rules.yml"));
    Map<String, Set<String>> asked = DeployedMetrics.asked(queries);
    asked.keySet().removeIf(n -> !n.startsWith("jubal_engine_") && !n.startsWith("jubal_queue_"));
    assertTrue(asked.size() > 5, asked.toString());
    try (ServerMetrics metrics = new ServerMetrics();
        EngineHost host =
            new EngineHost(
                HostLimits.standard(),
                options -> {
                  throw new IllegalStateException("nothing is loaded here");
                },
                Memory.Gauge.system())) {
      EngineMeters.bind(host, 4, metrics);
      try (QueueMeters.Wait wait = new QueueMeters(metrics).begin(false, "grok-4", event -> {})) {
        wait.accept(new GenerationEvent.Started(1, 0));
      }
      assertEquals(Set.of(), DeployedMetrics.missing(asked, metrics.scrape()));
    }
  }
}
