package dev.jubal.bench.engine;

import dev.jubal.bench.process.Child;
import dev.jubal.bench.process.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the native library and the default weights lie. */
public record Weights(Path library, Path model) {
  private static final String LIBRARY = "JUBAL_TEST_LIBRARY";
  private static final String MODEL = "JUBAL_TEST_MODEL";

  /** The same, with the launcher that started this bench. */
  public static Weights find(@Nullable Path library, @Nullable Path model) throws IOException {
    return find(library, model, Home.launcher());
  }

  /**
   * Takes what is given, then the variables of the tests, then what the launcher has or fetches.
   */
  public static Weights find(@Nullable Path library, @Nullable Path model, Optional<Path> launcher)
      throws IOException {
    Map<String, String> known = new HashMap<>();
    put(known, "library", library, LIBRARY);
    put(known, "model", model, MODEL);
    if (known.size() < 2 && launcher.isPresent()) {
      pull(launcher.get()).forEach(known::putIfAbsent);
    }
    return new Weights(
        path(known, "library", "--library", LIBRARY), path(known, "model", "--model", MODEL));
  }

  private static void put(
      Map<String, String> known, String name, @Nullable Path given, String variable) {
    String value = given != null ? given.toString() : System.getenv(variable);
    if (value != null) {
      known.put(name, value);
    }
  }

  private static Path path(Map<String, String> known, String name, String option, String variable)
      throws IOException {
    String value = known.get(name);
    if (value == null) {
      throw new IOException("no " + name + " (expected: " + option + ", or " + variable + ").");
    }
    return Path.of(value);
  }

  /** What {@code jubal pull --paths} says, a name and a path a line. */
  private static Map<String, String> pull(Path launcher) throws IOException {
    Map<String, String> found = new HashMap<>();
    try (Child child = Child.start(List.of(launcher.toString(), "pull", "--paths"))) {
      String line = child.readLine();
      while (line != null) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          found.put(line.substring(0, equals), line.substring(equals + 1));
        }
        line = child.readLine();
      }
    }
    return found;
  }
}
