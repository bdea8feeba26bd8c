package dev.jubal.app.cli;

import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Durations;
import dev.jubal.platform.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The keys of a data folder. */
@Command(
    name = "key",
    description = "Make, list and revoke API keys; a running server sees it within a second.",
    synopsisSubcommandLabel = "COMMAND")
final class KeyCommand {
  private KeyCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new KeyCommand())
        .addSubcommand(new Create(terminal))
        .addSubcommand(new ListKeys(terminal))
        .addSubcommand(new Revoke(terminal));
  }

  @Command(
      name = "create",
      description = "Make a key. It alone goes to standard output, this once: only a hash stays.")
  static final class Create implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "What to call it.")
    private String name = "";

    @Option(
        names = "--model",
        paramLabel = "MODEL",
        description = "A model it may use; may be given again (default: all).")
    private List<String> models = new ArrayList<>();

    @Option(
        names = "--endpoint",
        paramLabel = "ENDPOINT",
        description = "An endpoint it may use, such as chat; may be given again (default: all).")
    private List<String> endpoints = new ArrayList<>();

    @Option(
        names = "--expires",
        paramLabel = "DURATION",
        description = "How long it is valid, such as 90d (default: for ever).")
    private @Nullable String expires;

    Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      InstantSource clock = InstantSource.system();
      Optional<Instant> end =
          Optional.ofNullable(expires).map(Create::duration).map(d -> clock.instant().plus(d));
      try (Database database = dataDir.database()) {
        IssuedKey issued =
            new KeyStore(database, clock).create(name, Acls.of(models, endpoints), end);
        terminal.out().println(issued.secret().reveal());
        terminal.out().flush();
        terminal
            .err()
            .println(
                "Key "
                    + issued.key().name()
                    + " ("
                    + issued.key().id()
                    + "): "
                    + String.join(" ", issued.key().acls())
                    + issued.key().expires().map(e -> ", until " + e).orElse("")
                    + ". It is shown this once.");
      }
      return 0;
    }

    private static Duration duration(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new ConfigException("--expires " + text + " (expected: " + e.getMessage() + ").");
      }
    }
  }

  @Command(name = "list", description = "List all keys, without their secrets.")
  static final class ListKeys implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    ListKeys(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Instant now = Instant.now();
      Table table = new Table("NAME", "KEY", "STATE", "CREATED", "EXPIRES", "MAY USE", "ID");
      try (Database database = dataDir.database()) {
        for (ApiKey key : new KeyStore(database, InstantSource.system()).list()) {
          table.add(
              key.name(),
              key.redacted(),
              state(key, now),
              key.created().toString().substring(0, 10),
              key.expires().map(e -> e.toString().substring(0, 10)).orElse("never"),
              String.join(" ", key.acls()),
              key.id());
        }
      }
      table.print(terminal.out());
      return 0;
    }

    private static String state(ApiKey key, Instant now) {
      if (key.disabled()) {
        return "revoked";
      }
      return key.expires().filter(e -> !e.isAfter(now)).isPresent() ? "expired" : "valid";
    }
  }

  @Command(name = "revoke", description = "Disable a key for good.")
  static final class Revoke implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "Its name or id.")
    private String name = "";

    Revoke(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        ApiKey key = new KeyStore(database, InstantSource.system()).revoke(name);
        terminal.err().println("Revoked " + key.name() + " (" + key.id() + ").");
      }
      return 0;
    }
  }
}
