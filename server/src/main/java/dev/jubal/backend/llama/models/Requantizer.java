package dev.jubal.backend.llama.models;

import java.nio.file.Path;

/** Writes weights anew as IQ4_NL, of the fast forms the one that answers as well as the shipped. */
@FunctionalInterface
interface Requantizer {

  /**
   * Reads {@code source} and writes {@code target}.
   *
   * @param library folder of the native library
   * @throws dev.jubal.platform.artifact.ArtifactException if that failed; the target may be there
   */
  void requantize(Path library, Path source, Path target);
}
