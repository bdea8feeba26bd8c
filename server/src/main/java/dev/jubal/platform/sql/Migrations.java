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
import java.util.SortedMap;
import java.util.TreeMap;
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

  private final Path database;
  private final DataSource source;

  Migrations(Path database, DataSource source) {
    this.database = database;
    this.source = source;
  }

  /** One migration, as a file or as a row of the history. */
  private record Step(int checksum, boolean done) {}

  void apply(Connection connection) throws SQLException, IOException {
    SortedMap<Integer, Step> known = known();
    if (upToDate(known, connection)) {
      return;
    }
    Path folder = Objects.requireNonNull(database.getParent(), "a database has a folder");
    try (FolderLock _ = FolderLock.ofMigration(folder)) {
      if (!upToDate(known, connection)) {
        FlywayRun.migrate(database, source);
      }
    }
  }

  /** Whether the history is exactly the known steps; refuses one that can only be wrong. */
  private boolean upToDate(SortedMap<Integer, Step> known, Connection connection)
      throws SQLException {
    SortedMap<Integer, Step> history = history(connection);
    int newest = known.lastKey();
    history.forEach(
        (version, step) -> {
          if (version > newest) {
            throw new DatabaseException(
                "The database "
                    + database
                    + " has schema version "
                    + history.lastKey()
                    + ", made by a newer Jubal (expected: at most "
                    + newest
                    + "). Start that version, or restore a backup from before it.");
          }
          check(version, step, known.get(version));
        });
    return history.keySet().equals(known.keySet());
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
    if (!hasHistory(connection)) {
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

  private static boolean hasHistory(Connection connection) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(null, null, "flyway_schema_history", null)) {
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
