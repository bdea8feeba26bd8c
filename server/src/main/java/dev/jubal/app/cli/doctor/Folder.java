package dev.jubal.app.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The data folder and the disk it lies on. */
final class Folder {
  private static final long GIGABYTE = 1_000_000_000;

  private Folder() {}

  static Finding disk(Path dataDir) {
    Path there = dataDir;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      return Finding.missing(
          "data folder",
          there + " may not be written",
          "no start: keys, ledger and models live in " + dataDir,
          "--data-dir DIR, or make it writable");
    }
    try {
      return space(dataDir, Files.getFileStore(there).getUsableSpace());
    } catch (IOException e) {
      return Finding.warn("data folder", there + ": " + e.getMessage(), "space unknown", "");
    }
  }

  static Finding space(Path dataDir, long free) {
    String seen = dataDir + String.format(Locale.ROOT, ", %.1f GB free", (double) free / GIGABYTE);
    if (free < GIGABYTE / 2) {
      return Finding.missing(
          "data folder",
          seen,
          "setting up takes 0.4 GB; a full disk makes the ledger refuse requests",
          "free some space, or --data-dir DIR on another disk");
    }
    return free < 2 * GIGABYTE
        ? Finding.warn("data folder", seen, "little room for models and the ledger", "free space")
        : Finding.ok("data folder", seen);
  }
}
