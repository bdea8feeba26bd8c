package dev.jubal.bench.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a server is started: the command line up to, and without, {@code serve}.
 *
 * <p>The launcher of this checkout decides the flags of the JVM; the bench takes its command line
 * from a process it started, so that the two can't differ.
 */
public record Launch(List<String> command) {
  /** Those of the launcher, for a bench run without it. */
  public static final List<String> FLAGS =
      List.of(
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseSerialGC",
          "-Xms64m",
          "-Xmn48m",
          "--enable-native-access=ALL-UNNAMED",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  private static final String MAIN = "dev.jubal.app.Main";
  private static final String CACHE = "-XX:AOTCache=";

  public Launch {
    command = List.copyOf(command);
  }

  /** By the launcher script. */
  public static Launch script(Path launcher) {
    return new Launch(List.of(launcher.toString()));
  }

  /** By this JVM's own class path, for a bench run without the launcher. */
  public static Launch classPath(List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    return new Launch(command);
  }

  /** The command line a running server was started with. */
  static Launch of(List<String> running) {
    int main = running.indexOf(MAIN);
    if (main < 0) {
      throw new IllegalArgumentException(running + " (expected: a command line of " + MAIN + ")");
    }
    return new Launch(running.subList(0, main + 1));
  }

  /** The program of this JVM. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  boolean cached() {
    return command.stream().anyMatch(word -> word.startsWith(CACHE));
  }

  Launch withoutCache() {
    return new Launch(command.stream().filter(word -> !word.startsWith(CACHE)).toList());
  }

  List<String> serve(int port, Path data, Path script) {
    List<String> options =
        List.of(
            "serve",
            "--port",
            Integer.toString(port),
            "--data-dir",
            data.toString(),
            "--models.script=" + script);
    return Stream.concat(command.stream(), options.stream()).toList();
  }
}
