package dev.jubal.app.cli;

import dev.jubal.account.keys.Project;
import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The projects of a data folder. */
@Command(
    name = "project",
    description = "Make and list projects, the parts of a team that keys belong to.",
    synopsisSubcommandLabel = "COMMAND")
final class ProjectCommand {
  private ProjectCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new ProjectCommand())
        .addSubcommand(new Create(terminal))
        .addSubcommand(new ListProjects(terminal));
  }

  @Command(name = "create", description = "Make a project. Its id alone goes to standard output.")
  static final class Create implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "What to call it.")
    private String name = "";

    @Option(names = "--team", paramLabel = "TEAM", required = true, description = "Name or id.")
    private String team = "";

    @Option(
        names = "--environment",
        paramLabel = "dev|staging|prod",
        required = true,
        description = "What it is for.")
    private String environment = "";

    Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        String of = new TeamStore(database).named(team).id();
        terminal.out().println(projects(database).create(of, name, environment).id());
        terminal.out().flush();
      }
      return 0;
    }
  }

  private static ProjectStore projects(Database database) {
    return new ProjectStore(database, InstantSource.system());
  }

  @Command(name = "list", description = "List projects.")
  static final class ListProjects implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Option(names = "--team", paramLabel = "TEAM", description = "Name or id (default: all).")
    private @Nullable String team;

    ListProjects(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Table table = new Table("NAME", "ENVIRONMENT", "TEAM", "ID");
      try (Database database = dataDir.database()) {
        Optional<String> of =
            Optional.ofNullable(team).map(t -> new TeamStore(database).named(t).id());
        for (Project project : projects(database).list(of)) {
          table.add(project.name(), project.environment().word(), project.teamId(), project.id());
        }
      }
      table.print(terminal.out());
      return 0;
    }
  }
}
