package dev.jubal.app.cli;

import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.User;
import dev.jubal.account.keys.UserStore;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The users of a data folder. */
@Command(
    name = "user",
    description = "Make, list and disable users, whose keys are theirs.",
    synopsisSubcommandLabel = "COMMAND")
final class UserCommand {
  private UserCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new UserCommand())
        .addSubcommand(new Create(terminal))
        .addSubcommand(new ListUsers(terminal))
        .addSubcommand(new Disable(terminal));
  }

  @Command(name = "create", description = "Make a user. Its id alone goes to standard output.")
  static final class Create implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "What to call it.")
    private String name = "";

    @Option(names = "--team", paramLabel = "TEAM", required = true, description = "Name or id.")
    private String team = "";

    Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        String of = new TeamStore(database).named(team).id();
        terminal.out().println(users(database).create(of, name).id());
        terminal.out().flush();
      }
      return 0;
    }
  }

  private static UserStore users(Database database) {
    return new UserStore(database, InstantSource.system());
  }

  @Command(name = "list", description = "List users.")
  static final class ListUsers implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Option(names = "--team", paramLabel = "TEAM", description = "Name or id (default: all).")
    private @Nullable String team;

    ListUsers(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Table table = new Table("NAME", "STATE", "TEAM", "ID");
      try (Database database = dataDir.database()) {
        Optional<String> of =
            Optional.ofNullable(team).map(t -> new TeamStore(database).named(t).id());
        for (User user : users(database).list(of)) {
          table.add(user.name(), user.disabled() ? "disabled" : "valid", user.teamId(), user.id());
        }
      }
      table.print(terminal.out());
      return 0;
    }
  }

  @Command(name = "disable", description = "Refuse all keys of a user; --undo lets them in again.")
  static final class Disable implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "ID", description = "Its id.")
    private String id = "";

    @Option(names = "--undo", description = "Enable it again.")
    private boolean undo;

    Disable(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        User user = users(database).set(id, Optional.empty(), Optional.of(!undo));
        terminal
            .err()
            .println((undo ? "Enabled " : "Disabled ") + user.name() + " (" + user.id() + ").");
      }
      return 0;
    }
  }
}
