package dev.jubal.backend.llama.models;

import dev.jubal.platform.artifact.ArtifactException;
import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs {@link NativeTool} in a process of its own, so that a library that crashes takes nobody with
 * it.
 */
public final class NativeProcess implements Requantizer {

  /**
   * Loads a library and asks for its version and devices.
   *
   * @return what it said, a line each
   * @throws ArtifactException with the reason why it does not load
   */
  public List<String> probe(Path library) {
    return run("loading " + library, List.of("probe", library.toString()));
  }

  @Override
  public void requantize(Path library, Path source, Path target) {
    run(
        "re-quantising " + source.getFileName(),
        List.of("requantize", library.toString(), source.toString(), target.toString()));
  }

  private static List<String> run(String what, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                NativeTool.class.getName()));
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      List<String> said;
      try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
        said = reader.lines().toList();
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new ArtifactException(
            Kind.CLIENT, what + " failed with status " + status + ": " + last(said));
      }
      return said;
    } catch (IOException e) {
      throw new ArtifactException(Kind.CLIENT, what + ": " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ArtifactException(Kind.CLIENT, what + ": interrupted.", e);
    }
  }

  private static String last(List<String> said) {
    return said.isEmpty()
        ? "it said nothing"
        : String.join("\n", said.subList(Math.max(0, said.size() - 8), said.size()));
  }
}
