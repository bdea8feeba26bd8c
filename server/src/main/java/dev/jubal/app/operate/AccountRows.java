package dev.jubal.app.operate;

import dev.jubal.account.budget.Plans;
import dev.jubal.account.enduser.EndUserRule;
import dev.jubal.account.enduser.EndUserRules;
import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamPolicy;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.TeamTerms;
import dev.jubal.account.keys.User;
import dev.jubal.account.keys.UserStore;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Teams, their users, projects and rules about end users. */
final class AccountRows {
  private AccountRows() {}

  /** A new team's first user is the first one that the file gives it, else the usual "owner". */
  record Teams(Database database, InstantSource now) implements Rows {
    @Override
    public String make(Thing team) {
      TeamStore store = new TeamStore(database);
      Optional<String> user = team.parts(Kind.USER).stream().findFirst().map(u -> u.get("name"));
      String name = team.get("name");
      Team made =
          user.isPresent()
              ? store.create(name, Optional.empty(), user.get(), now.instant())
              : store.create(name, Optional.empty(), now.instant());
      set(made.id(), team);
      plan(made.id(), team);
      if (team.has(Kind.USER) && user.isEmpty()) {
        users(made.id()).forEach(u -> new UserStore(database, now).remove(u.id()));
      }
      return made.id();
    }

    private List<User> users(String team) {
      return new UserStore(database, now).list(Optional.of(team));
    }

    @Override
    public List<Thing> alongside(Thing team) {
      return users(team.id()).stream()
          .map(
              u ->
                  Thing.of(Kind.USER, u.id())
                      .put("name", u.name())
                      .put("disabled", Boolean.toString(u.disabled())))
          .toList();
    }

    @Override
    public void change(Thing old, Thing next) {
      set(old.id(), next);
      if (!old.get("plan").equals(next.get("plan"))) {
        plan(old.id(), next);
      }
    }

    private void set(String id, Thing team) {
      TeamPolicy policy =
          new TeamPolicy(
              team.flag("blocked"),
              new TeamTerms(
                  (int) team.whole("weight"),
                  team.flag("zero_retention"),
                  team.flag("keeps_pictures"),
                  team.flag("webhooks")));
      new TeamStore(database)
          .set(
              id,
              new TeamStore.Change(
                  Optional.empty(), Optional.of(team.get("tier")), Optional.of(policy)));
    }

    private void plan(String id, Thing team) {
      new Plans(database, now).set(id, team.get("plan"));
    }

    @Override
    public Optional<String> lasting() {
      return Optional.of("a team is never deleted; blocked: true stops it");
    }

    @Override
    public void remove(Thing team) {
      throw new IllegalStateException("teams are lasting");
    }
  }

  record Users(Database database, InstantSource now) implements Rows {
    @Override
    public String make(Thing user) {
      UserStore store = new UserStore(database, now);
      String id = store.create(user.parent().id(), user.get("name")).id();
      store.set(id, Optional.empty(), Optional.of(user.flag("disabled")));
      return id;
    }

    @Override
    public void change(Thing old, Thing next) {
      new UserStore(database, now)
          .set(old.id(), Optional.empty(), Optional.of(next.flag("disabled")));
    }

    @Override
    public void remove(Thing user) {
      new UserStore(database, now).remove(user.id());
    }
  }

  record Projects(Database database, InstantSource now) implements Rows {
    @Override
    public String make(Thing project) {
      return new ProjectStore(database, now)
          .create(project.parent().id(), project.get("name"), project.get("environment"))
          .id();
    }

    @Override
    public void change(Thing old, Thing next) {
      new ProjectStore(database, now).set(old.id(), next.get("environment"));
    }

    @Override
    public void remove(Thing project) {
      new ProjectStore(database, now).remove(project.id());
    }
  }

  record EndUserRuleRows(Database database, InstantSource now) implements Rows {
    @Override
    public String make(Thing rule) {
      set(rule, all -> all.add(rule(rule)));
      return "";
    }

    private void set(Thing rule, Consumer<List<EndUserRule>> change) {
      EndUserRules store = new EndUserRules(database, now);
      String team = rule.parent().id();
      List<EndUserRule> all = new ArrayList<>(store.list(team));
      change.accept(all);
      var _ = store.set(team, all);
    }

    private static EndUserRule rule(Thing rule) {
      return new EndUserRule(
          EndUserRule.requirement(rule.get("require")), rule.get("models"), rule.get("endpoints"));
    }

    @Override
    public void change(Thing old, Thing next) {
      throw new IllegalStateException("a rule is all name");
    }

    @Override
    public void remove(Thing rule) {
      set(rule, all -> all.remove(rule(rule)));
    }
  }
}
