package dev.jubal.app.cli.doctor;

import dev.jubal.backend.llama.models.LocalModel;
import dev.jubal.backend.llama.models.LocalModels;
import dev.jubal.backend.llama.models.NativeLibraries;
import dev.jubal.backend.llama.models.NativeProcess;
import dev.jubal.platform.artifact.ArtifactException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The native library and the models. */
final class Engine {
  private static final String LIBRARY = "native library";
  private static final String NO_LIBRARY =
      "no embedded model answers (a script or other backends still do)";

  private final Path dataDir;
  private final NativeProcess process;
  private final LocalModels.Found models;

  Engine(Path dataDir, NativeProcess process) {
    this.dataDir = dataDir;
    this.process = process;
    this.models = new LocalModels(dataDir).all();
  }

  /** Whether a start needs nothing fetched. */
  boolean complete() {
    return !models.models().isEmpty() && installed().filter(f -> f.cost().isEmpty()).isPresent();
  }

  List<Finding> findings() {
    return List.of(library(), models());
  }

  private Finding library() {
    try {
      Optional<Path> folder = new NativeLibraries(dataDir).installed("auto");
      return folder
          .map(this::load)
          .orElseGet(
              () -> Finding.missing(LIBRARY, "not in " + dataDir, NO_LIBRARY, "./jubal pull"));
    } catch (ArtifactException e) {
      return Finding.missing(
          LIBRARY, e.getMessage(), NO_LIBRARY, "engine.library in jubal.properties");
    }
  }

  private Optional<Finding> installed() {
    try {
      return new NativeLibraries(dataDir)
          .installed("auto")
          .map(folder -> Finding.ok(LIBRARY, folder.toString()));
    } catch (ArtifactException e) {
      return Optional.empty();
    }
  }

  /** Loading runs the version guard and the library's own choice for this processor. */
  private Finding load(Path folder) {
    try {
      return Finding.ok(
          LIBRARY, folder + " loads; devices: " + String.join(", ", process.probe(folder)));
    } catch (ArtifactException e) {
      return Finding.missing(
          LIBRARY, e.getMessage(), NO_LIBRARY, "delete " + folder + ", then ./jubal pull");
    }
  }

  private Finding models() {
    if (!models.damaged().isEmpty()) {
      return Finding.warn(
          "models",
          String.join("; ", models.damaged()),
          "requests for it fail",
          "pull it again; the default: ./jubal pull");
    }
    return models.models().isEmpty()
        ? Finding.missing(
            "models", "none in " + dataDir, "the first start fetches one", "./jubal pull")
        : Finding.ok(
            "models",
            models.models().stream().map(LocalModel::name).collect(Collectors.joining(", ")));
  }
}
