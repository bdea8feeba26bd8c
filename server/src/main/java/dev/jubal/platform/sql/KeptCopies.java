package dev.jubal.platform.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The copies that are made unasked, before a database is replaced or its schema changed: the last
 * few of each kind, in the folder {@code backups} of a data folder. Each has its sum, so that it
 * can be restored as any other.
 */
final class KeptCopies {
  private static final String FOLDER = "backups";
  private static final String RESTORE = "before-restore";
  private static final String MIGRATION = "before-migration";
  private static final int KEPT = 3;
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Path home;

  private KeptCopies(Path home) {
    this.home = home;
  }

  static KeptCopies in(Path folder) throws IOException {
    Path home = folder.resolve(FOLDER);
    SqliteFile.makeFolder(home);
    return new KeptCopies(home);
  }

  /** Where to copy what a restore replaces: beside the others, as one of them may be restored. */
  Path beforeRestore(String ending) {
    return home.resolve(RESTORE + "-" + MOMENT.format(Instant.now()) + ending);
  }

  /**
   * Where to copy a schema before it is changed. A change that is tried again and again takes the
   * same place, and none of those that earlier versions have.
   */
  Path beforeMigration(int version) throws IOException {
    Path to = home.resolve(MIGRATION + "-of-v" + version + ".db");
    Backups.delete(to);
    return to;
  }

  /**
   * Lets go of what more than a few restores replaced.
   *
   * @param restored what was restored now, which may be one of them and stays
   */
  void pruneRestores(Path restored) throws IOException {
    for (Path old : old(RESTORE)) {
      if (!Files.isSameFile(old, restored)) {
        Backups.delete(old);
      }
    }
  }

  /** Lets go of what more than a few changes of the schema left. */
  void pruneMigrations() throws IOException {
    for (Path old : old(MIGRATION)) {
      Backups.delete(old);
    }
  }

  private List<Path> old(String kind) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      List<Path> all =
          files
              .filter(f -> String.valueOf(f.getFileName()).startsWith(kind))
              .filter(f -> !Backups.isSum(f))
              .sorted(
                  Comparator.comparingLong((Path f) -> f.toFile().lastModified())
                      .thenComparing(Comparator.naturalOrder()))
              .toList();
      return all.subList(0, Math.max(0, all.size() - KEPT));
    }
  }
}
