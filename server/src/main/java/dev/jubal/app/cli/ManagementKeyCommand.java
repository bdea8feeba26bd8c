package dev.jubal.app.cli;

import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.management.ManagementKey;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.account.management.Rights;
import dev.jubal.platform.sql.Database;
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

/** The management keys of a data folder. They are made here alone, never over the network. */
@Command(
    name = "management-key",
    description = "Make, list and revoke management keys: for /auth and /v1/billing, not models.",
    synopsisSubcommandLabel = "COMMAND")
final class ManagementKeyCommand {
  private ManagementKeyCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new ManagementKeyCommand())
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
        names = "--acl",
        paramLabel = "RIGHT",
        description =
            "A right such as api-keys:read, teams:* or billing:write; may be given again (default:"
                + " all).")
    private List<String> acls = new ArrayList<>();

    @Option(
        names = "--team",
        paramLabel = "TEAM",
        description = "Name or id of the one team it manages (default: all).")
    private @Nullable String team;

    @Mixin private final Lifetime lifetime = new Lifetime();

    Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      InstantSource clock = InstantSource.system();
      Optional<Instant> end = lifetime.end(clock.instant());
      List<String> rows = acls.isEmpty() ? List.of(Rights.ALL) : acls;
      try (Database database = dataDir.database()) {
        Optional<String> of =
            Optional.ofNullable(team).map(t -> new TeamStore(database).named(t).id());
        ManagementStore.Issued issued =
            new ManagementStore(database, clock).create(name, of, rows, end);
        terminal.out().println(issued.secret().reveal());
        terminal.out().flush();
        terminal
            .err()
            .println(
                "Management key "
                    + issued.key().name()
                    + " ("
                    + issued.key().id()
                    + "): "
                    + String.join(" ", issued.key().acls())
                    + issued.key().teamId().map(t -> ", for the team " + t).orElse("")
                    + issued.key().expires().map(e -> ", until " + e).orElse("")
                    + ". It is shown this once.");
      }
      return 0;
    }
  }

  @Command(name = "list", description = "List all management keys, without their secrets.")
  static final class ListKeys implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    ListKeys(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Instant now = Instant.now();
      Table table = new Table("NAME", "KEY", "STATE", "TEAM", "EXPIRES", "MAY", "ID");
      try (Database database = dataDir.database()) {
        for (ManagementKey key : new ManagementStore(database, InstantSource.system()).list()) {
          table.add(
              key.name(),
              key.redacted(),
              key.disabled() ? "revoked" : key.expired(now) ? "expired" : "valid",
              key.teamId().orElse("all"),
              key.expires().map(e -> e.toString().substring(0, 10)).orElse("never"),
              String.join(" ", key.acls()),
              key.id());
        }
      }
      table.print(terminal.out());
      return 0;
    }
  }

  @Command(name = "revoke", description = "Disable a management key for good.")
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
        ManagementKey key = new ManagementStore(database, InstantSource.system()).revoke(name);
        terminal.err().println("Revoked " + key.name() + " (" + key.id() + ").");
      }
      return 0;
    }
  }
}
