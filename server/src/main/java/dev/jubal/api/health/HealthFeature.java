package dev.jubal.api.health;

import dev.jubal.api.Feature;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.function.BooleanSupplier;

/**
 * Alive: the process answers. Ready: it takes requests; no longer once a stop began, while it still
 * serves those that come until the balancer has looked.
 */
public final class HealthFeature implements Feature {
  private static final String TEXT = "text/plain";

  private final BooleanSupplier draining;

  /** Answers 503 to /readyz as soon as {@code draining} says so. */
  public HealthFeature(BooleanSupplier draining) {
    this.draining = draining;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.get("/healthz")
            .access(Access.PUBLIC, "healthz")
            .summary("Says ok while the process answers.")
            .givesText(TEXT)
            .handle((call, out) -> out.text(200, TEXT, "ok")));
    routes.add(
        Route.get("/readyz")
            .access(Access.PUBLIC, "readyz")
            .summary("Says ok while new requests are welcome; 503 draining once a stop began.")
            .givesText(TEXT)
            .handle(
                (call, out) -> {
                  boolean stops = draining.getAsBoolean();
                  out.text(stops ? 503 : 200, TEXT, stops ? "draining" : "ok");
                }));
  }
}
