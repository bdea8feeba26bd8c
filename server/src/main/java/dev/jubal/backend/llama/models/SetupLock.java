package dev.jubal.backend.llama.models;

import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.artifact.Staging;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Lets one process at a time change what is installed in a data folder; ends with its holder. */
final class SetupLock implements AutoCloseable {
  private final FileLock lock;

  private SetupLock(FileLock lock) {
    this.lock = lock;
  }

  /** Waits until it is free. */
  static SetupLock take(Path dataDir, Progress progress) {
    try {
      Files.createDirectories(dataDir);
      FileChannel channel =
          FileChannel.open(
              dataDir.resolve("setup.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        progress.note("another jubal is setting up " + dataDir + "; waiting for it");
        lock = channel.lock();
      }
      return new SetupLock(lock);
    } catch (IOException e) {
      throw Staging.failed("cannot lock " + dataDir, e);
    }
  }

  @Override
  public void close() {
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      throw Staging.failed("cannot unlock the data folder", e);
    }
  }
}
