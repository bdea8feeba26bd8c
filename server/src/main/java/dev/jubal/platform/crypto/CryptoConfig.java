package dev.jubal.platform.crypto;

import dev.jubal.platform.config.Key;
import dev.jubal.platform.config.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** Where the master key is, under which the data keys of the teams lie. */
public record CryptoConfig(
    @Key(
            doc =
                "Master key: 32 bytes in base64. Better given by the environment than by a file of"
                    + " settings.")
        Optional<Secret> masterKey,
    @Key(
            doc =
                "File that holds the master key in base64. Without either, master.key of the data"
                    + " folder, made at the first start.")
        Optional<Path> masterKeyFile) {
  public static final CryptoConfig STANDARD = new CryptoConfig(Optional.empty(), Optional.empty());
}
