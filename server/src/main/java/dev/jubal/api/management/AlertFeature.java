package dev.jubal.api.management;

import dev.jubal.account.alert.AlertDelivery;
import dev.jubal.account.alert.AlertRule;
import dev.jubal.account.alert.AlertSender;
import dev.jubal.account.alert.AlertStore;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.api.Feature;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A team's alert rules, what they told, and the button that tests one. Ours. */
public final class AlertFeature implements Feature {
  private static final String ALL = "/auth/teams/{team_id}/alerts";
  private static final String ONE = ALL + "/{alert_id}";
  private static final String READ = "alerts:read";
  private static final String WRITE = "alerts:write";

  private final AlertStore store;
  private final AlertSender sender;
  private final AlertDelivery delivery;
  private final Places places;

  public AlertFeature(
      AlertStore store, AlertSender sender, AlertDelivery delivery, TeamStore teams) {
    this.store = store;
    this.sender = sender;
    this.delivery = delivery;
    this.places = new Places(teams);
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.get(ALL)
            .access(Access.MANAGEMENT, READ)
            .summary("Lists a team's alert rules, and which of their thresholds are crossed.")
            .gives(AlertWire.Rules.class)
            .handle(this::list));
    routes.add(
        Route.post(ALL)
            .access(Access.MANAGEMENT, WRITE)
            .summary("Makes an alert rule.")
            .takes(AlertWire.NewRule.class)
            .gives(AlertWire.Rule.class)
            .handle(this::create));
    routes.add(
        Route.put(ONE)
            .access(Access.MANAGEMENT, WRITE)
            .summary("Changes what is given of an alert rule.")
            .takes(AlertWire.RuleChange.class)
            .gives(AlertWire.Rule.class)
            .handle(this::change));
    routes.add(
        Route.delete(ONE)
            .access(Access.MANAGEMENT, WRITE)
            .summary("Removes an alert rule; what it told stays.")
            .gives(AlertWire.Nothing.class)
            .handle(this::remove));
    routes.add(
        Route.post(ONE + "/test")
            .access(Access.MANAGEMENT, WRITE)
            .summary("Tells everybody of an alert rule now, once, and says how it went.")
            .gives(AlertWire.Told.class)
            .handle(this::test));
    routes.add(
        Route.get("/auth/teams/{team_id}/alert-events")
            .access(Access.MANAGEMENT, READ)
            .summary("Lists the last 100 alerts of a team, newest first, and how far they came.")
            .gives(AlertWire.AllTold.class)
            .handle(this::told));
  }

  private void list(Call call, Exchange out) {
    String team = places.team(call).id();
    List<AlertStore.Crossed> crossed = store.crossed(team);
    out.json(
        200,
        new AlertWire.Rules(
            store.list(team).stream().map(r -> AlertWire.Rule.of(r, crossed)).toList()));
  }

  private void create(Call call, Exchange out) {
    String team = places.team(call).id();
    AlertWire.NewRule asked = Bodies.read(call, AlertWire.NewRule.class);
    AlertRule.Terms terms =
        AlertRule.Terms.usual(AlertRule.Kind.of(Objects.requireNonNull(asked.kind())))
            .but(
                Optional.ofNullable(asked.thresholds()),
                Optional.ofNullable(asked.windowMinutes()),
                Optional.ofNullable(asked.minRequests()),
                Optional.ofNullable(asked.model()));
    AlertRule.Destinations to =
        new AlertRule.Destinations(
            url(asked.url()), asked.emails() == null ? List.of() : asked.emails());
    sender.check(team, to);
    out.json(200, shown(store.create(team, terms, to)));
  }

  private void change(Call call, Exchange out) {
    String team = places.team(call).id();
    AlertWire.RuleChange asked = Bodies.read(call, AlertWire.RuleChange.class);
    AlertRule old = store.get(team, call.param("alert_id"));
    AlertRule.Terms terms =
        old.terms()
            .but(
                Optional.ofNullable(asked.thresholds()),
                Optional.ofNullable(asked.windowMinutes()),
                Optional.ofNullable(asked.minRequests()),
                Optional.ofNullable(asked.model()));
    AlertRule.Destinations to =
        new AlertRule.Destinations(
            asked.url() == null ? old.to().url() : url(asked.url()),
            asked.emails() == null ? old.to().emails() : asked.emails());
    if (asked.url() != null || asked.emails() != null) {
      sender.check(team, to);
    }
    out.json(200, shown(store.set(new AlertRule(old.id(), team, terms, to, old.created()))));
  }

  private AlertWire.Rule shown(AlertRule rule) {
    return AlertWire.Rule.of(rule, store.crossed(rule.teamId()));
  }

  private static Optional<String> url(@Nullable String text) {
    return Optional.ofNullable(text).map(String::strip).filter(u -> !u.isEmpty());
  }

  private void remove(Call call, Exchange out) {
    store.remove(places.team(call).id(), call.param("alert_id"));
    out.json(200, new AlertWire.Nothing());
  }

  private void test(Call call, Exchange out) {
    Team team = places.team(call);
    AlertRule rule = store.get(team.id(), call.param("alert_id"));
    out.json(200, AlertWire.Told.of(delivery.test(team, rule)));
  }

  private void told(Call call, Exchange out) {
    String team = places.team(call).id();
    out.json(
        200, new AlertWire.AllTold(store.told(team).stream().map(AlertWire.Told::of).toList()));
  }
}
