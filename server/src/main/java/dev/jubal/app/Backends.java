package dev.jubal.app;

import dev.jubal.backend.scripted.ScriptedBackend;
import dev.jubal.inference.Backend;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.platform.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The ways to answer, and the catalogue of names that point to them. */
record Backends(Map<String, Backend> byName, Catalogue catalogue) {

  static Backends open(Config config) {
    CatalogueLoader.Options options =
        CatalogueLoader.Options.STANDARD.withAliases(config.models().aliases());
    Path script = config.models().script().orElseThrow();
    return new Backends(
        Map.of("scripted", scripted(script)),
        CatalogueLoader.load(options.withBackend("scripted")));
  }

  private static Backend scripted(Path script) {
    try {
      return ScriptedBackend.open(Config.expand(script));
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "models.script: " + script + " cannot be played: " + e.getMessage());
    }
  }
}
