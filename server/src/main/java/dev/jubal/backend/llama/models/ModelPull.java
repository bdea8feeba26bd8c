package dev.jubal.backend.llama.models;

import dev.jubal.llama.binding.GgufFile;
import dev.jubal.platform.artifact.ArtifactRef;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.artifact.Sha256;
import dev.jubal.platform.artifact.Staging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Adds any GGUF model that this version can run to a data folder. */
public final class ModelPull {
  private final Path dataDir;
  private final LocalModels models;
  private final Artifacts artifacts;
  private final Progress progress;

  public ModelPull(Path dataDir, Artifacts artifacts, Progress progress) {
    this.dataDir = dataDir;
    this.models = new LocalModels(dataDir);
    this.artifacts = artifacts;
    this.progress = progress;
  }

  /**
   * Fetches, checks and installs a model. The download stays where it broke off in {@code
   * downloads/}, for a later try.
   *
   * @param name what to call it; empty takes it from the file's name
   * @throws dev.jubal.platform.artifact.ArtifactException if it cannot be fetched or run
   */
  public LocalModel pull(ArtifactRef ref, Optional<String> name) {
    String called = name.orElseGet(() -> nameOf(ref));
    LocalModels.named(called);
    try (SetupLock _ = SetupLock.take(dataDir, progress)) {
      Path file = dataDir.resolve("downloads").resolve(called + ".gguf");
      Sha256 hash = artifacts.fetch(ref, file, progress);
      try {
        GgufFile header = Inspection.check(ref.toString(), file);
        return install(ref, called, file, hash, header);
      } finally {
        Staging.delete(file);
      }
    }
  }

  private LocalModel install(
      ArtifactRef ref, String name, Path file, Sha256 hash, GgufFile header) {
    try {
      Path prepared = models.prepare();
      try {
        Path weights = Files.move(file, prepared.resolve(file.getFileName()));
        LocalModel model =
            Inspection.card(
                name,
                weights,
                hash,
                header,
                Objects.requireNonNullElse(header.licence(), "unknown"),
                ref.toString());
        models.install(model, prepared);
        return model;
      } finally {
        Staging.delete(prepared);
      }
    } catch (IOException e) {
      throw Staging.failed("installing " + name, e);
    }
  }

  /** The file's name in small letters, without its suffix and what a name may not hold. */
  static String nameOf(ArtifactRef ref) {
    return ref.fileName()
        .toLowerCase(Locale.ROOT)
        .replaceFirst("\\.gguf$", "")
        .replaceAll("[^a-z0-9._-]+", "-")
        .replaceFirst("^[^a-z0-9]+", "");
  }
}
