package dev.jubal.app.operate;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Plan;
import dev.jubal.account.budget.Plans;
import dev.jubal.account.budget.Window;
import dev.jubal.account.enduser.EndUserRule;
import dev.jubal.account.enduser.EndUserRules;
import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.KeySettings;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.Project;
import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamPolicy;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.TeamTerms;
import dev.jubal.account.keys.User;
import dev.jubal.account.keys.UserStore;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.PriceText;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.account.limits.Tiers;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.account.price.PriceStore;
import dev.jubal.platform.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Fills a database with all that operators set, by the stores that commands and the API use. */
final class RandomState {
  private static final List<String> NAMES =
      List.of(
          "sales",
          "R & D",
          "null",
          "true",
          "12",
          "a: b",
          "# no",
          "Zoë",
          "\"q\"",
          "emoji 🚀",
          "- x",
          "back\\slash",
          "{y}",
          "none",
          "owner",
          " lead",
          "trail ",
          "no",
          "é\u0301",
          "'s'");

  /** After which some of the keys have expired. */
  static final Duration SOME_EXPIRIES = Duration.ofMinutes(9);

  private final Random random;
  private final Database database;
  private final InstantSource now;
  private int count;

  RandomState(long seed, Database database, InstantSource now) {
    this.random = new Random(seed);
    this.database = database;
    this.now = now;
  }

  void fill() {
    for (int i = 0; i < 2; i++) {
      new Plans(database, now).put(plan("plan-" + i));
      LimitStore limits = new LimitStore(database);
      limits.put(
          new Tiers.Tier(
              "own-" + i,
              i == 0 ? 10 : border(11),
              random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(border(money()))));
      limits(LimitStore.Owner.tier("own-" + i));
    }
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      team();
    }
    for (int i = 0; i < random.nextInt(4); i++) {
      new PriceStore(database, now)
          .set(border("grok-" + random.nextInt(3), PriceStore.MOST_MODEL), price());
    }
    for (int i = 0; i < random.nextInt(3); i++) {
      List<Team> teams = new TeamStore(database).list();
      new ManagementStore(database, now)
          .create(
              unique(),
              random.nextBoolean()
                  ? Optional.empty()
                  : Optional.of(teams.get(random.nextInt(teams.size())).id()),
              random.nextBoolean() ? List.of("*") : List.of("teams:read", "billing:*"),
              expiry());
    }
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private String unique() {
    return NAMES.get(random.nextInt(NAMES.size())) + count++;
  }

  private long money() {
    return random.nextLong(1_000_000_000_000L);
  }

  /** Now and then the most that a row holds. */
  private long border(long usual) {
    return random.nextInt(8) == 0 ? Long.MAX_VALUE : usual;
  }

  /** Now and then as long as it may be. */
  private String border(String usual, int longest) {
    return random.nextInt(8) == 0 ? "s".repeat(longest) : usual;
  }

  private Plan plan(String name) {
    return new Plan(
        name,
        random.nextBoolean(),
        money(),
        random.nextInt(2000),
        List.of(
            new Plan.Step(money(), 900), new Plan.Step(20_000_000_000_000L, random.nextInt(900))),
        NAMES.get(random.nextInt(NAMES.size())));
  }

