package dev.jubal.testing;

import dev.jubal.inference.sight.Sight;
import dev.jubal.inference.sight.SightConfig;
import dev.jubal.inference.sight.SightMeters;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.net.NetConfig;
import dev.jubal.platform.net.PublicHttp;
import dev.jubal.platform.net.Resolver;
import java.time.Duration;
import java.util.Map;

/** Looks at pictures without reading their text, so that every machine says the same of them. */
public final class Blind {
  private Blind() {}

  public static Sight sight() {
    return new Sight(
        new SightConfig(16, "off", "eng", Duration.ofSeconds(10)),
        new PublicHttp(NetConfig.STANDARD, Resolver.system()),
        new SightMeters(new ServerMetrics()),
        Map.of());
  }
}
