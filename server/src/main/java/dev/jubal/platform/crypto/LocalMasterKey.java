package dev.jubal.platform.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * A master key of 256 bits that this process holds: AES-GCM over the data keys, HKDF for all
 * derived ones.
 */
public final class LocalMasterKey implements MasterKey {
  /** Its file in the data folder, when the operator names no other. */
  public static final String FILE = "master.key";

  private static final int BYTES = 32;
  private static final byte[] SALT =
      "jubal master key, derived".getBytes(StandardCharsets.US_ASCII);
  private static final String EXPECTED =
      " (expected: 32 bytes in base64, as openssl rand -base64 32 gives).";

  private final byte[] key;
  private final String id;

  private LocalMasterKey(byte[] key) {
    this.key = key;
    this.id = identify(key);
  }

  /**
   * The configured key, or that of the data folder, which is made when absent, readable by its
   * owner only.
   *
   * @throws ConfigException when it is malformed, cannot be read, or others may read it
   */
  public static LocalMasterKey open(CryptoConfig config, Path dataFolder) {
    if (config.masterKey().isPresent() && config.masterKeyFile().isPresent()) {
      throw new ConfigException(
          "crypto.master-key and crypto.master-key-file are both set (expected: one of them).");
    }
    return config
        .masterKey()
        .map(Secret::reveal)
        .map(text -> decode(text, "crypto.master-key: its value"))
        .orElseGet(
            () -> read(config.masterKeyFile().orElseGet(() -> made(dataFolder.resolve(FILE)))));
  }

  private static Path made(Path file) {
    if (!Files.exists(file)) {
      byte[] fresh = new byte[BYTES];
      new SecureRandom().nextBytes(fresh);
      try {
        create(file, Base64.getEncoder().encodeToString(fresh) + "\n");
      } catch (FileAlreadyExistsException e) {
        return file; // another process was faster
      } catch (IOException e) {
        throw new ConfigException("The master key " + file + " cannot be made: " + e + ".");
      }
    }
    return file;
  }

  /** Whole or not at all: a torn key would lose everything sealed under it. */
  private static void create(Path file, String text) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path part = Files.createTempFile(file.getParent(), FILE, ".part", mode);
    try {
      Files.writeString(part, text, StandardOpenOption.SYNC);
      Files.createLink(file, part);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static LocalMasterKey read(Path file) {
    try {
      refuseOpenFile(file);
      Secret text = new Secret(Files.readString(file, StandardCharsets.US_ASCII).strip());
      return decode(text.reveal(), file + ": its content");
    } catch (IOException e) {
      throw new ConfigException("The master key " + file + " cannot be read: " + e + ".");
    }
  }

  private static void refuseOpenFile(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    open.retainAll(
        Set.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_WRITE));
    if (!open.isEmpty()) {
      throw new ConfigException(
          "The master key "
              + file
              + " has the mode "
              + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
              + " (expected: rw-------, as chmod 600 makes it).");
    }
  }

  private static LocalMasterKey decode(String text, String what) {
    try {
      byte[] key = Base64.getDecoder().decode(text.strip());
      if (key.length == BYTES) {
        return new LocalMasterKey(key);
      }
      throw new ConfigException(what + " has " + key.length + " bytes" + EXPECTED);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(what + " is not base64" + EXPECTED);
    }
  }

  private static String identify(byte[] key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update("jubal master key".getBytes(StandardCharsets.US_ASCII));
      return "local-" + HexFormat.of().formatHex(Arrays.copyOf(sha.digest(key), 6));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a JDK without SHA-256", e);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] wrap(byte[] dataKey, byte[] owner) throws GeneralSecurityException {
    return aead().encrypt(dataKey, owner);
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] owner) throws GeneralSecurityException {
    return aead().decrypt(wrapped, owner);
  }

  @Override
  public byte[] derive(byte[] info) throws GeneralSecurityException {
    return Hkdf.computeHkdf("HmacSha256", key, SALT, info, BYTES);
  }

  private Aead aead() throws GeneralSecurityException {
    return new AesGcmJce(key);
  }

  @Override
  public String toString() {
    return id;
  }
}
