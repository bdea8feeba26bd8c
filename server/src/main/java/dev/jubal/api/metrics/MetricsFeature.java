package dev.jubal.api.metrics;

import dev.jubal.api.Feature;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.metrics.MetricsServer;
import dev.jubal.platform.metrics.ServerMetrics;

/** The metrics for whoever has a key. */
public final class MetricsFeature implements Feature {
  private final ServerMetrics metrics;

  public MetricsFeature(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void register(Routes routes) {
    routes.add(MetricsServer.route(Access.OWNER, metrics));
  }
}
