package dev.jubal.app.cli;

import dev.jubal.llama.EngineFailure;
import dev.jubal.platform.artifact.ArtifactException;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.DatabaseException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** The command line put together: the root, its commands, and how failures are told. */
public final class CommandLines {
  private CommandLines() {}

  @Command(
      name = "jubal",
      description = "A self-hosted server with the API of api.x.ai and an embedded model.",
      synopsisSubcommandLabel = "COMMAND",
      footer = {
        "",
        "./jubal test and ./jubal bench run the tests and the benchmarks of a checkout.",
        "Jubal is not affiliated with xAI."
      })
  static final class Root {}

  /**
   * All commands.
   *
   * @param further commands of the composition root, such as serve; listed first
   * @param ofTeam further commands of {@code team}
   */
  public static CommandLine create(Terminal terminal, List<Object> further, List<Object> ofTeam) {
    CommandLine line = new CommandLine(new Root());
    further.forEach(line::addSubcommand);
    line.addSubcommand(new PullCommand(terminal));
    line.addSubcommand(new ModelsCommand(terminal));
    line.addSubcommand(new DoctorCommand(terminal));
    line.addSubcommand(new BackupCommand(terminal));
    line.addSubcommand(new RestoreCommand(terminal));
    line.addSubcommand(new ExportCommand(terminal));
    line.addSubcommand(new ApplyCommand(terminal));
    line.addSubcommand(KeyCommand.create(terminal));
    line.addSubcommand(ManagementKeyCommand.create(terminal));
    line.addSubcommand(OperatorCommand.create(terminal));
    line.addSubcommand(UserCommand.create(terminal));
    line.addSubcommand(ProjectCommand.create(terminal));
    line.addSubcommand(RouteCommand.create(terminal));
    CommandLine team = TeamCommand.create(terminal);
    ofTeam.forEach(team::addSubcommand);
    line.addSubcommand(team);
    line.addSubcommand(BudgetCommand.create(terminal));
    line.addSubcommand(CreditCommand.create(terminal));
    line.addSubcommand(LedgerCommand.create(terminal));
    line.addSubcommand(PriceCommand.create(terminal));
    line.addSubcommand(LimitCommand.create(terminal));
    line.addSubcommand(new VersionCommand(terminal));
    line.addSubcommand(new CommandLine.HelpCommand());
    return finished(line, terminal);
  }

  /** One command alone: looking through all of them would cost a start a third of a second. */
  public static CommandLine only(Terminal terminal, Object command) {
    CommandLine line = new CommandLine(new Root());
    line.addSubcommand(command);
    return finished(line, terminal);
  }

  private static CommandLine finished(CommandLine line, Terminal terminal) {
    // Only now: picocli hands these to the subcommands that are there already.
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setExecutionExceptionHandler(
        (failure, command, _) -> {
          if (!isForOperator(failure)) {
            throw failure;
          }
          command.getErr().println("jubal: " + failure.getMessage());
          return ExitCode.SOFTWARE;
        });
    return line;
  }

  /** These messages are complete; of any other failure the operator gets the stack trace too. */
  private static boolean isForOperator(Exception failure) {
    return failure instanceof ArtifactException
        || failure instanceof ConfigException
        || failure instanceof DatabaseException
        || failure instanceof ApiException
        || failure instanceof EngineFailure;
  }
}
