package dev.jubal.app;

import dev.jubal.backend.onnx.OnnxBackend;
import dev.jubal.backend.scripted.ScriptedBackend;
import dev.jubal.inference.Backend;
import dev.jubal.inference.EmbeddingBackend;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The ways to answer, and the catalogue of names that point to them. */
record Backends(
    Map<String, Backend> byName, Map<String, EmbeddingBackend> embeddings, Catalogue catalogue)
    implements AutoCloseable {

  static Backends open(Config config) {
    CatalogueLoader.Options options =
        CatalogueLoader.Options.STANDARD.withAliases(config.models().aliases());
    Path script = config.models().script().orElseThrow();
    return new Backends(
        Map.of("scripted", scripted(script)),
        Map.of("onnx", new OnnxBackend(Runtime.getRuntime().availableProcessors())),
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

  /** What stands behind a row, of either kind. */
  Backend.Weights weights(Model model) {
    return switch (model.kind()) {
      case LANGUAGE -> find(byName, model).weights(model);
      case EMBEDDING -> find(embeddings, model).weights(model);
    };
  }

  private static <B> B find(Map<String, B> backends, Model model) {
    B backend = backends.get(model.backend());
    if (backend == null) {
      throw new ApiException(
          ErrorCode.SERVICE_UNAVAILABLE, "The backend " + model.backend() + " is not running.");
    }
    return backend;
  }

  @Override
  public void close() {
    byName.values().forEach(Backend::close);
    embeddings.values().forEach(EmbeddingBackend::close);
  }
}
