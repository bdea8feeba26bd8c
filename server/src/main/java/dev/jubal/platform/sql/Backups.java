package dev.jubal.platform.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/** Copies of SQLite's file, made while others write: each is the database at one moment. */
public final class Backups {
  private static final Logger log = LoggerFactory.getLogger(Backups.class);
  private static final String SUM = ".sha256";

  private Backups() {}

  /**
   * Copies the database of a folder, also under a running server, and writes the copy's SHA-256
   * beside it, in the form of {@code sha256sum}.
   *
   * @param to a file that is not there yet
   * @return the sum
   * @throws DatabaseException when the file is there, or the copy failed
   */
  public static String take(Path folder, Path to) {
    Path file = folder.resolve(SqliteFile.FILE);
    if (!Files.exists(file)) {
      throw new DatabaseException("There is no database " + file + " to copy.");
    }
    refuseExisting(to);
    try (Connection connection =
        SqliteFile.source(file, Database.Sync.FULL, SqliteFile.BUSY).getConnection()) {
      copy(connection, to);
      checkWhole(to);
      return writeSum(to);
    } catch (SQLException | IOException e) {
      throw new DatabaseException("The backup " + to + " failed: " + e.getMessage(), e);
    }
  }

  /**
   * Puts a backup in the place of a folder's database, which is kept in the folder {@code backups}.
   *
   * @throws DatabaseException when a server runs on the folder, or the backup is not whole
   */
  public static void restore(Path folder, Path from) {
    try {
      SqliteFile.makeFolder(folder);
      NativeLibrary.unpackTo(folder);
      try (FolderLock _ = FolderLock.ofServer(folder)) {
        checkSum(from);
        checkWhole(from);
        replace(folder, from);
      }
    } catch (SQLException | IOException e) {
      throw new DatabaseException("The backup " + from + " was not restored: " + e, e);
    }
  }

  private static void replace(Path folder, Path from) throws IOException, SQLException {
    Path file = folder.resolve(SqliteFile.FILE);
    Path draft = folder.resolve(SqliteFile.FILE + ".restored");
    Files.copy(from, draft, StandardCopyOption.REPLACE_EXISTING);
    ownerOnly(draft);
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    KeptCopies kept = KeptCopies.in(folder);
    if (Files.exists(file)) {
      keep(file, kept.beforeRestore(".db"));
    }
    // what the log holds belongs to the file that goes
    Files.deleteIfExists(folder.resolve(SqliteFile.FILE + "-wal"));
    Files.deleteIfExists(folder.resolve(SqliteFile.FILE + "-shm"));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    kept.pruneRestores(from);
  }

  private static void keep(Path file, Path kept) throws IOException {
    try (Connection connection =
        SqliteFile.source(file, Database.Sync.FULL, SqliteFile.BUSY).getConnection()) {
      copy(connection, kept);
    } catch (SQLException damaged) {
      log.warn("what is replaced is damaged, and is kept as it is: {}", damaged.getMessage());
      Files.copy(file, kept);
    }
    var _ = writeSum(kept);
  }

  /** Writes the sum of a copy beside it, and returns it. */
  static String writeSum(Path copy) throws IOException {
    String sum = sum(copy);
    Files.writeString(sumOf(copy), sum + "  " + copy.getFileName() + "\n");
    return sum;
  }

  static void checkSum(Path from) throws IOException {
    Path sums = sumOf(from);
    if (!Files.exists(from) || !Files.exists(sums)) {
      throw new DatabaseException(
          "There is no "
              + (Files.exists(from) ? sums : from)
              + " (expected: a backup and its checksum, as jubal backup writes them).");
    }
    String wanted = Files.readString(sums).strip().split("\\s", -1)[0];
    String found = sum(from);
    if (!found.equals(wanted)) {
      throw new DatabaseException(
          "The backup "
              + from
              + " has the SHA-256 "
              + found
              + " (expected: "
              + wanted
              + "): it was changed or is not whole.");
    }
  }

  /** Refuses what is no whole database of ours. */
  private static void checkWhole(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      try (ResultSet found = statement.executeQuery("PRAGMA integrity_check")) {
        if (!found.next() || !found.getString(1).equals("ok")) {
          throw new DatabaseException("The file " + file + " is damaged.");
        }
      }
      try (ResultSet ours = statement.executeQuery("SELECT 1 FROM flyway_schema_history")) {
        if (!ours.next()) {
          throw new DatabaseException("The file " + file + " is no database of Jubal.");
        }
      }
    }
  }

  /** Refuses to copy over a file, or over the sum of one. */
  static void refuseExisting(Path to) {
    if (Files.exists(to) || Files.exists(sumOf(to))) {
      throw new DatabaseException("There is a file " + to + " already (expected: another name).");
    }
  }

  private static Path sumOf(Path file) {
    return file.resolveSibling(file.getFileName() + SUM);
  }

  static boolean isSum(Path file) {
    return file.toString().endsWith(SUM);
  }

  /** Deletes a copy with its sum, where they are. */
  static void delete(Path copy) throws IOException {
    Files.deleteIfExists(sumOf(copy));
    Files.deleteIfExists(copy);
  }

  private static String sum(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  static void ownerOnly(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  /** Copies the database to a file of the owner's alone. */
  private static void copy(Connection connection, Path to) throws SQLException, IOException {
    Files.createFile(to); // VACUUM INTO takes an empty file as it is
    ownerOnly(to);
    try (PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, to.toString());
      statement.execute();
    } catch (SQLException e) {
      Files.deleteIfExists(to);
      throw e;
    }
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Keeps a copy in the folder {@code backups} before a schema is changed, beside the last few.
   *
   * @param version what the schema has now
   */
  static void beforeMigration(Connection connection, Path folder, int version)
      throws SQLException, IOException {
    if (version == 0) {
      return; // a new database
    }
    KeptCopies kept = KeptCopies.in(folder);
    Path to = kept.beforeMigration(version);
    copy(connection, to);
    var _ = writeSum(to);
    log.info("the database was copied to {} before its schema is changed", to);
    kept.pruneMigrations();
  }
}
