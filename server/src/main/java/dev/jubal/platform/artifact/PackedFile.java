package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What npm and pip have in common: they leave one file in a folder. */
final class PackedFile {
  private PackedFile() {}

  /**
   * Lets a client fill a folder of its own and puts the one file it leaves in place.
   *
   * @param suffix how that file's name ends
   */
  static Sha256 fetch(ArtifactRef ref, Path target, String suffix, Consumer<Path> client) {
    @Nullable Path folder = null;
    try {
      folder = Staging.folder(target);
      client.accept(folder);
      Path file = only(ref, folder, suffix);
      Sha256 hash = Sha256.of(file);
      Staging.check(ref.toString(), file, hash, ref.sha256());
      Staging.install(file, target);
      return hash;
    } catch (IOException e) {
      throw Staging.failed(ref + " to " + target, e);
    } finally {
      if (folder != null) {
        Staging.delete(folder);
      }
    }
  }

  private static Path only(ArtifactRef ref, Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(f -> f.toString().endsWith(suffix)).toList();
      if (found.size() != 1) {
        throw new ArtifactException(
            Kind.CLIENT, ref + ": its client left " + found.size() + " files (expected: 1).");
      }
      return found.getFirst();
    }
  }
}
