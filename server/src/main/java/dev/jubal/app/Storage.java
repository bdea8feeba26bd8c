package dev.jubal.app;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;

/** What a server keeps, opened in the order in which the parts need each other. */
record Storage(Database database, SqlLedger ledger, Vault vault, KeyStore keys)
    implements AutoCloseable {

  static Storage open(Config config, InstantSource now) {
    Database database = Database.open(config.dataFolder());
    SqlLedger ledger = SqlLedger.open(database, config.ledger(), now);
    LocalMasterKey master = LocalMasterKey.open(config.crypto(), config.dataFolder());
    return new Storage(
        database, ledger, new TinkVault(database, master, now), new KeyStore(database, now));
  }

  @Override
  public void close() {
    ledger.close();
    database.close();
  }
}
