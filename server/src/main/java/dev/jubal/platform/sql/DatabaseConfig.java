package dev.jubal.platform.sql;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import dev.jubal.platform.config.Secret;
import java.time.Duration;
import java.util.Optional;

/** Where the database is: a file of the data folder, or a PostgreSQL that several nodes share. */
public record DatabaseConfig(
    @Key(
            doc =
                "jdbc:postgresql://HOST:PORT/NAME of a PostgreSQL 15 or newer; without it the"
                    + " database is SQLite's file jubal.db of the data folder.")
        Optional<String> url,
    @Key(doc = "Who signs in at PostgreSQL.") Optional<String> user,
    @Key(doc = "The password; better in JUBAL_DATABASE_PASSWORD than on a command line.")
        Optional<Secret> password,
    @Key(
            value = "8",
            doc = "Most connections of the pool; seven more belong to the ledger and the queues.")
        int connections,
    @Key(
            value = "60s",
            doc =
                "How long a node of a shared PostgreSQL may be silent before others close its open"
                    + " requests and take over its work.")
        Duration nodeTimeout) {
  private static final String PREFIX = "jdbc:postgresql:";

  /** The file of the data folder. */
  public static final DatabaseConfig FILE =
      new DatabaseConfig(
          Optional.empty(), Optional.empty(), Optional.empty(), 8, Duration.ofSeconds(60));

  public DatabaseConfig {
    url.filter(u -> !u.startsWith(PREFIX)).ifPresent(DatabaseConfig::refuse);
    if (connections < 1 || connections > 1000) {
      throw new ConfigException("database.connections: " + connections + " (expected: 1 to 1000).");
    }
    if (nodeTimeout.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new ConfigException(
          "database.node-timeout: " + nodeTimeout + " (expected: at least 10s, two heartbeats).");
    }
  }

  /** The rest of it may hold a password. */
  private static void refuse(String url) {
    throw new ConfigException(
        "database.url begins with \""
            + url.substring(0, Math.min(url.length(), 16)).replaceAll("//.*", "//")
            + "\" (expected: jdbc:postgresql://HOST:PORT/NAME, or no such key for SQLite).");
  }
}
