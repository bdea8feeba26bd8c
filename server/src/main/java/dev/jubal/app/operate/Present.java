package dev.jubal.app.operate;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Plan;
import dev.jubal.account.budget.Plans;
import dev.jubal.account.enduser.EndUserRule;
import dev.jubal.account.enduser.EndUserRules;
import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.Project;
import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.User;
import dev.jubal.account.keys.UserStore;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.PriceText;
import dev.jubal.account.ledger.Usd;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Tiers;
import dev.jubal.account.management.ManagementKey;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.account.price.PriceStore;
import dev.jubal.inference.catalogue.ModelRoutes;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The state that a database holds, in the order in which it is written. */
final class Present {
  private final Database database;
  private final InstantSource now;
  private final Map<String, List<Budget>> teamBudgets;
  private final Map<String, List<Budget>> subjectBudgets;
  private final Map<String, String> projects = new HashMap<>();
  private final Map<String, String> teams = new HashMap<>();

  private Present(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
    List<Budget> budgets =
        new BudgetStore(database, now)
            .list(Optional.empty()).stream()
                .sorted(
                    Comparator.comparing(Budget::scope)
                        .thenComparing(Budget::subject)
                        .thenComparing(Budget::window)
                        .thenComparing(Budget::hard))
                .toList();
    this.teamBudgets = grouped(budgets.stream(), Budget::teamId);
    this.subjectBudgets = grouped(budgets.stream(), Budget::subject);
  }

  /** Reads all of it; consistent where the database is one of {@link Database#together}. */
  static Thing read(Database database, InstantSource now) {
    return new Present(database, now).state();
  }

  /** Those of each owner, in the order that they have. */
  private static <T> Map<String, List<T>> grouped(Stream<T> all, Function<T, String> owner) {
    return all.collect(Collectors.groupingBy(owner));
  }

  private Thing state() {
    Thing state = Thing.of(Kind.STATE, "").put("version", Kind.VERSION);
    Kind.STATE.parts().forEach(state::list);
    new Plans(database, now).list().forEach(p -> plan(state, p));
    LimitStore limits = new LimitStore(database);
    for (Tiers.Tier tier : limits.tiers().all()) {
      limits(tier(state, tier), limits.rules(LimitStore.Owner.tier(tier.name())));
    }
    teams(state, limits);
    new PriceStore(database, now)
        .all()
        .forEach((model, prices) -> prices.forEach(p -> price(state, model, p)));
    new ModelRoutes(database, now)
        .all()
        .forEach(
            (name, to) ->
                state.add(
                    Thing.of(Kind.ROUTE, name)
                        .put("name", name)
                        .put("backend", to.backend())
                        .put("target", to.target())));
    new ManagementStore(database, now)
        .list().stream()
            .filter(k -> !k.disabled())
            .sorted(Comparator.comparing(ManagementKey::name))
            .forEach(k -> managementKey(state, k));
    return state;
  }

  private static void plan(Thing state, Plan p) {
    List<String> steps =
        p.steps().stream().map(s -> Usd.text(s.fromTicks()) + "=" + s.permille()).toList();
    state.add(
        Thing.of(Kind.PLAN, p.name())
            .put("name", p.name())
            .put("credits_needed", Boolean.toString(p.creditsNeeded()))
            .put("monthly_credits", Usd.text(p.monthlyTicks()))
            .put("multiplier_permille", Long.toString(p.multiplierPermille()))
            .put("steps", Form.joined(steps))
            .put("about", p.about()));
  }

  private static Thing tier(Thing state, Tiers.Tier t) {
    OptionalLong spent = t.spent();
    return state.add(
        Thing.of(Kind.TIER, t.name())
            .put("name", t.name())
            .put("grade", Long.toString(t.grade()))
            .put("raised_at", spent.isPresent() ? Usd.text(spent.getAsLong()) : Form.NOTHING));
  }

  private static void limits(Thing of, List<Rule> rules) {
    of.list(Kind.LIMIT);
    for (Rule r : rules) {
      of.add(
          Thing.of(Kind.LIMIT, "")
              .put("scope", r.scope().id())
              .put("model", r.model())
              .put("limit", r.quota().id())
              .put("most", r.most() == Rule.NONE ? Form.NO_LIMIT : Long.toString(r.most())));
    }
  }

  private void teams(Thing state, LimitStore limits) {
    Plans plans = new Plans(database, now);
    List<Project> parts = new ProjectStore(database, now).list(Optional.empty());
    parts.forEach(p -> projects.put(p.id(), p.name()));
    Map<String, List<Project>> partsOf =
        grouped(parts.stream().sorted(Comparator.comparing(Project::name)), Project::teamId);
    Map<String, List<User>> usersOf =
        grouped(
            new UserStore(database, now)
                .list(Optional.empty()).stream().sorted(Comparator.comparing(User::name)),
            User::teamId);
    Map<String, List<ApiKey>> keysOf =
        grouped(
            new KeyStore(database, now).list().stream().filter(k -> k.deleted().isEmpty()),
            ApiKey::userId);
    List<Team> all = new TeamStore(database).list();
    all.forEach(t -> teams.put(t.id(), t.name()));
    for (Team t : all.stream().sorted(Comparator.comparing(Team::name)).toList()) {
      Thing team = state.add(team(t, plans.of(t.id()).orElse(Plan.SELF_HOSTED).name()));
      limits(team, limits.rules(LimitStore.Owner.team(t.id())));
      budgets(team, t);
      rules(team);
      team.list(Kind.PROJECT);
      partsOf.getOrDefault(t.id(), List.of()).forEach(p -> project(team, p));
      team.list(Kind.USER);
      usersOf
          .getOrDefault(t.id(), List.of())
          .forEach(u -> user(team, u, keysOf.getOrDefault(u.id(), List.of())));
    }
  }

