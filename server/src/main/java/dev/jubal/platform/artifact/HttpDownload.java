package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Downloads a file over HTTP and goes on where an earlier try broke off.
 *
 * <p>The part file carries the content's identity in its name, so bytes of two contents never mix.
 * A try that brought bytes forward does not count against the limit of tries.
 */
final class HttpDownload {
  private static final int TRIES = 3;

  private final HttpOpener opener;
  private final Duration pause;

  /**
   * @param pause between two tries
   */
  HttpDownload(HttpOpener opener, Duration pause) {
    this.opener = opener;
    this.pause = pause;
  }

  /**
   * What to download.
   *
   * @param what its name in messages
   * @param identity names the content: its hash or entity tag; empty forbids to resume
   */
  record Wanted(
      String what,
      URI address,
      Optional<Secret> token,
      Optional<String> identity,
      Optional<Sha256> sha256) {}

  HttpOpener opener() {
    return opener;
  }

  /**
   * Downloads to {@code target}.
   *
   * @throws ArtifactException if that is not possible; the part file stays where resuming can help
   */
  Sha256 fetch(Wanted wanted, Path target, Progress progress) {
    Path part = part(wanted, target);
    try {
      if (wanted.identity().isEmpty()) {
        Files.deleteIfExists(part);
      }
      MessageDigest digest = Sha256.digest();
      if (Files.exists(part)) {
        Sha256.update(digest, part);
      }
      digest = withTries(wanted, part, digest, progress);
      Sha256 actual = Sha256.of(digest);
      Staging.check(wanted.what(), part, actual, wanted.sha256());
      Staging.install(part, target);
      return actual;
    } catch (IOException e) {
      Staging.delete(part);
      throw Staging.failed(wanted.what() + " to " + target, e);
    } finally {
      progress.end();
    }
  }

  private static Path part(Wanted wanted, Path target) {
    MessageDigest digest = Sha256.digest();
    digest.update(wanted.identity().orElse("").getBytes(StandardCharsets.UTF_8));
    String tag = Sha256.of(digest).hex().substring(0, 12);
    return target.resolveSibling(target.getFileName() + "." + tag + ".part");
  }

  /** Tries until the file is whole; three tries in a row without a new byte end it. */
  private MessageDigest withTries(Wanted wanted, Path part, MessageDigest first, Progress progress)
      throws IOException {
    MessageDigest digest = first;
    int idle = 0;
    while (true) {
      long before = size(part);
      Transfer transfer = new Transfer(part, digest, progress);
      try {
        transfer.run(wanted, before);
        return transfer.digest;
      } catch (IOException e) {
        if (transfer.writing || e instanceof FileSystemException) {
          throw e;
        }
        digest = transfer.digest;
        idle = size(part) > before ? 1 : idle + 1;
        if (idle >= TRIES) {
          throw brokeOff(wanted, size(part), e);
        }
        progress.note(
            wanted.what() + ": " + Staging.reason(e) + "; trying again at byte " + size(part));
        rest();
      }
    }
  }

  private static ArtifactException brokeOff(Wanted wanted, long bytes, IOException e) {
    return new ArtifactException(
        Kind.BROKEN,
        wanted.what()
            + ": the download broke off after "
            + bytes
            + " bytes ("
            + Staging.reason(e)
            + "). Nothing was installed"
            + (bytes > 0 && wanted.identity().isPresent()
                ? "; the same command goes on from there."
                : "."),
        e);
  }

  private void rest() {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ArtifactException(Kind.BROKEN, "interrupted while waiting for the network.", e);
    }
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** One try. */
  private final class Transfer {
    private final Path part;
    private final Progress progress;
    private MessageDigest digest;
    private boolean writing;

    Transfer(Path part, MessageDigest digest, Progress progress) {
      this.part = part;
      this.digest = digest;
      this.progress = progress;
    }

    void run(Wanted wanted, long have) throws IOException {
      Map<String, String> headers = new LinkedHashMap<>();
      if (have > 0) {
        headers.put("Range", "bytes=" + have + "-");
      }
      HttpURLConnection connection =
          opener.open(new HttpOpener.Ask("GET", wanted.address(), headers, wanted.token(), true));
      try {
        int status = connection.getResponseCode();
        if (status == 416 && have > 0) {
          if (have == completeLength(connection)) {
            return;
          }
          restart();
          throw new IOException("the server has no bytes from " + have + " on");
        }
        boolean resumes = status == 206 && startsAt(connection, have);
        if (status != 200 && !resumes) {
          throw refused(wanted, status, connection);
        }
        if (!resumes && have > 0) {
          restart();
        }
        copy(wanted, connection, resumes ? have : 0);
      } finally {
        connection.disconnect();
      }
    }

    private void restart() throws IOException {
      Files.deleteIfExists(part);
      digest = Sha256.digest();
    }

    private void copy(Wanted wanted, HttpURLConnection connection, long from) throws IOException {
      long length = connection.getContentLengthLong();
      long total = length < 0 ? -1 : from + length;
      requireSpace(wanted, length);
      progress.begin(wanted.what(), total);
      progress.at(from);
      long done = from;
      try (InputStream in = connection.getInputStream();
          OutputStream out = output()) {
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          write(out, buffer, n);
          digest.update(buffer, 0, n);
          done += n;
          progress.at(done);
        }
      }
      if (total >= 0 && done != total) {
        throw new IOException(done + " of " + total + " bytes came");
      }
    }

    private OutputStream output() throws IOException {
      return Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void write(OutputStream out, byte[] buffer, int n) throws IOException {
      writing = true;
      out.write(buffer, 0, n);
      writing = false;
    }

    private void requireSpace(Wanted wanted, long length) throws IOException {
      long free = Files.getFileStore(part.toAbsolutePath().getParent()).getUsableSpace();
      if (length > free) {
        throw new ArtifactException(
            Kind.DISK,
            wanted.what()
                + " needs "
                + length
                + " more bytes where "
                + part.getParent()
                + " has "
                + free
                + " (expected: free space; nothing was installed).");
      }
    }
  }

  private static boolean startsAt(HttpURLConnection connection, long offset) {
    String range = String.valueOf(connection.getHeaderField("Content-Range"));
    return range.startsWith("bytes " + offset + "-");
  }

  private static long completeLength(HttpURLConnection connection) {
    String range = String.valueOf(connection.getHeaderField("Content-Range"));
    String length = range.substring(range.indexOf('/') + 1);
    return length.matches("\\d{1,18}") ? Long.parseLong(length) : -1;
  }

  /** What a status means: some are worth another try and come back as an IOException. */
  static IOException refused(Wanted wanted, int status, HttpURLConnection connection) {
    String detail = connection.getHeaderField("X-Error-Message");
    String said = "HTTP " + status + (detail == null ? "" : ": " + detail);
    if (status == 408 || status == 429 || status >= 500) {
      return new IOException(said);
    }
    String expected =
        switch (status) {
          case 401, 403 -> "a token that may read it, in HF_TOKEN for hf:";
          case 404, 410 -> "an address that exists";
          default -> "200";
        };
    throw new ArtifactException(
        Kind.UNAVAILABLE, wanted.what() + ": " + said + " (expected: " + expected + ").");
  }
}
