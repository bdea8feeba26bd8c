package dev.jubal.app.cli.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The programs of the machine that setting up and testing call. */
final class Tools {
  private static final int SECONDS = 20;

  private final Map<String, String> environment;
  private final boolean setUp;

  /**
   * @param setUp whether the data folder is complete, so that a start fetches nothing
   */
  Tools(Map<String, String> environment, boolean setUp) {
    this.environment = environment;
    this.setUp = setUp;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        tool(
            "python with pip",
            List.of("python3", "-m", "pip", "--version"),
            "the default model cannot be fetched, and ./jubal test cannot run",
            Install.PYTHON));
    findings.add(
        tool(
            "node with npm",
            List.of("npm", "--version"),
            "the native library cannot be fetched, and ./jubal test cannot run",
            Install.NODE));
    findings.add(
        tool("maven", List.of("mvn", "-v"), "changed sources cannot be built", Install.MAVEN));
    findings.add(
        tool(
            "tesseract",
            List.of("tesseract", "--version"),
            "the text in pictures is not read",
            Install.OCR));
    return findings;
  }

  private Finding tool(String what, List<String> command, String cost, Install install) {
    Optional<Path> program = onPath(command.getFirst());
    String mend = install.line(pm -> onPath(pm).isPresent());
    Optional<String> version = program.flatMap(p -> version(p, command));
    if (version.isPresent()) {
      return Finding.ok(what, version.get());
    }
    String seen =
        program
            .map(p -> p + " does not run \"" + String.join(" ", command) + "\"")
            .orElse("absent");
    // What is fetched already needs its client no more.
    return setUp || install == Install.MAVEN || install == Install.OCR
        ? Finding.warn(what, seen, cost, mend)
        : Finding.missing(what, seen, cost, mend);
  }

  private Optional<Path> onPath(String program) {
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path file = Path.of(folder).resolve(program);
      if (!folder.isEmpty() && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private Optional<String> version(Path program, List<String> command) {
    List<String> line = new ArrayList<>(command);
    line.set(0, program.toString());
    try {
      ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().keySet().retainAll(environment.keySet());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
        List<String> said = reader.lines().toList();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        return ended && process.exitValue() == 0 && !said.isEmpty()
            ? Optional.of(plain(said.getFirst()))
            : Optional.empty();
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Without the colours some programs write even into a pipe. */
  private static String plain(String line) {
    return line.replaceAll("\u001b\\[[0-9;]*m", "");
  }
}
