package dev.jubal.platform.artifact;

import java.nio.file.Path;

/** One kind of place that files come from. Thread-safe. */
interface ArtifactSource {

  /** Whether it works without the network. */
  boolean local();

  /**
   * Puts the whole, checked file at {@code target}, by an atomic rename.
   *
   * @param target where to; its folder exists. Left as it was on failure
   * @return what the file hashes to
   * @throws ArtifactException if that is not possible
   */
  Sha256 fetch(ArtifactRef ref, Path target, Progress progress);
}
