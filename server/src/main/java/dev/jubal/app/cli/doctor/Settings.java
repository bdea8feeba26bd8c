package dev.jubal.app.cli.doctor;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.ConfigFile;
import dev.jubal.platform.config.ConfigReader;
import dev.jubal.platform.config.SecretReferences;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.PostgresBackups;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Secrets that settings name by reference, and the tools of a PostgreSQL that they name. */
final class Settings {
  private static final String PREFIX = "JUBAL_";

  private final Path dataDir;
  private final Map<String, String> environment;

  Settings(Path dataDir, Map<String, String> environment) {
    this.dataDir = dataDir;
    this.environment = environment;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    try {
      Map<String, String> file = ConfigFile.of(dataDir);
      SecretReferences references = ConfigReader.references(environment, file);
      references(file).forEach((key, text) -> findings.add(reference(references, key, text)));
      tool(file).ifPresent(findings::add);
    } catch (ConfigException e) {
      findings.add(
          Finding.missing(
              "settings", String.valueOf(e.getMessage()), "no start", "mend jubal.properties"));
    }
    return findings;
  }

  /** By the key as it is written, in the file or in the environment. */
  private Map<String, String> references(Map<String, String> file) {
    Map<String, String> found = new TreeMap<>(file);
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            found.put(name, value);
          }
        });
    found.values().removeIf(value -> !SecretReferences.is(value.strip()));
    return found;
  }

  private static Finding reference(SecretReferences references, String key, String text) {
    String what = "secret " + key.toLowerCase(Locale.ROOT);
    try {
      references.resolve(text);
      return Finding.ok(what, text + " can be read");
    } catch (ConfigException e) {
      return Finding.missing(
          what, String.valueOf(e.getMessage()), "no start", "what " + text + " names");
    }
  }

  private Optional<Finding> tool(Map<String, String> file) {
    try {
      DatabaseConfig config =
          ConfigReader.part(DatabaseConfig.class, "database", environment, file);
      return config.url().isEmpty()
          ? Optional.empty()
          : Optional.of(Finding.ok("pg_dump", new PostgresBackups(config, environment).tool()));
    } catch (ConfigException told) {
      return Optional.empty(); // of a reference that is told already
    } catch (DatabaseException e) {
      return Optional.of(
          Finding.warn(
              "pg_dump",
              String.valueOf(e.getMessage()),
              "jubal backup and restore do not work",
              "PostgreSQL's client programs"));
    }
  }
}
