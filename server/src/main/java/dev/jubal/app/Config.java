package dev.jubal.app;

import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.backend.llama.EngineConfig;
import dev.jubal.inference.TimeoutConfig;
import dev.jubal.inference.memory.MemoryConfig;
import dev.jubal.inference.reasoning.ReasoningConfig;
import dev.jubal.inference.sight.SightConfig;
import dev.jubal.inference.work.WorkConfig;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.ConfigReader;
import dev.jubal.platform.config.Key;
import dev.jubal.platform.crypto.CryptoConfig;
import dev.jubal.platform.grpc.GrpcConfig;
import dev.jubal.platform.http.HttpConfig;
import dev.jubal.platform.metrics.MetricsConfig;
import dev.jubal.platform.net.NetConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The whole start-up configuration; each part stands next to its feature. Immutable. */
public record Config(
    @Key(value = "~/.jubal", doc = "Folder of keys, ledger, models and the native library.")
        Path dataDir,
    HttpConfig server,
    GrpcConfig grpc,
    MetricsConfig metrics,
    TimeoutConfig timeouts,
    LedgerConfig ledger,
    CryptoConfig crypto,
    NetConfig net,
    SightConfig sight,
    MemoryConfig memory,
    ReasoningConfig reasoning,
    EngineConfig engine,
    ModelsConfig models,
    CompatConfig compat,
    WorkConfig work) {
  private static final String FILE = "jubal.properties";

  /** The data folder as an absolute path. */
  public Path dataFolder() {
    return expand(dataDir);
  }

  /**
   * Reads it from the command line, the environment and {@code jubal.properties} of the data
   * folder.
   *
   * @throws ConfigException on an unknown key or a bad value
   */
  public static Config read(Map<String, String> flags, Map<String, String> environment) {
    Config early = ConfigReader.read(Config.class, flags, environment, Map.of());
    return ConfigReader.read(
        Config.class, flags, environment, properties(early.dataFolder().resolve(FILE)));
  }

  private static Map<String, String> properties(Path file) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    Properties read = new Properties();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage());
    }
    Map<String, String> values = new LinkedHashMap<>();
    read.forEach((key, value) -> values.put((String) key, (String) value));
    return values;
  }

  /** A path with a leading {@code ~} replaced by the home folder. */
  public static Path expand(Path path) {
    String text = path.toString();
    return text.equals("~") || text.startsWith("~/")
        ? Path.of(System.getProperty("user.home") + text.substring(1))
        : path.toAbsolutePath().normalize();
  }
}
