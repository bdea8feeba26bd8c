package dev.jubal.app;

import dev.jubal.platform.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dotted keys of a command line: {@code --limits.rpm=60} or {@code --limits.rpm 60}. */
final class Flags {
  private Flags() {}

  /** Reads what picocli did not match. */
  static Map<String, String> read(List<String> arguments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--") || argument.length() == 2) {
        throw new ConfigException(
            "\"" + argument + "\" on the command line (expected: an option such as --port 8080).");
      }
      String name = argument.substring(2);
      int equals = name.indexOf('=');
      if (equals > 0) {
        values.put(name.substring(0, equals), name.substring(equals + 1));
      } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
        values.put(name, arguments.get(++i));
      } else {
        values.put(name, "true");
      }
    }
    return values;
  }
}
