package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** All sources of files, by scheme. */
public final class Artifacts {
  private static final String HUB = "https://huggingface.co";

  private final Map<String, ArtifactSource> sources;
  private final boolean offline;

  private Artifacts(Map<String, ArtifactSource> sources, boolean offline) {
    this.sources = sources;
    this.offline = offline;
  }

  /**
   * The sources as the environment sets them up: HF_ENDPOINT, HF_TOKEN, HTTPS_PROXY, HTTP_PROXY and
   * NO_PROXY; npm and pip read their own configuration.
   *
   * @param offline whether every source that needs the network refuses
   */
  public static Artifacts open(Map<String, String> environment, boolean offline) {
    return open(environment, offline, Duration.ofSeconds(2));
  }

  static Artifacts open(Map<String, String> environment, boolean offline, Duration pause) {
    HttpDownload download = new HttpDownload(new HttpOpener(Proxies.from(environment)), pause);
    Optional<Secret> token =
        Optional.ofNullable(environment.get("HF_TOKEN")).filter(t -> !t.isBlank()).map(Secret::new);
    String hub = Optional.ofNullable(environment.get("HF_ENDPOINT")).orElse(HUB);
    Map<String, ArtifactSource> sources =
        Map.of(
            "file", new FileSource(),
            "https", new HttpsSource(download),
            "hf", new HubSource(download, hub, token),
            "npm", new NpmSource(ClientProgram.npm()),
            "pypi", new PypiSource(ClientProgram.pip()));
    return new Artifacts(sources, offline);
  }

  /** Whether every source that needs the network refuses. */
  public boolean offline() {
    return offline;
  }

  /**
   * Fetches a file to {@code target}, whose folder is made where it is missing. Nothing is at
   * {@code target} unless the whole, checked file is.
   *
   * @return what the file hashes to
   * @throws ArtifactException if that is not possible
   */
  public Sha256 fetch(ArtifactRef ref, Path target, Progress progress) {
    ArtifactSource source = sources.get(ref.scheme());
    if (source == null) {
      throw new ArtifactException(
          Kind.REFUSED, ref + ": unknown kind (expected: one of " + sources.keySet() + ").");
    }
    if (offline && !source.local()) {
      throw new ArtifactException(
          Kind.OFFLINE,
          ref + " is not here and --offline forbids to fetch it (expected: one run without it).");
    }
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw Staging.failed("cannot make the folder of " + target, e);
    }
    return source.fetch(ref, target, progress);
  }
}
