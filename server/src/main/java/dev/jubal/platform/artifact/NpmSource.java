package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.nio.file.Path;
import java.util.List;

/** {@code npm:package@version}: the package's tarball, by {@code npm pack}. Starts over whole. */
final class NpmSource implements ArtifactSource {
  private final ClientProgram npm;

  NpmSource(ClientProgram npm) {
    this.npm = npm;
  }

  @Override
  public boolean local() {
    return false;
  }

  @Override
  public Sha256 fetch(ArtifactRef ref, Path target, Progress progress) {
    if (ref.location().lastIndexOf('@') <= 0 || ref.location().startsWith("-")) {
      throw new ArtifactException(Kind.REFUSED, ref + " (expected: npm:PACKAGE@VERSION).");
    }
    return PackedFile.fetch(
        ref,
        target,
        ".tgz",
        folder -> {
          // npm's own retries wait for more than a minute when there is no network.
          npm.run(
              ref.toString(),
              folder,
              List.of(
                  "pack",
                  "--loglevel=error",
                  "--fetch-retries=1",
                  "--fetch-retry-mintimeout=1000",
                  "--fetch-retry-maxtimeout=2000",
                  "--pack-destination",
                  folder.toString(),
                  ref.location()),
              progress);
        });
  }
}