  private static Thing team(Team t, String plan) {
    return Thing.of(Kind.TEAM, t.id())
        .put("name", t.name())
        .put("tier", t.tier())
        .put("plan", plan)
        .put("blocked", Boolean.toString(t.policy().blocked()))
        .put("weight", Integer.toString(t.policy().terms().weight()))
        .put("zero_retention", Boolean.toString(t.policy().terms().zeroRetention()))
        .put("keeps_pictures", Boolean.toString(t.policy().terms().keepsPictures()))
        .put("webhooks", Boolean.toString(t.policy().terms().webhooks()));
  }

  private void rules(Thing team) {
    team.list(Kind.END_USER_RULE);
    for (EndUserRule r : new EndUserRules(database, now).list(team.id())) {
      team.add(
          Thing.of(Kind.END_USER_RULE, "")
              .put("require", r.requirement().text())
              .put("models", r.models())
              .put("endpoints", r.endpoints()));
    }
  }

  private void project(Thing team, Project p) {
    Thing project =
        team.add(
            Thing.of(Kind.PROJECT, p.id())
                .put("name", p.name())
                .put("environment", p.environment().word()));
    own(project, Budget.Scope.PROJECT);
  }

  /** With those of its keys that are not deleted. */
  private void user(Thing team, User u, List<ApiKey> keys) {
    Thing user =
        team.add(
            Thing.of(Kind.USER, u.id())
                .put("name", u.name())
                .put("disabled", Boolean.toString(u.disabled())));
    user.list(Kind.KEY);
    Map<String, ApiKey> byName = new TreeMap<>();
    for (ApiKey key : keys) {
      // of several of one name all but one are disabled: that one is it, else the newest
      byName.merge(key.name(), key, (old, next) -> old.disabled() ? next : old);
    }
    byName.values().forEach(key -> key(user, key));
  }

  private void key(Thing user, ApiKey k) {
    Account.Limits own = k.account().own();
    Thing key =
        user.add(
            Thing.of(Kind.KEY, k.id())
                .put("name", k.name())
                .put(
                    "project",
                    k.account().project().map(p -> projects.getOrDefault(p, p)).orElse(""))
                .put("acls", Form.joined(k.acls()))
                .put("expires", k.expires().map(Object::toString).orElse(Form.NOTHING))
                .put("disabled", Boolean.toString(k.disabled()))
                .put("qps", limit(own.qps()))
                .put("qpm", limit(own.qpm()))
                .put("tpm", limit(own.tpm())));
    own(key, Budget.Scope.KEY);
  }

  private static String limit(OptionalLong limit) {
    return limit.isPresent() ? Long.toString(limit.getAsLong()) : Form.NOTHING;
  }

  /** Those of one project or key. */
  private void own(Thing of, Budget.Scope scope) {
    of.list(Kind.OWN_BUDGET);
    subjectBudgets.getOrDefault(of.id(), List.of()).stream()
        .filter(b -> b.scope() == scope)
        .forEach(b -> of.add(amount(Thing.of(Kind.OWN_BUDGET, b.id()), b)));
  }

  /** Those of a team as a whole, of each of its projects, keys and end users, of one end user. */
  private void budgets(Thing team, Team t) {
    team.list(Kind.TEAM_BUDGET);
    for (Budget b : teamBudgets.getOrDefault(t.id(), List.of())) {
      boolean whole = b.scope() == Budget.Scope.TEAM && b.subject().equals(t.id());
      if (whole || b.scope() == Budget.Scope.END_USER || b.subject().equals(Budget.EACH)) {
        team.add(
            amount(
                Thing.of(Kind.TEAM_BUDGET, b.id())
                    .put("scope", b.scope().text())
                    .put("subject", whole ? Form.NOTHING : b.subject()),
                b));
      }
    }
  }

  private static Thing amount(Thing budget, Budget b) {
    return budget
        .put("window", b.window().text())
        .put("hard", Boolean.toString(b.hard()))
        .put("amount", Usd.text(b.ticks()));
  }

  private static void price(Thing state, String model, Price p) {
    state.add(
        Thing.of(Kind.PRICE, "")
            .put("model", model)
            .put("from", p.from().toString())
            .put("input", Usd.perMillion(p.rate().prompt()))
            .put("cached", Usd.perMillion(p.rate().cached()))
            .put("output", Usd.perMillion(p.rate().completion()))
            .put("long_from", Long.toString(p.longThreshold()))
            .put("long_input", Usd.perMillion(p.longRate().prompt()))
            .put("long_cached", Usd.perMillion(p.longRate().cached()))
            .put("long_output", Usd.perMillion(p.longRate().completion()))
            .put("more", PriceText.of(p).orElse(Form.NOTHING))
            .put("source", p.source()));
  }

  private void managementKey(Thing state, ManagementKey k) {
    state.add(
        Thing.of(Kind.MANAGEMENT_KEY, k.id())
            .put("name", k.name())
            .put("team", k.teamId().map(t -> teams.getOrDefault(t, t)).orElse(Form.NOTHING))
            .put("acls", Form.joined(k.acls()))
            .put("expires", k.expires().map(Object::toString).orElse(Form.NOTHING)));
  }
}
