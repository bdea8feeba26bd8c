package dev.jubal.app;

import dev.jubal.app.cli.CommandLines;
import dev.jubal.app.cli.Terminal;
import dev.jubal.app.cli.alert.AlertCommand;
import dev.jubal.platform.http.HttpServer;
import java.util.List;
import picocli.CommandLine;

/** Where the process starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Logs.configure();
    if (arguments.length > 0 && arguments[0].equals("serve")) {
      Thread.ofPlatform().daemon().name("warm-up").start(HttpServer::warmUp);
    }
    Terminal terminal = Terminal.ofProcess();
    System.exit(commandLine(terminal, arguments).execute(arguments));
  }

  private static CommandLine commandLine(Terminal terminal, String[] arguments) {
    return switch (arguments.length == 0 ? "" : arguments[0]) {
      case "serve" -> CommandLines.only(terminal, new ServeCommand(terminal));
      case "train" -> CommandLines.only(terminal, new TrainCommand(terminal));
      default ->
          CommandLines.create(
              terminal,
              List.of(new ServeCommand(terminal), AlertCommand.create(terminal)),
              List.of(new WebhookSecretCommand(terminal)));
    };
  }
}
