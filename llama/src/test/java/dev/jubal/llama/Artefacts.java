package dev.jubal.llama;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The real library and weights that the tests of the engine run on. */
public final class Artefacts {
  private Artefacts() {}

  /** The folder of the native library. */
  public static Path library() {
    return existing("JUBAL_TEST_LIBRARY");
  }

  /** The GGUF file of the default model. */
  public static Path model() {
    return existing("JUBAL_TEST_MODEL");
  }

  private static Path existing(String name) {
    String value = System.getProperty(name, System.getenv(name));
    if (value == null || !Files.exists(Path.of(value))) {
      throw new AssertionError(
          name + ": " + value + " (expected: a path that exists). Run the tests by: ./jubal test");
    }
    return Path.of(value);
  }

  /**
   * Options of the size the contract needs. One thread: the library's threads wait for each other
   * by spinning, which on a machine busy with other things makes two many times slower than one.
   */
  public static EngineOptions options(int slots, int context) {
    return options(slots, context, 1);
  }

  /** Options with a number of threads; 0 takes the cores. */
  public static EngineOptions options(int slots, int context, int threads) {
    return new EngineOptions(
        library(), model(), slots, context, threads, "auto", 64, Duration.ofMinutes(5));
  }
}
