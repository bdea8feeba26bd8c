package dev.jubal.app.cli.doctor;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.ConfigFile;
import dev.jubal.platform.crypto.LocalMasterKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the master key lies: beside what it encrypts it protects little. */
final class MasterKeyFile {
  private MasterKeyFile() {}

  /** Empty before a first start, when there is no key yet. */
  static Optional<Finding> check(Path dataDir, Map<String, String> environment) {
    if (environment.containsKey("JUBAL_CRYPTO_MASTER_KEY")
        || environment.containsKey("JUBAL_CRYPTO_MASTER_KEY_FILE")) {
      return Optional.of(Finding.ok("master key", "given by the environment"));
    }
    if (inSettings(dataDir)) {
      return Optional.of(Finding.ok("master key", "given by jubal.properties"));
    }
    Path file = dataDir.resolve(LocalMasterKey.FILE);
    return Files.exists(file)
        ? Optional.of(
            Finding.warn(
                "master key",
                file.toString(),
                "who copies the data folder can read what is stored in it",
                "move it elsewhere and name it: crypto.master-key-file"
                    + " (JUBAL_CRYPTO_MASTER_KEY_FILE)"))
        : Optional.empty();
  }

  private static boolean inSettings(Path dataDir) {
    try {
      return ConfigFile.of(dataDir).keySet().stream()
          .anyMatch(key -> key.startsWith("crypto.master-key"));
    } catch (ConfigException told) {
      return false; // another finding says so
    }
  }
}
