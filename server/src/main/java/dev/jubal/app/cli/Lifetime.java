package dev.jubal.app.cli;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Durations;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a new key is valid. */
final class Lifetime {
  @Option(
      names = "--expires",
      paramLabel = "DURATION",
      description = "How long it is valid, such as 90d (default: for ever).")
  private @Nullable String expires;

  /** When it ends, when it begins at that time. */
  Optional<Instant> end(Instant start) {
    String text = expires;
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(start.plus(Durations.parse(text)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--expires " + text + " (expected: " + e.getMessage() + ").");
    }
  }
}
