package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Takes what is wanted out of an archive; whole or not at all. */
public final class Unpack {
  private Unpack() {}

  /**
   * Takes one member out of a zip file, such as a wheel.
   *
   * @throws ArtifactException if the member is missing or not what was expected
   */
  public static void zipMember(
      Path zip, String member, Sha256 expected, Path target, Progress progress) {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    String what = member + " of " + zip.getFileName();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      ZipEntry entry = file.getEntry(member);
      if (entry == null) {
        throw new ArtifactException(
            Kind.UNAVAILABLE, what + " is missing (expected: one member of that name).");
      }
      Files.createDirectories(target.toAbsolutePath().getParent());
      Sha256 hash = copy(file, entry, part, progress);
      Staging.check(what, part, hash, Optional.of(expected));
      Staging.install(part, target);
    } catch (IOException e) {
      Staging.delete(part);
      throw Staging.failed(what + " to " + target, e);
    }
  }

  private static Sha256 copy(ZipFile zip, ZipEntry entry, Path part, Progress progress)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    progress.begin(entry.getName(), entry.getSize());
    try (InputStream in = zip.getInputStream(entry);
        OutputStream out = new DigestOutputStream(Files.newOutputStream(part), digest)) {
      byte[] buffer = new byte[1 << 16];
      long done = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        done += n;
        progress.at(done);
      }
    } finally {
      progress.end();
    }
    return Sha256.of(digest);
  }

  /**
   * Takes the files below one folder out of a .tgz file and puts them, as a folder, at {@code
   * target}, which must not exist.
   *
   * @param prefix the folder inside, with a slash at its end
   * @throws ArtifactException if the archive holds no such folder or cannot be read
   */
  public static void tarFolder(Path tgz, String prefix, Path target) {
    String what = prefix + " of " + tgz.getFileName();
    try {
      Path folder = Staging.folder(target);
      try {
        int files = TarGz.extract(tgz, prefix, folder);
        if (files == 0) {
          throw new ArtifactException(
              Kind.UNAVAILABLE, what + " is empty (expected: files below that folder).");
        }
        Files.move(folder, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Staging.delete(folder);
      }
    } catch (IOException e) {
      throw Staging.failed(what + " to " + target, e);
    }
  }
}
