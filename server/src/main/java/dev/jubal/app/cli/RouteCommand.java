package dev.jubal.app.cli;

import dev.jubal.backend.llama.models.LocalModels;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.CatalogueLoader.Destination;
import dev.jubal.inference.catalogue.ModelRoutes;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Where names of the catalogue point. */
@Command(
    name = "route",
    description = "Point a Grok name at another installed model; takes effect at the next start.",
    synopsisSubcommandLabel = "COMMAND")
final class RouteCommand {
  private RouteCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new RouteCommand())
        .addSubcommand(new ListRoutes(terminal))
        .addSubcommand(new Set(terminal))
        .addSubcommand(new Remove(terminal));
  }

  @Command(name = "list", description = "List the names that point elsewhere.")
  static final class ListRoutes implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    ListRoutes(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        Table table = new Table("NAME", "BACKEND", "TARGET");
        new ModelRoutes(database, InstantSource.system())
            .all()
            .forEach((name, to) -> table.add(name, to.backend(), to.target()));
        table.print(terminal.out());
      }
      return 0;
    }
  }

  @Command(name = "set", description = "Point a name at an installed model.")
  static final class Set implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "A name of the catalogue.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "MODEL", description = "An installed model.")
    private String target = "";

    Set(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      List<String> installed = new LocalModels(dataDir.path()).names();
      if (!installed.contains(target)) {
        throw new ConfigException(
            "route set: \"" + target + "\" is not installed (expected: one of " + installed + ").");
      }
      Destination to = new Destination("llama", target);
      // refuses a name the catalogue does not have, so that the next start cannot fail on it
      CatalogueLoader.load(CatalogueLoader.Options.STANDARD.withRoutes(Map.of(name, to)));
      try (Database database = dataDir.database()) {
        new ModelRoutes(database, InstantSource.system()).point(name, to);
      }
      terminal.err().println(name + " points to " + target + " from the next start on.");
      return 0;
    }
  }

  @Command(name = "remove", description = "Let a name point where the catalogue says.")
  static final class Remove implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "A name that points elsewhere.")
    private String name = "";

    Remove(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        if (!new ModelRoutes(database, InstantSource.system()).remove(name)) {
          throw new ConfigException(
              "route remove: \""
                  + name
                  + "\" points nowhere else (expected: a name of route list).");
        }
      }
      terminal.err().println(name + " points where the catalogue says from the next start on.");
      return 0;
    }
  }
}
