package dev.jubal.platform.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Copies of Jubal's tables in a PostgreSQL, made by its own pg_dump while others write: each is
 * these tables at one moment. What else the database holds is neither copied nor put back, as it
 * may have changed since. Passwords go by the environment, never on a command line.
 */
public final class PostgresBackups {
  private static final Pattern TABLE =
      Pattern.compile("(?m)^\\d+; \\d+ \\d+ TABLE (?<schema>\\S+) (?<name>\\S+) \\S+$");
  private static final String HISTORY = "flyway_schema_history";
  private static final int STANDARD_PORT = 5432;

  private final PostgresServer server;
  private final PostgresTools tools;
  private final Map<String, String> session;

  /**
   * @param environment the process environment, whose PATH is looked through for the tools
   */
  public PostgresBackups(DatabaseConfig config, Map<String, String> environment) {
    this.server = PostgresServer.open(config, config.url().orElseThrow());
    this.tools = new PostgresTools(environment);
    this.session = session(server.source(0));
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
    try (Connection connection = connect()) {
      Tables present = present(connection);
      if (!present.names().contains(HISTORY)) {
        throw new DatabaseException(
            "There is no database of Jubal at " + server.name() + " to copy.");
      }
      dump(present, to);
      return Backups.writeSum(to);
    } catch (SQLException | IOException e) {
      throw new DatabaseException("The backup " + to + " failed: " + e.getMessage(), e);
    }
  }

  /**
   * Some tables of a schema.
   *
   * @param schema empty where there is none
   */
  private record Tables(String schema, Set<String> names) {}

  private Connection connect() throws SQLException {
    return server.connect(Database.Sync.FULL, Duration.ofSeconds(5));
  }

  /** Those of ours that are there; refuses where there may be some that only others know. */
  private Tables present(Connection connection) throws SQLException, IOException {
    if (Migrations.newer(connection)) {
      throw new DatabaseException(
          "The database "
              + server.name()
              + " has tables of a newer Jubal (expected: that version's backup and restore).");
    }
    String schema = Objects.requireNonNullElse(connection.getSchema(), "");
    Set<String> names =
        new TreeSet<>(
            Session.on(connection)
                .list(
                    "SELECT tablename FROM pg_tables WHERE schemaname = ?",
                    row -> row.text("tablename"),
                    schema));
    names.retainAll(Migrations.tables());
    return new Tables(schema, names);
  }

  private void dump(Tables ours, Path to) throws IOException {
    Files.createFile(to);
    Backups.ownerOnly(to);
    List<String> command =
        new ArrayList<>(
            List.of(
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--strict-names",
                "--file=" + to));
    ours.names()
        .forEach(name -> command.add("--table=" + quoted(ours.schema()) + "." + quoted(name)));
    try {
      tools.run("pg_dump", command, session);
      var _ = copied(to);
    } catch (DatabaseException e) {
      Files.deleteIfExists(to);
      throw e;
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The tables in a copy; fails for what is no copy of ours, and of ours alone. */
  private Tables copied(Path copy) throws IOException {
    String listed = tools.run("pg_restore", List.of("--list", copy.toString()), Map.of());
    Map<String, Set<String>> bySchema = new TreeMap<>();
    TABLE
        .matcher(listed)
        .results()
        .forEach(
            m ->
                bySchema
                    .computeIfAbsent(m.group("schema"), schema -> new TreeSet<>())
                    .add(m.group("name")));
    Tables found =
        bySchema.entrySet().stream()
            .filter(schema -> schema.getValue().contains(HISTORY))
            .findFirst()
            .map(schema -> new Tables(schema.getKey(), schema.getValue()))
            .orElseThrow(
                () -> new DatabaseException("The file " + copy + " is no database of Jubal."));
    if (bySchema.size() > 1 || !Migrations.tables().containsAll(found.names())) {
      throw new DatabaseException(
          "The backup "
              + copy
              + " has tables of others, or of a newer version: "
              + bySchema
              + " (expected: what this version's jubal backup wrote).");
    }
    return found;
  }

  /**
   * Puts a copy in the place of the database, whole or not at all. What it replaces is kept in the
   * folder {@code backups} of the data folder.
   *
   * @throws DatabaseException when a server is connected, the copy is not whole, or it would not
   *     take the place of all tables of ours
   */
  public void restore(Path folder, Path from) {
    try {
      Backups.checkSum(from);
      Tables copied = copied(from);
      Tables present = replaceable();
      refuseUnlike(from, copied, present);
      KeptCopies kept = KeptCopies.in(folder);
      if (present.names().contains(HISTORY)) {
        Path to = kept.beforeRestore(".dump");
        dump(present, to);
        var _ = Backups.writeSum(to);
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
      kept.pruneRestores(from);
    } catch (SQLException | IOException e) {
      throw new DatabaseException("The backup " + from + " was not restored: " + e, e);
    }
  }

  /** What is there; refuses while a server is connected. */
  private Tables replaceable() throws SQLException, IOException {
    try (Connection connection = connect()) {
      refuseServers(connection);
      return present(connection);
    }
  }

  /** Refuses what would not take the place of the tables that are there. */
  private static void refuseUnlike(Path from, Tables copied, Tables present) {
    if (!copied.schema().equals(present.schema())) {
      throw new DatabaseException(
          "The backup "
              + from
              + " is of the schema \""
              + copied.schema()
              + "\", and connections use \""
              + present.schema()
              + "\" (expected: the same; make it, and name it by currentSchema in database.url).");
    }
    Set<String> newer = new TreeSet<>(present.names());
    newer.removeAll(copied.names());
    if (!newer.isEmpty()) {
      throw new DatabaseException(
          "The database is of a newer version than the backup "
              + from
              + ": it has the tables "
              + newer
              + " (expected: an empty database, which database.url then names).");
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
