package dev.jubal.testing;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The databases that every store is tested on; a folder keeps its own over openings. */
public enum Stores {
  SQLITE {
    @Override
    public DatabaseConfig config(Path folder) {
      return DatabaseConfig.FILE;
    }

    @Override
    public DatabaseConfig empty() {
      return DatabaseConfig.FILE;
    }
  },
  POSTGRESQL {
    @Override
    public DatabaseConfig config(Path folder) {
      return MADE.computeIfAbsent(folder, f -> Postgres.shared().migrated());
    }

    @Override
    public DatabaseConfig empty() {
      return Postgres.shared().empty();
    }
  };

  private static final Map<Path, DatabaseConfig> MADE = new ConcurrentHashMap<>();

  /** Where the database of a folder is. */
  public abstract DatabaseConfig config(Path folder);

  /** One that has no table yet; SQLite's in each new folder. */
  public abstract DatabaseConfig empty();

  /** Where the rows of a folder lie on the disk, and what the database says of them. */
  public Path files(Path folder) {
    return this == SQLITE ? folder : Postgres.shared().files();
  }

  /** The same as flags of a server. */
  public String[] flags(Path folder) {
    DatabaseConfig config = config(folder.toAbsolutePath().normalize());
    return config.url().isPresent() ? Postgres.flags(config) : new String[0];
  }

  /** The database of a folder. */
  public Database open(Path folder) {
    return Database.open(folder, config(folder.toAbsolutePath().normalize()));
  }
}
