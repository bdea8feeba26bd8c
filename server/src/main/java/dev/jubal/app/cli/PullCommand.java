package dev.jubal.app.cli;

import dev.jubal.backend.llama.models.LocalModel;
import dev.jubal.backend.llama.models.ModelPull;
import dev.jubal.backend.llama.models.Setup;
import dev.jubal.platform.artifact.ArtifactRef;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.artifact.Sha256;
import dev.jubal.platform.config.ConfigException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "pull",
    description = {
      "Add a GGUF model, or, without one named, fetch what a first start needs:",
      "the native library and the default model."
    },
    footer = {
      "",
      "hf: honours HF_ENDPOINT and HF_TOKEN and checks the hub's own SHA-256; hf: and https: go",
      "on where an earlier download broke off."
    })
final class PullCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "REF",
      description = "hf:OWNER/REPO/FILE.gguf, https://HOST/FILE.gguf or file:/PATH.")
  private @Nullable String ref;

  @Option(names = "--name", paramLabel = "NAME", description = "What to call it (default: FILE).")
  private @Nullable String name;

  @Option(names = "--sha256", paramLabel = "HASH", description = "What the file must hash to.")
  private @Nullable String sha256;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "Whose native library: auto, cpu, cuda, vulkan or metal (default: auto).")
  private String device = "auto";

  @Option(names = "--paths", description = "Print library=PATH and model=PATH, for scripts.")
  private boolean paths;

  @Option(names = "--offline", description = "Never touch the network; say what is missing.")
  private boolean offline;

  PullCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Artifacts artifacts = Artifacts.open(System.getenv(), offline);
    Progress progress = new ConsoleProgress(terminal);
    if (ref == null) {
      setUp(artifacts, progress);
    } else {
      LocalModel model =
          new ModelPull(dataDir.path(), artifacts, progress)
              .pull(reference(ref), Optional.ofNullable(name));
      terminal
          .err()
          .println(
              "Installed "
                  + model.name()
                  + " ("
                  + model.quantisation()
                  + ", "
                  + ConsoleProgress.size(model.bytes())
                  + ", licence "
                  + model.licence()
                  + "). A running server offers it after its next start.");
    }
    return 0;
  }

  private void setUp(Artifacts artifacts, Progress progress) {
    if (name != null || sha256 != null) {
      throw new ConfigException("--name and --sha256 belong to a model (expected: pull REF).");
    }
    Setup.Ready ready =
        new Setup(dataDir.path(), artifacts, progress).ready(device, Optional.empty());
    if (paths) {
      terminal.out().println("library=" + ready.library());
      terminal.out().println("model=" + ready.weights());
    } else {
      terminal
          .err()
          .println("The native library and " + ready.model().name() + " are in " + dataDir.path());
    }
  }

  private ArtifactRef reference(String text) {
    try {
      ArtifactRef parsed = ArtifactRef.parse(text);
      return sha256 == null ? parsed : parsed.pinned(new Sha256(sha256));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("pull: " + e.getMessage());
    }
  }
}
