package dev.jubal.app.cli.alert;

import dev.jubal.account.alert.AlertRule;
import dev.jubal.account.alert.AlertSender;
import dev.jubal.account.alert.AlertStore;
import dev.jubal.account.keys.Team;
import dev.jubal.app.cli.DataDir;
import dev.jubal.app.cli.Table;
import dev.jubal.app.cli.Terminal;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.metrics.ServerMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The alert rules of a data folder. */
@Command(
    name = "alert",
    description = "List, set, delete and test alert rules; a running server follows at once.",
    synopsisSubcommandLabel = "COMMAND")
public final class AlertCommand {
  private AlertCommand() {}

  /** The command with those below it. */
  public static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new AlertCommand())
        .addSubcommand(new ListRules(terminal))
        .addSubcommand(new Set(terminal))
        .addSubcommand(new Delete(terminal))
        .addSubcommand(new Test(terminal));
  }

  private static Table table() {
    return new Table(
        "TEAM", "KIND", "THRESHOLDS", "WINDOW", "LEAST", "MODEL", "TELLS", "CROSSED", "ID");
  }

  private static void add(Table table, Team team, AlertRule r, List<AlertStore.Crossed> crossed) {
    AlertRule.Terms t = r.terms();
    List<String> tells = new ArrayList<>(r.to().emails());
    r.to().shownUrl().ifPresent(tells::addFirst);
    table.add(
        team.name(),
        t.kind().text(),
        t.thresholds().stream().map(AlertRule::number).collect(Collectors.joining(","))
            + " "
            + t.kind().unit(),
        t.kind().windowed() ? t.windowMinutes() + "m" : "-",
        t.kind().windowed() ? Long.toString(t.minRequests()) : "-",
        t.model(),
        String.join(",", tells),
        Long.toString(crossed.stream().filter(c -> c.ruleId().equals(r.id())).count()),
        r.id());
  }

  @Command(name = "list", description = "List alert rules, or with --told the last alerts.")
  static final class ListRules implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Option(names = "--team", paramLabel = "TEAM", description = "Only those of a team.")
    private @Nullable String team;

    @Option(names = "--told", description = "What was told, and how far it came.")
    private boolean told;

    ListRules(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Table table = told ? new Table("SINCE", "TEAM", "WHAT", "VALUE", "TOLD") : table();
      try (Opened opened = Opened.of(dataDir)) {
        List<Team> teams =
            team == null ? opened.teams().list() : List.of(opened.teams().named(team));
        for (Team of : teams) {
          if (told) {
            opened.store().told(of.id()).forEach(t -> add(table, of, t));
          } else {
            List<AlertStore.Crossed> crossed = opened.store().crossed(of.id());
            opened.store().list(of.id()).forEach(r -> AlertCommand.add(table, of, r, crossed));
          }
        }
      }
      table.print(terminal.out());
      return 0;
    }

    private static void add(Table table, Team of, AlertStore.Told t) {
      table.add(
          t.alert().since().toString(),
          of.name(),
          t.alert().what(),
          t.alert().value(),
          t.deliveries().stream()
              .map(d -> d.medium() + " " + d.outcome().orElse("tried " + d.attempts() + " times"))
              .collect(Collectors.joining(", ")));
    }
  }

  @Command(
      name = "set",
      description =
          "Make a rule, or with --id change one. KIND is budget, cost_per_request, error_rate,"
              + " latency, first_token or token_forecast.")
  static final class Set implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "TEAM", description = "Its name or id.")
    private String team = "";

    @Parameters(index = "1", paramLabel = "KIND", description = "What is watched.")
    private String kind = "";

    @Option(
        names = "--threshold",
        paramLabel = "N",
        split = ",",
        description =
            "In percent, times, ms or minutes, by the kind; several with a comma between (default:"
                + " those of the kind).")
    private @Nullable List<Double> thresholds;

    @Option(names = "--window", paramLabel = "MINUTES", description = "How far back to look.")
    private @Nullable Integer window;

    @Option(
        names = "--min-requests",
        paramLabel = "N",
        description = "Fewer in the window say nothing (default: 20).")
    private @Nullable Long minRequests;

    @Option(names = "--model", paramLabel = "NAME", description = "Only this name (default: all).")
    private @Nullable String model;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "What is called, signed with the team's webhook secret.")
    private @Nullable String url;

    @Option(
        names = "--email",
        paramLabel = "ADDRESS",
        split = ",",
        description = "Who gets a mail; several with a comma between.")
    private @Nullable List<String> emails;

    @Option(names = "--id", paramLabel = "ID", description = "The rule to change.")
    private @Nullable String id;

    Set(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Table table = table();
      try (Opened opened = Opened.of(dataDir)) {
        Team of = opened.teams().named(team);
        Optional<AlertRule> old = Optional.ofNullable(id).map(i -> opened.store().get(of.id(), i));
        AlertRule.Terms terms = terms(old);
        AlertRule.Destinations to = to(old);
        try (AlertSender sender = opened.sender()) {
          sender.check(of.id(), to);
        }
        AlertRule made =
            old.isPresent()
                ? opened
                    .store()
                    .set(new AlertRule(old.get().id(), of.id(), terms, to, old.get().created()))
                : opened.store().create(of.id(), terms, to);
        add(table, of, made, opened.store().crossed(of.id()));
      }
      table.print(terminal.out());
      return 0;
    }

    private AlertRule.Terms terms(Optional<AlertRule> old) {
      AlertRule.Kind wanted = AlertRule.Kind.of(kind);
      AlertRule.Terms base =
          old.map(AlertRule::terms).orElseGet(() -> AlertRule.Terms.usual(wanted));
      if (base.kind() != wanted) {
        throw new ConfigException(
            "alert set: the rule is about " + base.kind().text() + " (expected: that KIND).");
      }
      return base.but(
          Optional.ofNullable(thresholds),
          Optional.ofNullable(window),
          Optional.ofNullable(minRequests),
          Optional.ofNullable(model));
    }

    private AlertRule.Destinations to(Optional<AlertRule> old) {
      return new AlertRule.Destinations(
          url == null ? old.flatMap(o -> o.to().url()) : Optional.of(url).filter(u -> !u.isEmpty()),
          emails == null ? old.map(o -> o.to().emails()).orElse(List.of()) : emails);
    }
  }

  /** A rule of a team. */
  static final class Which {
    @Parameters(index = "0", paramLabel = "TEAM", description = "Its name or id.")
    private String team = "";

    @Parameters(index = "1", paramLabel = "ID", description = "An id of `alert list`.")
    private String id = "";
  }

  @Command(name = "delete", description = "Delete a rule; what it told stays.")
  static final class Delete implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    @Mixin private final Which which = new Which();
    private final Terminal terminal;

    Delete(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Opened opened = Opened.of(dataDir)) {
        opened.store().remove(opened.teams().named(which.team).id(), which.id);
      }
      terminal.err().println("The alert rule " + which.id + " is no more.");
      return 0;
    }
  }

  @Command(
      name = "test",
      description =
          "Tell everybody of a rule now, once, that this is a test; ends with 1 where it did not"
              + " arrive.")
  static final class Test implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    @Mixin private final Which which = new Which();
    private final Terminal terminal;

    Test(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Table table = new Table("TELLS", "OUTCOME", "DETAIL");
      boolean all = true;
      try (Opened opened = Opened.of(dataDir);
          AlertSender sender = opened.sender();
          ServerMetrics metrics = new ServerMetrics()) {
        Team team = opened.teams().named(which.team);
        AlertRule rule = opened.store().get(team.id(), which.id);
        for (AlertStore.Delivery d :
            opened.delivery(sender, metrics).test(team, rule).deliveries()) {
          table.add(d.medium(), d.outcome().orElse("failed"), d.detail());
          all &= d.outcome().filter("delivered"::equals).isPresent();
        }
      }
      table.print(terminal.out());
      return all ? 0 : 1;
    }
  }
}
