package dev.jubal.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where references that begin with {@code vault:} are looked up: a HashiCorp Vault, or what speaks
 * its key-value engine of version 2.
 */
public record VaultConfig(
    @Key(
            doc =
                "Address of a HashiCorp Vault for references vault:PATH#FIELD, such as"
                    + " https://vault.example.com:8200; without it VAULT_ADDR.")
        Optional<String> address,
    @Key(doc = "The token to read with; env: and file: are taken. Without it VAULT_TOKEN.")
        Optional<Secret> token,
    @Key(doc = "File that holds the token, read at each look-up. Without it VAULT_TOKEN_FILE.")
        Optional<Path> tokenFile,
    @Key(doc = "Namespace of Vault Enterprise; without it VAULT_NAMESPACE.")
        Optional<String> namespace,
    @Key(
            doc =
                "Where the key-value engine is mounted, if that is not the first part of the path,"
                    + " as it is for `vault kv get`.")
        Optional<String> mount,
    @Key(value = "10s", doc = "Longest wait for an answer.") Duration timeout) {

  public VaultConfig {
    address.ifPresent(a -> check("vault.address", a));
    if (token.isPresent() && tokenFile.isPresent()) {
      throw new ConfigException(
          "vault.token and vault.token-file are both set (expected: one of them).");
    }
  }

  /** A token never crosses a network in plain text. */
  static URI check(String key, String address) {
    URI uri;
    try {
      uri = URI.create(address.strip().replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw refused(key, address);
    }
    String host = uri.getHost() == null ? "" : uri.getHost();
    boolean loopback =
        host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.[0-9.]+");
    boolean secure = "https".equals(uri.getScheme());
    if (host.isEmpty()
        || uri.getUserInfo() != null
        || !(secure || ("http".equals(uri.getScheme()) && loopback))) {
      throw refused(key, address);
    }
    return uri;
  }

  private static ConfigException refused(String key, String address) {
    return new ConfigException(
        key
            + ": \""
            + address.replaceFirst("//[^/]*@", "//")
            + "\" (expected: https://HOST:PORT, or http:// of the own machine).");
  }
}
