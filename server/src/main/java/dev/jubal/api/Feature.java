package dev.jubal.api;

import dev.jubal.platform.http.Routes;

/** One public surface. */
public interface Feature {
  /** Adds its routes. */
  void register(Routes routes);
}
