package dev.jubal.bench.ledger;

import dev.jubal.bench.process.PostgresProcess;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A database that is measured: a file, or a PostgreSQL of the bench's own. */
final class Site implements AutoCloseable {
  private final String name;
  private final Path folder;
  private final DatabaseConfig config;
  private final @Nullable PostgresProcess server;

  private Site(String name, Path folder, DatabaseConfig config, @Nullable PostgresProcess server) {
    this.name = name;
    this.folder = folder;
    this.config = config;
    this.server = server;
  }

  static Site sqlite(Path folder) {
    return new Site("sqlite", folder, DatabaseConfig.FILE, null);
  }

  static Site postgresql(Path folder, Path data) throws IOException {
    PostgresProcess server = PostgresProcess.start(data);
    DatabaseConfig config =
        new DatabaseConfig(
            Optional.of(server.url()),
            Optional.of(server.user()),
            Optional.of(new Secret(server.password())),
            DatabaseConfig.FILE.connections(),
            Duration.ofSeconds(60));
    return new Site("postgresql", folder, config, server);
  }

  /** The first word of its figures. */
  String name() {
    return name;
  }

  /** The data folder. */
  Path folder() {
    return folder;
  }

  Database open() {
    return Database.open(folder, config);
  }

  /** How a server is told of it. */
  List<String> options() {
    return server == null
        ? List.of()
        : List.of(
            "--database.url=" + server.url(),
            "--database.user=" + server.user(),
            "--database.password=" + server.password());
  }

  /** Processor time of the database's own processes; 0 where it has none. */
  long cpuMillis() throws IOException {
    return server == null ? 0 : server.cpuMillis();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
