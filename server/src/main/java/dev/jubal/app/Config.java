package dev.jubal.app;

import dev.jubal.account.alert.AlertConfig;
import dev.jubal.account.budget.BudgetConfig;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.limits.TierConfig;
import dev.jubal.account.price.PriceConfig;
import dev.jubal.backend.llama.EngineConfig;
import dev.jubal.inference.TimeoutConfig;
import dev.jubal.inference.memory.MemoryConfig;
import dev.jubal.inference.reasoning.ReasoningConfig;
import dev.jubal.inference.sight.SightConfig;
import dev.jubal.inference.work.WorkConfig;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.ConfigFile;
import dev.jubal.platform.config.ConfigReader;
import dev.jubal.platform.config.Key;
import dev.jubal.platform.config.VaultConfig;
import dev.jubal.platform.crypto.CryptoConfig;
import dev.jubal.platform.grpc.GrpcConfig;
import dev.jubal.platform.http.HttpConfig;
import dev.jubal.platform.http.browser.CorsConfig;
import dev.jubal.platform.log.LogConfig;
import dev.jubal.platform.metrics.MetricsConfig;
import dev.jubal.platform.net.NetConfig;
import dev.jubal.platform.oidc.OidcConfig;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.platform.trace.TelemetryConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The whole start-up configuration; each part stands next to its feature. Immutable. */
public record Config(
    @Key(value = "~/.jubal", doc = "Folder of keys, ledger, models and the native library.")
        Path dataDir,
    HttpConfig server,
    CorsConfig cors,
    OidcConfig oidc,
    GrpcConfig grpc,
    MetricsConfig metrics,
    LogConfig log,
    TelemetryConfig telemetry,
    TimeoutConfig timeouts,
    DatabaseConfig database,
    LedgerConfig ledger,
    BudgetConfig budget,
    AlertConfig alert,
    TierConfig tiers,
    PriceConfig price,
    CryptoConfig crypto,
    VaultConfig vault,
    NetConfig net,
    SightConfig sight,
    MemoryConfig memory,
    ReasoningConfig reasoning,
    EngineConfig engine,
    ModelsConfig models,
    CompatConfig compat,
    WorkConfig work) {
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
    Path folder = Path.of(ConfigReader.text(Config.class, "data-dir", flags, environment));
    Map<String, String> file = new HashMap<>(TelemetryConfig.standard(environment));
    file.putAll(ConfigFile.of(expand(folder)));
    return ConfigReader.read(Config.class, flags, environment, file);
  }

  /** A path with a leading {@code ~} replaced by the home folder. */
  public static Path expand(Path path) {
    String text = path.toString();
    return text.equals("~") || text.startsWith("~/")
        ? Path.of(System.getProperty("user.home") + text.substring(1))
        : path.toAbsolutePath().normalize();
  }
}
