package dev.jubal.api.management;

import dev.jubal.account.enduser.EndUserRule;
import dev.jubal.account.enduser.EndUserRules;
import dev.jubal.account.management.Manager;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a team's requests ask of the end users they name. Ours. */
final class RuleRoutes {
  private static final String PATH = "/auth/teams/{team_id}/end-user-rules";
  private static final String ALL = "*";

  private final EndUserRules rules;
  private final Places places;

  RuleRoutes(EndUserRules rules, Places places) {
    this.rules = rules;
    this.places = places;
  }

  void register(Routes routes) {
    routes.add(
        Route.get(PATH)
            .access(Access.MANAGEMENT, "teams:read")
            .summary("Lists what a team's requests ask of the end users they name.")
            .gives(RuleWire.Rules.class)
            .handle(
                (call, out) ->
                    out.json(200, RuleWire.Rules.of(rules.list(places.team(call).id())))));
    routes.add(
        Route.put(PATH)
            .access(Access.MANAGEMENT, "teams:write")
            .summary(
                "Says anew what a team's requests ask of end users; for management keys of all"
                    + " teams.")
            .takes(RuleWire.Set.class)
            .gives(RuleWire.Rules.class)
            .handle(this::put));
  }

  private void put(Call call, Exchange out) {
    String team = places.team(call).id();
    call.caller(Manager.class).checkAll(); // a team must not lift what holds for it
    RuleWire.Set asked = Bodies.read(call, RuleWire.Set.class);
    List<EndUserRule> all = new ArrayList<>();
    for (RuleWire.Asked rule : Objects.requireNonNull(asked.rules())) {
      all.add(
          new EndUserRule(
              EndUserRule.requirement(Objects.requireNonNull(rule.require())),
              Objects.requireNonNullElse(rule.models(), ALL),
              Objects.requireNonNullElse(rule.endpoints(), ALL)));
    }
    out.json(200, RuleWire.Rules.of(rules.set(team, all)));
  }
}
