package dev.jubal.app;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.inference.memory.SqlResponseMemory;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;

/** What a server keeps, opened in the order in which the parts need each other. */
record Storage(
    Database database, SqlLedger ledger, Vault vault, KeyStore keys, SqlResponseMemory responses)
    implements AutoCloseable {

  static Storage open(Config config, InstantSource now) {
    Database database = Database.open(config.dataFolder());
    SqlLedger ledger = SqlLedger.open(database, config.ledger(), now);
    LocalMasterKey master = LocalMasterKey.open(config.crypto(), config.dataFolder());
    Vault vault = new TinkVault(database, master, now);
    return new Storage(
        database,
        ledger,
        vault,
        new KeyStore(database, now),
        new SqlResponseMemory(database, vault, config.memory(), now));
  }

  @Override
  public void close() {
    ledger.close();
    database.close();
  }
}
