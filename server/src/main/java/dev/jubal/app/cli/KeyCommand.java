package dev.jubal.app.cli;

import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.account.keys.KeySettings;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
        names = "--acl",
        paramLabel = "ROW",
        description =
            "A row as it is stored, such as api-key:tool:lookup; may be given again. With it only"
                + " what is named may be done.")
    private List<String> acls = new ArrayList<>();

    @Option(names = "--team", paramLabel = "TEAM", description = "Name or id (default: the first).")
    private @Nullable String team;

    @Option(names = "--project", paramLabel = "PROJECT", description = "Name or id.")
    private @Nullable String project;

    @Option(names = "--qps", paramLabel = "N", description = "Requests a second (default: none).")
    private @Nullable Long qps;

    @Option(names = "--qpm", paramLabel = "N", description = "Requests a minute (default: none).")
    private @Nullable Long qpm;

    @Option(names = "--tpm", paramLabel = "N", description = "Tokens a minute (default: none).")
    private @Nullable Long tpm;

    @Mixin private final Lifetime lifetime = new Lifetime();

    Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      InstantSource clock = InstantSource.system();
      Optional<Instant> end = lifetime.end(clock.instant());
      try (Database database = dataDir.database()) {
        KeyStore keys = new KeyStore(database, clock);
        IssuedKey issued = make(database, keys, KeySettings.of(name, rows(), end));
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

    private List<String> rows() {
      if (acls.isEmpty()) {
        return Acls.of(models, endpoints);
      }
      List<String> rows = new ArrayList<>(acls);
      Stream.of(Acls.of(models, endpoints))
          .flatMap(List::stream)
          .filter(row -> !row.endsWith(":*"))
          .forEach(rows::add);
      return rows;
    }

    private IssuedKey make(Database database, KeyStore keys, KeySettings settings) {
      KeySettings limited =
          settings.withLimits(new Account.Limits(limit(qps), limit(qpm), limit(tpm)));
      if (team == null && project == null) {
        return keys.create(limited, KeyStore.Owner.FIRST);
      }
      TeamStore teams = new TeamStore(database);
      Team of = team == null ? first(teams) : teams.named(team);
      ProjectStore projects = new ProjectStore(database, InstantSource.system());
      Optional<String> part =
          Optional.ofNullable(project).map(p -> projects.named(of.id(), p).id());
      return keys.create(
          limited.withProject(part), new KeyStore.Owner(Optional.of(of.id()), Optional.empty()));
    }

    private static Team first(TeamStore teams) {
      return teams.list().stream()
          .findFirst()
          .orElseThrow(
              () ->
                  new ConfigException(
                      "--project: there is no team yet (expected: `jubal team create NAME`"
                          + " first)."));
    }

    private static OptionalLong limit(@Nullable Long value) {
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
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
              key.state(now).name().toLowerCase(Locale.ROOT),
              key.created().toString().substring(0, 10),
              key.expires().map(e -> e.toString().substring(0, 10)).orElse("never"),
              String.join(" ", key.acls()),
              key.id());
        }
      }
      table.print(terminal.out());
      return 0;
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
