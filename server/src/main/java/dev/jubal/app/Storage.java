package dev.jubal.app;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.token.ClientTokens;
import dev.jubal.inference.memory.SqlResponseMemory;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.MasterKey;
import dev.jubal.platform.crypto.PortableVault;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.sql.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.UUID;

/**
 * What a server keeps, opened in the order in which the parts need each other.
 *
 * @param vault for what is stored in the database
 * @param portable for what clients keep
 * @param tokens for browsers
 */
record Storage(
    Database database,
    SqlLedger ledger,
    Vault vault,
    Vault portable,
    KeyStore keys,
    SqlResponseMemory responses,
    ClientTokens tokens)
    implements AutoCloseable {

  static Storage open(Config config, InstantSource now) {
    Database database = Database.open(config.dataFolder(), config.database());
    SqlLedger ledger = SqlLedger.open(database, config.ledger(), now);
    LocalMasterKey master = LocalMasterKey.open(config.crypto(), config.dataFolder());
    Vault vault = new TinkVault(database, master, now);
    return new Storage(
        database,
        ledger,
        vault,
        new PortableVault(master, vault),
        new KeyStore(database, now, () -> firstTeam(master)),
        new SqlResponseMemory(database, vault, config.memory(), now),
        new ClientTokens(derived(master, "client tokens for browsers")));
  }

  /** A key that all servers of a master key have, for one purpose. */
  private static byte[] derived(MasterKey master, String purpose) {
    try {
      return master.derive(purpose.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the master key " + master.id() + " does not derive", e);
    }
  }

  /** The same for all servers of a master key, so that what one sealed for it another opens. */
  private static UUID firstTeam(MasterKey master) {
    return UUID.nameUUIDFromBytes(derived(master, "id of the first team"));
  }

  @Override
  public void close() {
    ledger.close();
    database.close();
  }
}
