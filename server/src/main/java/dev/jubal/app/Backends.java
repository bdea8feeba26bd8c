package dev.jubal.app;

import dev.jubal.backend.llama.AnswerPlanner;
import dev.jubal.backend.llama.EngineConfig;
import dev.jubal.backend.llama.InstalledModels;
import dev.jubal.backend.llama.LlamaBackend;
import dev.jubal.backend.llama.QueueMeters;
import dev.jubal.backend.llama.decision.CallDecider;
import dev.jubal.backend.llama.decision.IntentProbe;
import dev.jubal.backend.llama.models.LocalModel;
import dev.jubal.backend.llama.models.LocalModels;
import dev.jubal.backend.llama.models.Setup;
import dev.jubal.backend.onnx.OnnxBackend;
import dev.jubal.backend.scripted.ScriptedBackend;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.CatalogueLoader.Destination;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.embedding.EmbeddingBackend;
import dev.jubal.inference.reasoning.TwoPass;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.host.EngineHost;
import dev.jubal.llama.host.HostLimits;
import dev.jubal.llama.host.Memory;
import dev.jubal.llama.scheduler.SlotEngine;
import dev.jubal.llama.worker.WorkerEngine;
import dev.jubal.llama.worker.WorkerSettings;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.metrics.ServerMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The ways to answer, and the catalogue of names that point to them.
 *
 * @param engines the embedded engines, empty when a script answers
 */
record Backends(
    Map<String, Backend> byName,
    Map<String, EmbeddingBackend> embeddings,
    Catalogue catalogue,
    Optional<EngineHost> engines)
    implements AutoCloseable {

  static Backends open(
      Config config, Map<String, Destination> routes, Progress progress, ServerMetrics metrics) {
    CatalogueLoader.Options options =
        CatalogueLoader.Options.STANDARD
            .withAliases(config.models().aliases())
            .withDefaults(config.models().defaults());
    OnnxBackend onnx = new OnnxBackend(Runtime.getRuntime().availableProcessors());
    Map<String, EmbeddingBackend> embeddings = Map.of("onnx", onnx);
    Optional<Path> script = config.models().script();
    if (script.isPresent()) {
      return new Backends(
          Map.of("scripted", new TwoPass(scripted(script.get()), config.reasoning())),
          embeddings,
          CatalogueLoader.load(options.withBackend("scripted")),
          Optional.empty());
    }
    LocalModels models = new LocalModels(config.dataFolder());
    InstalledModels installed = new InstalledModels(models);
    Setup.Ready ready = setUp(config, progress);
    EngineHost host = host(config.engine());
    return new Backends(
        Map.of(
            "llama",
            new TwoPass(
                new LlamaBackend(
                    host,
                    installed,
                    config.engine(),
                    new LlamaBackend.Folders(
                        ready.library(), config.dataFolder().resolve("prefixes")),
                    new QueueMeters(metrics),
                    new AnswerPlanner(
                        config.engine().callDecision(),
                        config.engine().softLanding(),
                        new CallDecider(onnx::vectors, IntentProbe.standard()))),
                config.reasoning())),
        embeddings,
        CatalogueLoader.load(
            target(config, options.withLocal(local(models, installed)).withRoutes(routes))),
        Optional.of(host));
  }

  private static Setup.Ready setUp(Config config, Progress progress) {
    Artifacts artifacts = Artifacts.open(System.getenv(), config.models().offline());
    return new Setup(config.dataFolder(), artifacts, progress)
        .ready(config.engine().device(), config.engine().library().map(Config::expand));
  }

  private static CatalogueLoader.Options target(Config config, CatalogueLoader.Options options) {
    return config.models().target().map(options::withTarget).orElse(options);
  }

  private static List<CatalogueLoader.LocalModel> local(
      LocalModels models, InstalledModels installed) {
    return models.all().models().stream().map(m -> row(m, installed)).toList();
  }

  private static CatalogueLoader.LocalModel row(LocalModel model, InstalledModels installed) {
    return new CatalogueLoader.LocalModel(
        model.name(),
        model.contextTokens(),
        "local",
        model.installed(),
        Model.Defaults.NONE,
        thinks(model, installed));
  }

  private static boolean thinks(LocalModel model, InstalledModels installed) {
    try {
      return installed.find(model.name()).template().thoughts().isPresent();
    } catch (BackendFailure _) {
      return false; // damaged: whoever asks for it is told
    }
  }

  private static EngineHost host(EngineConfig config) {
    WorkerSettings settings = WorkerSettings.standard().withWatchdog(config.watchdog());
    Function<EngineOptions, Engine> opener =
        config.inProcess() ? SlotEngine::open : options -> WorkerEngine.open(options, settings);
    HostLimits standard = HostLimits.standard();
    return new EngineHost(
        new HostLimits(config.maxLoaded(), standard.keepFreeBytes(), standard.failureMemory()),
        opener,
        config.memory() > 0
            ? Memory.Gauge.within(config.memory() + standard.keepFreeBytes(), Memory.Gauge.system())
            : Memory.Gauge.system());
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
