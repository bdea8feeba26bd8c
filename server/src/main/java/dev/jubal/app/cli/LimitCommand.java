package dev.jubal.app.cli;

import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.LimitStore.Owner;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.account.limits.Tiers;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How many requests and tokens tiers and teams may have. */
@Command(
    name = "limit",
    description = "List and change limits of tiers and teams; takes effect within half a second.",
    synopsisSubcommandLabel = "COMMAND")
final class LimitCommand {
  private LimitCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new LimitCommand())
        .addSubcommand(new ListLimits(terminal))
        .addSubcommand(new Set(terminal))
        .addSubcommand(new Remove(terminal));
  }

  /** Whose limits: exactly one of the two. */
  static final class Whose {
    @Option(names = "--tier", paramLabel = "TIER", description = "A tier, such as tier-1.")
    private @Nullable String tier;

    @Option(names = "--team", paramLabel = "TEAM", description = "A team by its name or id.")
    private @Nullable String team;

    Owner owner(Database database) {
      if (tier != null && team == null) {
        return Owner.tier(tier);
      }
      if (team != null && tier == null) {
        return Owner.team(new TeamStore(database).named(team).id());
      }
      throw new ConfigException("limit: whose? (expected: either --tier or --team).");
    }
  }

  /** Which limit. */
  static final class Which {
    @Parameters(
        index = "0",
        paramLabel = "LIMIT",
        description =
            "requests_per_second, requests_per_minute, requests_per_day, tokens_per_minute,"
                + " tokens_per_day or concurrent_requests.")
    private String quota = "";

    @Option(
        names = "--scope",
        paramLabel = "SCOPE",
        defaultValue = "model",
        description =
            "What is counted together: model (each name for itself, the default), team, key or"
                + " user.")
    private String scope = "model";

    @Option(
        names = "--model",
        paramLabel = "NAME",
        defaultValue = "*",
        description = "A name of the catalogue, or how names begin with a * behind it.")
    private String model = "*";

    Rule rule(long most) {
      try {
        return new Rule(Scope.of(scope), model, Quota.of(quota), most);
      } catch (IllegalArgumentException e) {
        throw new ConfigException("limit: " + e.getMessage() + ".");
      }
    }
  }

  @Command(name = "list", description = "List the limits of all tiers and teams.")
  static final class ListLimits implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    ListLimits(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        LimitStore store = new LimitStore(database);
        Table table = new Table("OF", "SCOPE", "MODEL", "LIMIT", "MOST");
        for (Tiers.Tier tier : store.tiers().all()) {
          store.rules(Owner.tier(tier.name())).forEach(r -> add(table, tier.name(), r));
        }
        new TeamStore(database)
            .list()
            .forEach(
                t ->
                    store
                        .rules(Owner.team(t.id()))
                        .forEach(r -> add(table, "team " + t.name(), r)));
        table.print(terminal.out());
      }
      return 0;
    }

    private static void add(Table table, String of, Rule rule) {
      table.add(
          of,
          rule.scope().id(),
          rule.model(),
          rule.quota().id(),
          rule.most() == Rule.NONE ? "none" : Long.toString(rule.most()));
    }
  }

  @Command(name = "set", description = "Set a limit of a tier or team.")
  static final class Set implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    @Mixin private final Whose whose = new Whose();
    @Mixin private final Which which = new Which();
    private final Terminal terminal;

    @Parameters(
        index = "1",
        paramLabel = "MOST",
        description = "Its value, 0 or more, or none where a tier's is not to hold.")
    private String most = "";

    Set(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Rule rule = which.rule(value());
      try (Database database = dataDir.database()) {
        new LimitStore(database).set(whose.owner(database), rule);
      }
      terminal.err().println("Set; a running server follows within half a second.");
      return 0;
    }

    private long value() {
      if (most.equals("none")) {
        return Rule.NONE;
      }
      if (most.matches("[0-9]{1,18}")) {
        return Long.parseLong(most);
      }
      throw new ConfigException(
          "limit set: \"" + most + "\" (expected: a whole number, 0 or more, or none).");
    }
  }

  @Command(name = "remove", description = "Remove a limit of a tier or team.")
  static final class Remove implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    @Mixin private final Whose whose = new Whose();
    @Mixin private final Which which = new Which();
    private final Terminal terminal;

    Remove(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Rule rule = which.rule(0);
      try (Database database = dataDir.database()) {
        if (!new LimitStore(database)
            .remove(whose.owner(database), rule.scope(), rule.model(), rule.quota())) {
          throw new ConfigException(
              "limit remove: there is no such limit (expected: a row of limit list).");
        }
      }
      terminal.err().println("Removed; a running server follows within half a second.");
      return 0;
    }
  }
}
