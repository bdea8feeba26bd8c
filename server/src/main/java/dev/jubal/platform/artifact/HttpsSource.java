package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** {@code https://host/file}; plain http only on loopback or where the hash is pinned. */
final class HttpsSource implements ArtifactSource {
  private final HttpDownload download;

  HttpsSource(HttpDownload download) {
    this.download = download;
  }

  @Override
  public boolean local() {
    return false;
  }

  @Override
  public Sha256 fetch(ArtifactRef ref, Path target, Progress progress) {
    URI address = address(ref);
    Optional<String> identity = ref.sha256().map(Sha256::hex).or(() -> entityTag(ref, address));
    if (ref.sha256().isEmpty()) {
      progress.note(ref + " is not pinned: its content is taken as it comes");
    }
    return download.fetch(
        new HttpDownload.Wanted(ref.toString(), address, Optional.empty(), identity, ref.sha256()),
        target,
        progress);
  }

  private static URI address(ArtifactRef ref) {
    URI address;
    try {
      address = URI.create(ref.location().replace(" ", "%20"));
    } catch (IllegalArgumentException e) {
      throw new ArtifactException(Kind.REFUSED, ref + ": " + e.getMessage() + ".", e);
    }
    boolean https = "https".equalsIgnoreCase(address.getScheme());
    String host = String.valueOf(address.getHost());
    if (!https && !Proxies.isLoopback(host) && ref.sha256().isEmpty()) {
      throw new ArtifactException(
          Kind.REFUSED, ref + " (expected: https, or a pinned hash by --sha256).");
    }
    return address;
  }

  /** A strong entity tag names one content, so that a later run may go on with its part file. */
  private Optional<String> entityTag(ArtifactRef ref, URI address) {
    try {
      HttpURLConnection head =
          download
              .opener()
              .open(new HttpOpener.Ask("HEAD", address, Map.of(), Optional.empty(), true));
      try {
        return Optional.ofNullable(head.getHeaderField("ETag"))
            .filter(tag -> head.getHeaderField("Accept-Ranges") != null && !tag.startsWith("W/"))
            .map(tag -> ref + " " + tag);
      } finally {
        head.disconnect();
      }
    } catch (IOException e) {
      // Without a tag the download starts over; if the host is really away, it says so itself.
      return Optional.empty();
    }
  }
}
