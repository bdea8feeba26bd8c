package dev.jubal.app.cli;

import dev.jubal.account.budget.Plans;
import dev.jubal.account.enduser.EndUserRule;
import dev.jubal.account.enduser.EndUserRules;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamPolicy;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.TeamTerms;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The teams of a data folder. */
@Command(
    name = "team",
    description = "Make and list teams, and change their name, tier and policy.",
    synopsisSubcommandLabel = "COMMAND")
final class TeamCommand {
  private TeamCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new TeamCommand())
        .addSubcommand(new Create(terminal))
        .addSubcommand(new ListTeams(terminal))
        .addSubcommand(new Set(terminal))
        .addSubcommand(new Policy(terminal));
  }

  private static void print(Iterable<Team> teams, Terminal terminal) {
    Table table = new Table("NAME", "TIER", "POLICY", "ID");
    teams.forEach(t -> table.add(t.name(), t.tier(), t.policy().json(), t.id()));
    table.print(terminal.out());
  }

  @Command(
      name = "create",
      description = "Make a team with a first user. Its id alone goes to standard output.")
  static final class Create implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "What to call it.")
    private String name = "";

    @Option(names = "--tier", paramLabel = "TIER", description = "Its limits (default: tier-0).")
    private @Nullable String tier;

    Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        Team made = new TeamStore(database).create(name, Optional.ofNullable(tier), Instant.now());
        terminal.out().println(made.id());
        terminal.out().flush();
      }
      return 0;
    }
  }

  @Command(name = "list", description = "List all teams.")
  static final class ListTeams implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    ListTeams(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        print(new TeamStore(database).list(), terminal);
      }
      return 0;
    }
  }

  @Command(name = "set", description = "Change a team.")
  static final class Set implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "TEAM", description = "Its name or id.")
    private String team = "";

    @Option(names = "--name", paramLabel = "NAME", description = "A new name.")
    private @Nullable String name;

    @Option(names = "--tier", paramLabel = "TIER", description = "Its limits, such as tier-1.")
    private @Nullable String tier;

    @Option(
        names = "--plan",
        paramLabel = "PLAN",
        description = "What it pays by: self-hosted, free, standard or enterprise.")
    private @Nullable String plan;

    @Option(
        names = "--policy",
        paramLabel = "JSON",
        description = "Versioned JSON, such as {\"version\":1,\"blocked\":true}.")
    private @Nullable String policy;

    @Option(
        names = "--weight",
        paramLabel = "N",
        description = "Turns at an engine for each one of a team of weight 1, 1 to 1000.")
    private @Nullable Integer weight;

    @Option(
        names = "--zero-retention",
        arity = "1",
        paramLabel = "true|false",
        description = "Whether nothing of what it sends or gets is stored.")
    private @Nullable Boolean zeroRetention;

    @Option(
        names = "--keep-pictures",
        arity = "1",
        paramLabel = "true|false",
        description = "Whether pictures are stored, and not only their hash and dimensions.")
    private @Nullable Boolean keepPictures;

    @Option(
        names = "--webhooks",
        arity = "1",
        paramLabel = "true|false",
        description = "Whether it may have addresses called when its work is done.")
    private @Nullable Boolean webhooks;

    Set(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      if (Stream.of(name, tier, plan, policy, weight, zeroRetention, keepPictures, webhooks)
          .allMatch(Objects::isNull)) {
        throw new ConfigException(
            "team set: nothing to change (expected: --name, --tier, --plan, --policy, --weight,"
                + " --zero-retention, --keep-pictures or --webhooks).");
      }
      Optional<TeamPolicy> given = Optional.ofNullable(policy).map(TeamPolicy::parse);
      TeamStore.Change change =
          new TeamStore.Change(
              Optional.ofNullable(name),
              Optional.ofNullable(tier),
              old -> terms(given.orElse(old)));
      try (Database database = dataDir.database()) {
        Team changed = new TeamStore(database).set(team, change);
        if (plan != null) {
          new Plans(database, InstantSource.system()).set(changed.id(), plan);
        }
        print(List.of(changed), terminal);
      }
      return 0;
    }

    private TeamPolicy terms(TeamPolicy policy) {
      TeamTerms old = policy.terms();
      return policy.withTerms(
          new TeamTerms(
              Objects.requireNonNullElse(weight, old.weight()),
              Objects.requireNonNullElse(zeroRetention, old.zeroRetention()),
              Objects.requireNonNullElse(keepPictures, old.keepsPictures()),
              Objects.requireNonNullElse(webhooks, old.webhooks())));
    }
  }

  @Command(
      name = "policy",
      description = "Show what a team's requests ask of the end users they name, and change it.")
  static final class Policy implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "TEAM", description = "Its name or id.")
    private String team = "";

    @Option(
        names = "--require",
        paramLabel = "RULE",
        description =
            "A rule to add: require_verified_identity, minimum_age_group:teen,"
                + " minimum_age_group:adult or require_consent:PURPOSE; may be given again.")
    private List<String> add = new ArrayList<>();

    @Option(
        names = "--models",
        paramLabel = "GLOB",
        defaultValue = "*",
        description = "Catalogue names that the added rules are for (default: all).")
    private String models = "*";

    @Option(
        names = "--endpoints",
        paramLabel = "GLOB",
        defaultValue = "*",
        description = "Endpoints that the added rules are for, such as chat (default: all).")
    private String endpoints = "*";

    @Option(
        names = "--drop",
        paramLabel = "RULE",
        description = "A rule to take away, wherever it holds; may be given again.")
    private List<String> drop = new ArrayList<>();

    Policy(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Table table = new Table("RULE", "MODELS", "ENDPOINTS");
      try (Database database = dataDir.database()) {
        String id = new TeamStore(database).named(team).id();
        for (EndUserRule rule : changed(new EndUserRules(database, InstantSource.system()), id)) {
          table.add(rule.requirement().text(), rule.models(), rule.endpoints());
        }
      }
      table.print(terminal.out());
      return 0;
    }

    private List<EndUserRule> changed(EndUserRules rules, String id) {
      List<EndUserRule> all = new ArrayList<>(rules.list(id));
      if (add.isEmpty() && drop.isEmpty()) {
        return all;
      }
      for (String text : drop) {
        if (!all.removeIf(r -> r.requirement().text().equals(text))) {
          throw new ConfigException(
              "team policy: there is no rule \"" + text + "\" (expected: one that is shown).");
        }
      }
      add.forEach(
          text -> all.add(new EndUserRule(EndUserRule.requirement(text), models, endpoints)));
      return rules.set(id, all);
    }
  }
}
