package dev.jubal.backend.llama.models;

import dev.jubal.platform.artifact.ArtifactException;
import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a data folder ready to serve: the native library and the default model, fetched once. When
 * both are there, nothing is locked, fetched or asked of anyone.
 */
public final class Setup {
  private final Path dataDir;
  private final Artifacts artifacts;
  private final Progress progress;
  private final NativeLibraries libraries;
  private final LocalModels models;
  private final Pins.Weights pin;
  private final DefaultWeights weights;

  public Setup(Path dataDir, Artifacts artifacts, Progress progress) {
    this(dataDir, artifacts, progress, Pins.load(), new NativeProcess());
  }

  Setup(Path dataDir, Artifacts artifacts, Progress progress, Pins pins, Requantizer requantizer) {
    this.dataDir = dataDir;
    this.artifacts = artifacts;
    this.progress = progress;
    this.libraries = new NativeLibraries(dataDir, pins, Machine.here());
    this.models = new LocalModels(dataDir);
    this.pin = pins.weights();
    this.weights = new DefaultWeights(models, pin, requantizer);
  }

  /** What there is to serve with. */
  public record Ready(Path library, LocalModel model, Path weights) {}

  /**
   * The native library and the default model, installed where they are missing.
   *
   * @param device auto, cpu, cuda, vulkan or metal
   * @param own the folder of a user's own library, which is then not fetched
   * @throws ArtifactException if something is missing and cannot be fetched
   */
  public Ready ready(String device, Optional<Path> own) {
    Optional<Path> library = own.or(() -> libraries.installed(device));
    Optional<LocalModel> model = models.find(pin.name());
    if (library.isEmpty() || model.isEmpty()) {
      permitted(device, library.isPresent(), model.isPresent());
      try (SetupLock _ = SetupLock.take(dataDir, progress)) {
        library = own.or(() -> Optional.of(libraries.install(device, artifacts, progress)));
        model = Optional.of(weights.install(library.orElseThrow(), artifacts, progress));
      }
    }
    return new Ready(
        library.orElseThrow(), model.orElseThrow(), models.weights(model.orElseThrow()));
  }

  private void permitted(String device, boolean library, boolean model) {
    if (!artifacts.offline()) {
      return;
    }
    List<String> missing = new ArrayList<>();
    if (!library) {
      missing.add("the native library (" + libraries.source(device) + ")");
    }
    if (!model) {
      missing.add("the default model " + pin.name() + " (" + pin.ref() + ")");
    }
    throw new ArtifactException(
        Kind.OFFLINE,
        dataDir
            + " lacks "
            + String.join(" and ", missing)
            + ", and --offline forbids to fetch it (expected: one run of ./jubal pull without"
            + " it).");
  }
}
