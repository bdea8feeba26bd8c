package dev.jubal.app.cli;

import dev.jubal.account.management.OperatorSession;
import dev.jubal.account.management.OperatorStore;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The operators who signed in. */
@Command(
    name = "operator",
    description = "List operators who signed in by the identity provider, and sign them out.",
    synopsisSubcommandLabel = "COMMAND")
final class OperatorCommand {
  private OperatorCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new OperatorCommand())
        .addSubcommand(new ListSessions(terminal))
        .addSubcommand(new SignOut(terminal));
  }

  @Command(name = "list", description = "List sign-ins of the last 30 days, newest first.")
  static final class ListSessions implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    ListSessions(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Instant now = Instant.now();
      Table table = new Table("NAME", "STATE", "GROUPS", "SINCE", "UNTIL", "SUBJECT", "ID");
      try (Database database = dataDir.database()) {
        for (OperatorSession session : new OperatorStore(database, InstantSource.system()).list()) {
          table.add(
              session.name(),
              session.holds(now) ? "signed in" : session.ended().isPresent() ? "ended" : "over",
              String.join(" ", session.groups()),
              session.created().toString(),
              session.expires().toString(),
              session.subject(),
              session.id());
        }
      }
      table.print(terminal.out());
      return 0;
    }
  }

  @Command(name = "sign-out", description = "End somebody's sessions at once.")
  static final class SignOut implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "WHO", description = "Name, subject, or a session's id.")
    private String who = "";

    SignOut(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        List<OperatorSession> ended =
            new OperatorStore(database, InstantSource.system()).endAll(who);
        ended.forEach(s -> terminal.err().println("Signed out " + s.name() + " (" + s.id() + ")."));
      }
      return 0;
    }
  }
}
