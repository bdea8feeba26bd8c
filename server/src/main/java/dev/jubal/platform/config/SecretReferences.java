package dev.jubal.platform.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that stand elsewhere: {@code env:NAME} is a variable of the environment, {@code
 * file:/path} the content of a file without the line's end, {@code vault:PATH#FIELD} a field of a
 * secret of a Vault. Confined to its thread.
 */
public final class SecretReferences {
  /** What is expected where a reference is wanted. */
  public static final String FORM = "env:NAME, file:/path or vault:PATH#FIELD";

  private static final List<String> KINDS = List.of("env:", "file:", "vault:");

  /** Before a value that begins like a reference and is none. */
  private static final String PLAIN = "plain:";

  private static final Pattern VAULT =
      Pattern.compile("vault:(?<path>[^#?\\s/]+(?:/[^#?\\s/]+)*)#(?<field>[^#\\s]+)");
  private static final long MOST = 64 << 10;

  private final Map<String, String> environment;
  private final Supplier<VaultConfig> config;
  private @Nullable Vault vault;

  /**
   * @param environment the process environment
   * @param config asked at the first reference to a Vault, and not before
   */
  public SecretReferences(Map<String, String> environment, Supplier<VaultConfig> config) {
    this.environment = environment;
    this.config = config;
  }

  /** Whether a text has the beginning of a reference. */
  public static boolean is(String text) {
    return KINDS.stream().anyMatch(text::startsWith);
  }

  /**
   * The secret that a setting says: what a reference names, else the text itself.
   *
   * @throws ConfigException as {@link #resolve}, with the setting's key
   */
  Secret of(String key, String text) {
    if (text.startsWith(PLAIN)) {
      return new Secret(text.substring(PLAIN.length()));
    }
    if (!is(text)) {
      return new Secret(text);
    }
    try {
      return resolve(text);
    } catch (ConfigException e) {
      throw new ConfigException(key + ": " + e.getMessage());
    }
  }

  /**
   * What a reference names.
   *
   * @throws ConfigException when there is no such thing, or nothing in it; without the value
   */
  public Secret resolve(String reference) {
    String text = reference.strip();
    String value;
    if (text.startsWith("env:")) {
      value = variable(text);
    } else if (text.startsWith("file:")) {
      value = file(text);
    } else {
      value = ofVault(text);
    }
    if (value.isBlank()) {
      throw new ConfigException("the reference " + text + " leads to nothing but white space.");
    }
    return new Secret(value);
  }

  private String variable(String text) {
    String name = text.substring("env:".length());
    String value = environment.get(name);
    if (value == null) {
      throw new ConfigException(
          "the reference "
              + text
              + " names a variable that the environment does not have (expected: env:NAME of one"
              + " that is set).");
    }
    return value;
  }

  private static String file(String text) {
    String path = text.substring("file:".length());
    if (!path.startsWith("/")) {
      throw new ConfigException("the reference " + text + " (expected: file: and a whole path).");
    }
    Path file = Path.of(path);
    try {
      if (Files.size(file) > MOST) {
        throw new ConfigException(
            "the reference " + text + " names a file of more than " + MOST + " bytes.");
      }
      return Files.readString(file).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new ConfigException(
          "the reference " + text + " names a file that cannot be read: " + e + ".");
    }
  }

  private String ofVault(String text) {
    Matcher m = VAULT.matcher(text);
    if (!m.matches()) {
      throw new ConfigException(
          "the reference "
              + (text.startsWith("vault:") ? text : "is not shown")
              + " (expected: "
              + FORM
              + ", as vault:secret/jubal/database#password).");
    }
    Vault from = vault;
    if (from == null) {
      from = new Vault(config.get(), environment);
      vault = from;
    }
    try {
      return from.field(m.group("path"), m.group("field"));
    } catch (ConfigException e) {
      throw new ConfigException("the reference " + text + ": " + e.getMessage() + ".");
    }
  }
}
