package dev.jubal.app.cli;

import dev.jubal.platform.config.ConfigFile;
import dev.jubal.platform.config.ConfigReader;
import dev.jubal.platform.config.SecretReferences;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option every command has. */
public final class DataDir {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "${env:JUBAL_DATA_DIR:-${sys:user.home}/.jubal}",
      description = "Folder of keys, ledger and models (default: $${JUBAL_DATA_DIR} or ~/.jubal).")
  private Path path = Path.of("");

  /** The folder, absolute; it need not exist. */
  public Path path() {
    return path.toAbsolutePath().normalize();
  }

  /** Where its database is, by the environment and the folder's {@code jubal.properties}. */
  public DatabaseConfig databaseConfig() {
    return config(DatabaseConfig.class, "database");
  }

  /** Secrets that stand elsewhere, by the same. */
  SecretReferences references() {
    return ConfigReader.references(System.getenv(), ConfigFile.of(path()));
  }

  /** Its database, opened. */
  public Database database() {
    return Database.open(path(), databaseConfig());
  }

  /**
   * Another part of its configuration, by the environment and the folder's {@code
   * jubal.properties}.
   *
   * @param key of the part, such as alert
   */
  public <T extends Record> T config(Class<T> type, String key) {
    return ConfigReader.part(type, key, System.getenv(), ConfigFile.of(path()));
  }
}
