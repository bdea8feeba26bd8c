package dev.jubal.platform.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * For tests alone: where the environment names a file by {@value #NAME}, every secret of this
 * process is appended to it, so that a scanner can look for them in what the processes of a test
 * run leave. Without that variable, which no server outside of a test run has, this does nothing.
 * The file has to be there already: a variable that was left over makes none.
 */
public final class SecretManifest {
  /** The variable of the environment. */
  public static final String NAME = "JUBAL_TEST_SECRETS";

  /** Shorter ones stand in too many texts to be looked for. */
  private static final int SHORTEST = 12;

  private static final @Nullable Path FILE = file();
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  private SecretManifest() {}

  private static @Nullable Path file() {
    String name = System.getenv(NAME);
    return name == null || !Files.isWritable(Path.of(name)) ? null : Path.of(name);
  }

  /** Appends a secret that was not yet; one line each, whole even beside other processes. */
  public static void add(String secret) {
    if (FILE == null || secret.length() < SHORTEST || secret.lines().count() != 1) {
      return;
    }
    if (KNOWN.add(secret)) {
      try {
        Files.write(
            FILE, (secret + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
