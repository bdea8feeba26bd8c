package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** {@code file:/path} or {@code file:///path}: a copy, so that the original may go. */
final class FileSource implements ArtifactSource {

  @Override
  public boolean local() {
    return true;
  }

  @Override
  public Sha256 fetch(ArtifactRef ref, Path target, Progress progress) {
    Path file = path(ref);
    if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
      throw new ArtifactException(
          Kind.UNAVAILABLE, ref + ": \"" + file + "\" (expected: a file that may be read).");
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      Sha256 hash = copy(file, part, progress);
      Staging.check(ref.toString(), part, hash, ref.sha256());
      Staging.install(part, target);
      return hash;
    } catch (IOException e) {
      Staging.delete(part);
      throw Staging.failed(ref + " to " + target, e);
    }
  }

  private static Path path(ArtifactRef ref) {
    String location = ref.location();
    return location.startsWith("//")
        ? Path.of(URI.create("file:" + location.replace(" ", "%20")))
        : Path.of(location);
  }

  private static Sha256 copy(Path from, Path to, Progress progress) throws IOException {
    MessageDigest digest = Sha256.digest();
    progress.begin(from.getFileName().toString(), Files.size(from));
    try (InputStream in = Files.newInputStream(from);
        OutputStream out = Files.newOutputStream(to)) {
      byte[] buffer = new byte[1 << 16];
      long done = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        digest.update(buffer, 0, n);
        done += n;
        progress.at(done);
      }
    } finally {
      progress.end();
    }
    return Sha256.of(digest);
  }
}
