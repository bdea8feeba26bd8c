package dev.jubal.bench.process;

import java.nio.file.Path;
import java.util.Optional;

/** The checkout the bench belongs to. */
public final class Home {
  private Home() {}

  /** The launcher script, when it started this bench. */
  public static Optional<Path> launcher() {
    return Optional.ofNullable(System.getenv("JUBAL")).map(Path::of);
  }

  /** The root of the checkout: where the launcher lies, else the folder this runs in. */
  public static Path folder() {
    Path here = Path.of("").toAbsolutePath();
    return launcher().map(script -> script.toAbsolutePath().resolveSibling("")).orElse(here);
  }
}
