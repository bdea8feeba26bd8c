package dev.jubal.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Commands of the product, each in a process of its own, on one data folder. */
public final class Commands {
  private final Path dataFolder;
  private final Map<String, String> environment;

  public Commands(Path dataFolder, Map<String, String> environment) {
    this.dataFolder = dataFolder;
    this.environment = environment;
  }

  /** How a command ended, and what it said. */
  public record Said(int status, String out, String err) {
    /** Its result, where it went well. */
    public String ok() {
      if (status != 0) {
        throw new AssertionError("status " + status + ": " + err);
      }
      return out;
    }
  }

  /** Runs one to its end. */
  public Said run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.jubal.app.Main"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--data-dir", dataFolder.toString()));
    Path errors = Files.createTempFile("jubal-command", ".txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(List.of(arguments) + " did not end");
      }
      return new Said(process.exitValue(), out, Files.readString(errors));
    } finally {
      Files.deleteIfExists(errors);
    }
  }
}
