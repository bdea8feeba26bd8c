package dev.jubal.app.cli.alert;

import dev.jubal.account.alert.AlertConfig;
import dev.jubal.account.alert.AlertDelivery;
import dev.jubal.account.alert.AlertSender;
import dev.jubal.account.alert.AlertStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.app.cli.DataDir;
import dev.jubal.platform.crypto.CryptoConfig;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.net.NetConfig;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;

/** What a command works with, as the server has it. */
record Opened(DataDir dataDir, Database database, TinkVault vault, InstantSource now)
    implements AutoCloseable {
  static Opened of(DataDir dataDir) {
    CryptoConfig crypto = dataDir.config(CryptoConfig.class, "crypto");
    InstantSource now = InstantSource.system();
    Database database = dataDir.database();
    return new Opened(
        dataDir,
        database,
        new TinkVault(database, LocalMasterKey.open(crypto, dataDir.path()), now),
        now);
  }

  TeamStore teams() {
    return new TeamStore(database);
  }

  AlertStore store() {
    return new AlertStore(database, vault, now);
  }

  /**
   * Who tells; to be closed. Only for commands that tell, as it wants the mail server's password.
   */
  AlertSender sender() {
    return new AlertSender(
        dataDir.config(AlertConfig.class, "alert"),
        dataDir.config(NetConfig.class, "net"),
        database,
        vault,
        now);
  }

  AlertDelivery delivery(AlertSender sender, ServerMetrics metrics) {
    return new AlertDelivery(database, vault, now, sender, metrics);
  }

  @Override
  public void close() {
    database.close();
  }
}