  private void team() {
    TeamStore teams = new TeamStore(database);
    Team team = teams.create(unique(), Optional.empty(), now.instant());
    teams.set(
        team.id(),
        new TeamStore.Change(
            Optional.empty(),
            Optional.of("own-" + random.nextInt(2)),
            Optional.of(
                new TeamPolicy(
                    random.nextBoolean(),
                    new TeamTerms(
                        1 + random.nextInt(9),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean())))));
    if (random.nextBoolean()) {
      new Plans(database, now).set(team.id(), "plan-" + random.nextInt(2));
    }
    limits(LimitStore.Owner.team(team.id()));
    budget(team, Budget.Scope.TEAM, team.id());
    budget(
        team,
        Budget.Scope.END_USER,
        random.nextBoolean() ? "*" : border(unique(), BudgetStore.MOST_SUBJECT));
    budget(team, Budget.Scope.KEY, "*");
    if (random.nextBoolean()) {
      new EndUserRules(database, now)
          .set(
              team.id(),
              List.of(
                  new EndUserRule(
                      EndUserRule.requirement("minimum_age_group:adult"), "grok-*", "*"),
                  new EndUserRule(EndUserRule.requirement("require_consent:ads"), "*", "chat")));
    }
    for (int i = 0; i < random.nextInt(3); i++) {
      Project project =
          new ProjectStore(database, now)
              .create(team.id(), unique(), Project.Environment.words().get(random.nextInt(3)));
      budget(team, Budget.Scope.PROJECT, project.id());
    }
    for (int i = 0; i < random.nextInt(3); i++) {
      UserStore users = new UserStore(database, now);
      User user = users.create(team.id(), unique());
      users.set(user.id(), Optional.empty(), Optional.of(random.nextInt(4) == 0));
      keys(team, user);
    }
  }

  private void keys(Team team, User user) {
    List<Project> projects = new ProjectStore(database, now).list(Optional.of(team.id()));
    KeyStore keys = new KeyStore(database, now);
    for (int i = 0; i < random.nextInt(4); i++) {
      KeySettings settings =
          new KeySettings(
              unique(),
              random.nextBoolean()
                  ? List.of("api-key:model:*", "api-key:endpoint:chat")
                  : List.of("api-key:tool:a,b#\"c"),
              expiry(),
              random.nextInt(4) == 0,
              new Account.Limits(limit(), limit(), limit()),
              projects.isEmpty()
                  ? Optional.empty()
                  : Optional.of(projects.get(random.nextInt(projects.size())).id()));
      ApiKey key =
          keys.create(settings, new KeyStore.Owner(Optional.of(team.id()), Optional.of(user.id())))
              .key();
      budget(team, Budget.Scope.KEY, key.id());
      if (random.nextInt(5) == 0) {
        keys.revoke(key.id());
      }
    }
  }

  private OptionalLong limit() {
    return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(1 + random.nextInt(99));
  }

  private Optional<Instant> expiry() {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(now.instant().plus(Duration.ofNanos(1000L * (1 + random.nextInt(1 << 30)))));
  }

  private void budget(Team team, Budget.Scope scope, String subject) {
    for (int i = 0; i < random.nextInt(3); i++) {
      new BudgetStore(database, now)
          .set(
              new BudgetStore.Wanted(
                  team.id(),
                  scope,
                  subject,
                  any(List.of(Window.values())),
                  random.nextBoolean(),
                  border(money())));
    }
  }

  private void limits(LimitStore.Owner owner) {
    for (int i = 0; i < random.nextInt(4); i++) {
      Scope scope = any(List.of(Scope.values()));
      String model =
          scope == Scope.MODEL ? List.of("*", "grok-4*", "x y").get(random.nextInt(3)) : "*";
      new LimitStore(database)
          .set(
              owner,
              new Rule(
                  scope,
                  model,
                  any(List.of(Quota.values())),
                  random.nextInt(5) == 0 ? Rule.NONE : border(random.nextInt(1000))));
    }
  }

  private Price price() {
    Price.Rate rate =
        new Price.Rate(random.nextInt(99_999), random.nextInt(99_999), random.nextInt(99_999));
    Price plain =
        new Price(
            Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE)),
            rate,
            random.nextBoolean() ? 0 : border(128_000),
            random.nextBoolean() ? Price.Rate.FREE : rate,
            border(NAMES.get(random.nextInt(NAMES.size())), PriceStore.MOST_SOURCE));
    return random.nextBoolean()
        ? plain
        : PriceText.merged(
            plain,
            Optional.of(
                "{\"image\":7,\"units\":{\"tool:b\":2,\"tool:a\":1},\"batch\":"
                    + random.nextInt(1000)
                    + "}"));
  }
}
