package dev.jubal.platform.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Copies of a PostgreSQL database, made by its own pg_dump while others write: each is the database
 * at one moment. Passwords go by the environment, never on a command line.
 */
public final class PostgresBackups {
  private static final Pattern TABLE =
      Pattern.compile("(?m)^\\d+; \\d+ \\d+ TABLE (?<schema>\\S+) (?<name>\\S+) \\S+$");
  private static final String KEPT = "before-restore.dump";
  private static final int STANDARD_PORT = 5432;

  private final PostgresServer server;
  private final PGSimpleDataSource source;
  private final PostgresTools tools;
  private final Map<String, String> session;

  /**
   * @param environment the process environment, whose PATH is looked through for the tools
   */
  public PostgresBackups(DatabaseConfig config, Map<String, String> environment) {
    this.server = PostgresServer.open(config, config.url().orElseThrow());
    this.source = server.source(0);
    this.tools = new PostgresTools(environment);
    this.session = session(source);
  }

  /** What libpq's programs read of a connection. */
  private static Map<String, String> session(PGSimpleDataSource of) {
    Map<String, String> session = new HashMap<>();
    put(session, "PGHOST", String.join(",", of.getServerNames()));
    put(
        session,
        "PGPORT",
        Arrays.stream(of.getPortNumbers())
            .map(port -> port == 0 ? STANDARD_PORT : port)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(",")));
    put(session, "PGDATABASE", of.getDatabaseName());
    put(session, "PGUSER", of.getUser());
    put(session, "PGPASSWORD", of.getPassword());
    put(session, "PGSSLMODE", of.getSslmode());
    put(session, "PGSSLROOTCERT", of.getSslRootCert());
    put(session, "PGSSLCERT", of.getSslCert());
    session.put("PGCONNECT_TIMEOUT", "5");
    session.put("PGAPPNAME", "jubal-backup");
    return session;
  }

  private static void put(Map<String, String> session, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      session.put(name, value);
    }
  }

  /**
   * Copies the database, also under running servers, and writes the copy's SHA-256 beside it.
   *
   * @param to a file that is not there yet
   * @return the sum
   * @throws DatabaseException when the file is there, pg_dump is absent, or the copy failed
   */
  public String take(Path to) {
    Backups.refuseExisting(to);
    try {
      dump(to);
      return Backups.writeSum(to);
    } catch (IOException e) {
      throw new DatabaseException("The backup " + to + " failed: " + e.getMessage(), e);
    }
  }

  private void dump(Path to) throws IOException {
    Files.createFile(to);
    Backups.ownerOnly(to);
    List<String> command = new ArrayList<>();
    command.addAll(List.of("--format=custom", "--no-owner", "--no-privileges", "--file=" + to));
    schema().ifPresent(s -> command.add("--schema=" + s));
    try {
      tools.run("pg_dump", command, session);
      tables(to);
    } catch (DatabaseException e) {
      Files.deleteIfExists(to);
      throw e;
    }
  }

  private Optional<String> schema() {
    return Optional.ofNullable(source.getCurrentSchema()).map(s -> s.split(",", -1)[0]);
  }

  /** The tables in a copy; fails for what is no copy of ours. */
  private Set<String> tables(Path copy) {
    String listed = tools.run("pg_restore", List.of("--list", copy.toString()), Map.of());
    Set<String> tables = new TreeSet<>();
    Matcher m = TABLE.matcher(listed);
    while (m.find()) {
      tables.add(m.group("name"));
    }
    if (!tables.contains("flyway_schema_history")) {
      throw new DatabaseException("The file " + copy + " is no database of Jubal.");
    }
    return tables;
  }

  /**
   * Puts a copy in the place of the database, whole or not at all. What it replaces is kept in the
   * folder {@code backups} of the data folder.
   *
   * @throws DatabaseException when a server is connected, the copy is not whole, or the database
   *     has tables of ours that the copy does not have
   */
  public void restore(Path folder, Path from) {
    try {
      Backups.checkSum(from);
      Set<String> copied = tables(from);
      Set<String> present = present();
      Set<String> newer = new TreeSet<>(present);
      newer.retainAll(Migrations.tables());
      newer.removeAll(copied);
      if (!newer.isEmpty()) {
        throw new DatabaseException(
            "The database is of a newer version than the backup "
                + from
                + ": it has the tables "
                + newer
                + " (expected: an empty database, which database.url then names).");
      }
      if (present.contains("flyway_schema_history")) {
        dump(Backups.place(folder, KEPT));
      }
      tools.run(
          "pg_restore",
          List.of(
              "--clean",
              "--if-exists",
              "--no-owner",
              "--no-privileges",
              "--single-transaction",
              "--exit-on-error",
              "--dbname=" + session.get("PGDATABASE"),
              from.toString()),
          session);
    } catch (SQLException | IOException e) {
      throw new DatabaseException("The backup " + from + " was not restored: " + e, e);
    }
  }

  /** The tables that are there; refuses while a server is connected. */
  private Set<String> present() throws SQLException {
    try (Connection connection = server.connect(Database.Sync.FULL, Duration.ofSeconds(5))) {
      refuseServers(connection);
      Set<String> tables = new TreeSet<>();
      try (Statement statement = connection.createStatement();
          ResultSet found =
              statement.executeQuery(
                  "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")) {
        while (found.next()) {
          tables.add(found.getString(1));
        }
      }
      return tables;
    }
  }

  private void refuseServers(Connection connection) throws SQLException {
    String query =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = ? AND pid <> pg_backend_pid()";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, PostgresServer.APPLICATION);
      try (ResultSet found = statement.executeQuery()) {
        if (found.next() && found.getLong(1) > 0) {
          throw new DatabaseException(
              "The database has "
                  + found.getLong(1)
                  + " connections of Jubal servers (expected: every node to be stopped first).");
        }
      }
    }
  }

  /** What tells an operator whether copies can be made: the tool's version line. */
  public String tool() {
    return tools.run("pg_dump", List.of("--version"), Map.of()).strip();
  }
}
