package dev.jubal.platform.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Brings a database to this version's schema: the files {@code db/migration/V<n>__<what>.sql}.
 *
 * <p>Flyway does the work and keeps the history, but it takes a third of a second to wake up; so
 * its history is read here first, and {@link FlywayRun} is loaded only when something is to be
 * done.
 */
final class Migrations {
  private static final String FOLDER = "db/migration/";
  private static final Pattern CREATED = Pattern.compile("(?m)^CREATE TABLE (\\w+)");

  private final String database;
  private final DataSource source;

  Migrations(String database, DataSource source) {
    this.database = database;
    this.source = source;
  }

  /** One migration, as a file or as a row of the history. */
  private record Step(int checksum, boolean done) {}

  /** What keeps other processes from migrating meanwhile. */
  interface Guard {
    Held take();
  }

  /** Such a guard, taken. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** What is done before a schema is changed; told the version that it has, 0 for none. */
  interface Before {
    void migrating(int version) throws SQLException, IOException;
  }

  void apply(Connection connection, Guard guard, Before before) throws SQLException, IOException {
    SortedMap<Integer, Step> known = known();
    if (upToDate(known, connection)) {
      return;
    }
    try (Held _ = guard.take()) {
      if (!upToDate(known, connection)) {
        SortedMap<Integer, Step> history = history(connection);
        before.migrating(history.isEmpty() ? 0 : history.lastKey());
        FlywayRun.migrate(database, source);
      }
    }
  }

  /**
   * Whether the history has all known steps; refuses one that can only be wrong. It may have newer
   * ones when the schema says that this version can work on it.
   */
  private boolean upToDate(SortedMap<Integer, Step> known, Connection connection)
      throws SQLException {
    SortedMap<Integer, Step> history = history(connection);
    int newest = known.lastKey();
    if (!history.isEmpty() && history.lastKey() > newest && oldest(connection) > newest) {
      throw new DatabaseException(
          "The database "
              + database
              + " has schema version "
              + history.lastKey()
              + ", made by a newer Jubal (expected: at most "
              + newest
              + "). Start that version, or restore a backup from before it.");
    }
    history.forEach(
        (version, step) -> {
          if (version <= newest || !step.done()) {
            check(version, step, known.get(version));
          }
        });
    return history.keySet().containsAll(known.keySet());
  }

  /** The oldest schema version whose release works on what is there now. */
  private static int oldest(Connection connection) throws SQLException {
    if (!has(connection, "schema_compat")) {
      return Integer.MAX_VALUE;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT oldest FROM schema_compat WHERE id = 1")) {
      return row.next() ? row.getInt(1) : Integer.MAX_VALUE;
    }
  }

  private void check(int version, Step step, @Nullable Step file) {
    if (!step.done()) {
      throw new DatabaseException(
          "The database "
              + database
              + " is half-migrated: version "
              + version
              + " failed. Restore the backup from before it.");
    }
    if (file == null || file.checksum() != step.checksum()) {
      throw new DatabaseException(
          "The database "
              + database
              + " was migrated to version "
              + version
              + " by another script than this Jubal's (checksum "
              + step.checksum()
              + ", expected: "
              + (file == null ? "no such version" : file.checksum())
              + "). Use the version that made it.");
    }
  }

  private static SortedMap<Integer, Step> history(Connection connection) throws SQLException {
    SortedMap<Integer, Step> found = new TreeMap<>();
    if (!has(connection, "flyway_schema_history")) {
      return found;
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT \"version\", \"checksum\", \"success\" FROM \"flyway_schema_history\""
                    + " WHERE \"version\" IS NOT NULL")) {
      while (rows.next()) {
        found.put(rows.getInt(1), new Step(rows.getInt(2), rows.getBoolean(3)));
      }
    }
    return found;
  }

  /** Looks in the schema in use alone: a server may have others. */
  private static boolean has(Connection connection, String table) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(null, connection.getSchema(), table, null)) {
      return tables.next();
    }
  }

  private static SortedMap<Integer, Step> known() throws IOException {
    SortedMap<Integer, Step> steps = new TreeMap<>();
    for (String name : names()) {
      int version = Integer.parseInt(name.substring(1, name.indexOf("__")));
      steps.put(version, new Step(checksum(name), true));
    }
    if (steps.isEmpty()) {
      throw new IOException("no migrations at " + FOLDER);
    }
    return steps;
  }

  /** Whether a newer release changed the schema, and may have made tables that this one lacks. */
  static boolean newer(Connection connection) throws SQLException, IOException {
    SortedMap<Integer, Step> history = history(connection);
    return !history.isEmpty() && history.lastKey() > known().lastKey();
  }

  /** The tables that the migrations make, with the history of them. */
  static Set<String> tables() throws IOException {
    Set<String> tables = new TreeSet<>(Set.of("flyway_schema_history"));
    for (String name : names()) {
      try (InputStream in = Migrations.class.getResourceAsStream("/" + FOLDER + name)) {
        String script =
            new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        CREATED.matcher(script).results().map(m -> m.group(1)).forEach(tables::add);
      }
    }
    return tables;
  }

  private static List<String> names() throws IOException {
    ClassLoader loader = Objects.requireNonNull(Migrations.class.getClassLoader());
    URL folder = Objects.requireNonNull(loader.getResource(FOLDER), FOLDER);
    Stream<String> all =
        folder.openConnection() instanceof JarURLConnection jar
            ? jar.getJarFile().stream()
                .map(e -> e.getName())
                .filter(n -> n.startsWith(FOLDER))
                .map(n -> n.substring(FOLDER.length()))
            : files(folder).stream();
    return all.filter(n -> n.matches("V\\d+__\\w+\\.sql"))
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static List<String> files(URL folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(new URI(folder.toString())))) {
      return files.map(f -> String.valueOf(f.getFileName())).toList();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** Flyway's checksum of a script: CRC-32 of its lines without their ends. */
  private static int checksum(String name) throws IOException {
    CRC32 sum = new CRC32();
    try (InputStream in = Migrations.class.getResourceAsStream("/" + FOLDER + name);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in, name), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        sum.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return (int) sum.getValue();
  }
}
