package dev.jubal.platform.crypto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Envelope encryption by Tink's AES-GCM of 256 bits: each owner's data key lies in the table {@code
 * data_key}, wrapped by the master key. Deleting that row makes all of an owner's unreadable.
 *
 * <p>What is sealed begins with one byte, the version of the form; nonces are random, 96 bits, so a
 * data key is good for 2^32 values.
 */
public final class TinkVault implements Vault {
  private static final byte FORM = 1;
  private static final int KEY_BYTES = 32;
  private static final int MOST_CACHED = 1000;

  private final Database database;
  private final MasterKey master;
  private final InstantSource now;
  private final SecureRandom random = new SecureRandom();
  private final Cache<String, Aead> keys = Caffeine.newBuilder().maximumSize(MOST_CACHED).build();

  public TinkVault(Database database, MasterKey master, InstantSource now) {
    this.database = database;
    this.master = master;
    this.now = now;
  }

  @Override
  public byte[] seal(String owner, String context, byte[] clear) {
    return SealedForm.seal(FORM, key(owner, true), context, clear);
  }

  @Override
  public byte[] open(String owner, String context, byte[] sealed) {
    if (!SealedForm.is(FORM, sealed)) {
      throw new Sealed(context + " is not in a form that this version seals", null);
    }
    try {
      return SealedForm.open(key(owner, false), context, sealed);
    } catch (GeneralSecurityException e) {
      throw new Sealed(context + " was sealed for something else, or was changed", e);
    }
  }

  private Aead key(String owner, boolean make) {
    Aead cached = keys.getIfPresent(owner);
    if (cached != null) {
      return cached;
    }
    Stored stored =
        database
            .read(s -> find(s, owner))
            .or(() -> make ? Optional.of(database.write(s -> made(s, owner))) : Optional.empty())
            .orElseThrow(() -> new Sealed("nothing was sealed for " + owner, null));
    Aead key = unwrap(owner, stored);
    keys.put(owner, key);
    return key;
  }

  private Aead unwrap(String owner, Stored stored) {
    if (!stored.master.equals(master.id())) {
      throw new Sealed(
          "the data key of "
              + owner
              + " is wrapped by the master key "
              + stored.master
              + " (expected: "
              + master.id()
              + ", the one this server was started with)",
          null);
    }
    try {
      return new AesGcmJce(master.unwrap(stored.wrapped, SealedForm.bytes(owner)));
    } catch (GeneralSecurityException e) {
      throw new Sealed("the data key of " + owner + " is damaged", e);
    }
  }

  /** In a writing transaction, so that two processes do not make two. */
  private Stored made(Session s, String owner) {
    return find(s, owner)
        .orElseGet(
            () -> {
              byte[] fresh = new byte[KEY_BYTES];
              random.nextBytes(fresh);
              Stored stored = new Stored(master.id(), wrapped(owner, fresh));
              s.update(
                  "INSERT INTO data_key (owner, master, wrapped, created_us) VALUES (?, ?, ?, ?)",
                  owner,
                  stored.master,
                  stored.wrapped,
                  now.instant());
              return stored;
            });
  }

  private byte[] wrapped(String owner, byte[] key) {
    try {
      return master.wrap(key, SealedForm.bytes(owner));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the master key " + master.id() + " does not wrap", e);
    }
  }

  private static Optional<Stored> find(Session s, String owner) {
    return s.first("SELECT * FROM data_key WHERE owner = ?", Stored::of, owner);
  }

  private record Stored(String master, byte[] wrapped) {
    static Stored of(Row row) throws SQLException {
      return new Stored(row.text("master"), row.bytes("wrapped"));
    }
  }
}
