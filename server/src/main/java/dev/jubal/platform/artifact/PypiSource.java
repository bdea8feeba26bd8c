package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code pypi:project==version}: the project's wheel, by {@code pip download}. Starts over whole.
 */
final class PypiSource implements ArtifactSource {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][\\w.-]*==[\\w.!+-]+");

  private final ClientProgram pip;

  PypiSource(ClientProgram pip) {
    this.pip = pip;
  }

  @Override
  public boolean local() {
    return false;
  }

  @Override
  public Sha256 fetch(ArtifactRef ref, Path target, Progress progress) {
    if (!FORM.matcher(ref.location()).matches()) {
      throw new ArtifactException(Kind.REFUSED, ref + " (expected: pypi:PROJECT==VERSION).");
    }
    return PackedFile.fetch(ref, target, ".whl", folder -> download(ref, folder, progress));
  }

  private void download(ArtifactRef ref, Path folder, Progress progress) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "download",
                "--no-deps",
                "--only-binary=:all:",
                "--no-input",
                "--disable-pip-version-check",
                "--retries=2",
                "--dest",
                folder.toString(),
                "-r",
                requirements(ref, folder).toString()));
    if (ref.sha256().isPresent()) {
      arguments.add("--require-hashes");
    }
    pip.run(ref.toString(), folder, arguments, progress);
  }

  private static Path requirements(ArtifactRef ref, Path folder) {
    String hash = ref.sha256().map(h -> " --hash=sha256:" + h).orElse("");
    try {
      return Files.writeString(folder.resolve("requirements.txt"), ref.location() + hash + "\n");
    } catch (IOException e) {
      throw Staging.failed(ref + " in " + folder, e);
    }
  }
}
