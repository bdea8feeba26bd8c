package dev.jubal.app;

import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.webhook.WebhookSecrets;
import dev.jubal.app.cli.DataDir;
import dev.jubal.app.cli.Terminal;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes what a team's webhooks are signed with. */
@Command(
    name = "webhook-secret",
    description =
        "Make what a team's webhooks are signed with. It alone goes to standard output, this once;"
            + " for 24 hours the one before signs as well.")
final class WebhookSecretCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "TEAM", description = "Its name or id.")
  private String team = "";

  WebhookSecretCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Config config = Config.read(Map.of("data-dir", dataDir.path().toString()), System.getenv());
    InstantSource now = InstantSource.system();
    try (Database database = Database.open(config.dataFolder(), config.database())) {
      Team found = new TeamStore(database).named(team);
      LocalMasterKey master = LocalMasterKey.open(config.crypto(), config.dataFolder());
      TinkVault vault = new TinkVault(database, master, now);
      terminal.out().println(new WebhookSecrets(database, vault, now).fresh(found.id()).reveal());
      terminal.out().flush();
      if (!found.policy().terms().webhooks()) {
        terminal.err().println("Webhooks are off for this team; turn them on with:");
        terminal.err().println("  jubal team set " + found.name() + " --webhooks true");
      }
    }
    return 0;
  }
}
