package dev.jubal.platform.sql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs PostgreSQL's client programs. */
final class PostgresTools {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final int LONGEST = 2000;

  private final Map<String, String> environment;

  PostgresTools(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What a program says on standard output. */
  String run(String program, List<String> arguments, Map<String, String> further) {
    List<String> command = new ArrayList<>();
    command.add(find(program).toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(further);
    try {
      Path errors = Files.createTempFile("jubal-postgres", ".txt");
      try {
        Process process = builder.redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new DatabaseException(program + " failed: " + shortened(errors));
        }
        return said;
      } finally {
        Files.deleteIfExists(errors);
      }
    } catch (IOException e) {
      throw new DatabaseException(program + " cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException(program + " was not waited for");
    }
  }

  private static String shortened(Path errors) throws IOException {
    String text = Files.readString(errors, StandardCharsets.ISO_8859_1).strip();
    return text.substring(0, Math.min(text.length(), LONGEST));
  }

  /** On the PATH, else the newest of those that Debian keeps off it. */
  private Path find(String program) throws DatabaseException {
    List<Path> places = new ArrayList<>();
    for (String place : environment.getOrDefault("PATH", "").split(":", -1)) {
      places.add(Path.of(place));
    }
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        versions.sorted(Comparator.reverseOrder()).map(v -> v.resolve("bin")).forEach(places::add);
      } catch (IOException e) {
        throw new DatabaseException(DEBIAN + " cannot be read: " + e.getMessage(), e);
      }
    }
    return places.stream()
        .map(p -> p.resolve(program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new DatabaseException(
                    program
                        + " is missing (expected: PostgreSQL's client programs, as by: apt-get"
                        + " install -y postgresql-client)."));
  }
}
