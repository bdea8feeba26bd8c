package dev.jubal.account.limits;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Printable;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The limits of tiers and teams, as rows. Thread-safe. */
public final class LimitStore {
  private final Database database;

  public LimitStore(Database database) {
    this.database = database;
  }

  /** Who has limits: a tier by its name, or a team by its id. */
  public record Owner(boolean tier, String id) {
    public static Owner tier(String name) {
      return new Owner(true, name);
    }

    public static Owner team(String id) {
      return new Owner(false, id);
    }

    private String sql(String tiers, String teams) {
      return tier ? tiers : teams;
    }
  }

  /** All tiers. */
  public Tiers tiers() {
    return database.read(LimitStore::tiers);
  }

  private static Tiers tiers(Session s) {
    return new Tiers(s.list("SELECT * FROM tier ORDER BY grade", LimitStore::tier));
  }

  /**
   * Makes a tier, or changes the one of that name.
   *
   * @throws ApiException 400 for a malformed value, 409 for a grade that another one has
   */
  public void put(Tiers.Tier tier) {
    if (!tier.name().matches("[a-z0-9-]{1,32}")) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "tier",
          "tier: \""
              + tier.name()
              + "\" (expected: 1-32 small letters, digits or dashes, as tier-1).");
    }
    database.write(
        s -> {
          Tiers tiers = tiers(s);
          tiers.all().stream()
              .filter(t -> t.grade() == tier.grade() && !t.name().equals(tier.name()))
              .findFirst()
              .ifPresent(
                  t -> {
                    throw ApiException.of(
                        ErrorCode.CONFLICT,
                        "grade",
                        "grade: " + t.name() + " has " + t.grade() + " (expected: another).");
                  });
          Optional<Long> spent =
              tier.spent().isPresent() ? Optional.of(tier.spent().getAsLong()) : Optional.empty();
          return tiers.find(tier.name()).isPresent()
              ? s.update(
                  "UPDATE tier SET grade = ?, spent_ticks = ? WHERE name = ?",
                  tier.grade(),
                  spent,
                  tier.name())
              : s.update(
                  "INSERT INTO tier (name, grade, spent_ticks) VALUES (?, ?, ?)",
                  tier.name(),
                  tier.grade(),
                  spent);
        });
  }

  /**
   * Removes a tier and its limits.
   *
   * @throws ApiException 409 when a team has it
   */
  public void removeTier(String name) {
    database.write(
        s -> {
          s.first("SELECT name FROM team WHERE tier = ?", row -> row.text("name"), name)
              .ifPresent(
                  team -> {
                    throw new ApiException(
                        ErrorCode.CONFLICT,
                        "The tier \""
                            + name
                            + "\" is that of the team \""
                            + team
                            + "\" (expected: a tier of no team).");
                  });
          s.update("DELETE FROM tier_limit WHERE tier = ?", name);
          return s.update("DELETE FROM tier WHERE name = ?", name);
        });
  }

  /** The limits of a tier or team, by scope, model and quota. */
  public List<Rule> rules(Owner owner) {
    return database.read(s -> rules(s, owner));
  }

  private static List<Rule> rules(Session s, Owner owner) {
    return s.list(
        owner.sql(
                "SELECT * FROM tier_limit WHERE tier = ?",
                "SELECT * FROM team_limit WHERE team_id = ?")
            + " ORDER BY scope, model, quota",
        LimitStore::rule,
        owner.id());
  }

  /**
   * What holds for a team, read at once.
   *
   * @param own its own limits
   * @param tier those of its tier
   * @param next the tier above that, if there is one
   * @param above the limits of that one
   */
  record Rules(List<Rule> own, List<Rule> tier, Optional<Tiers.Tier> next, List<Rule> above) {}

  Rules of(String teamId, String tierName) {
    return database.read(
        s -> {
          Tiers tiers = tiers(s);
          Tiers.Tier tier = tiers.named(tierName);
          Optional<Tiers.Tier> next = tiers.above(tier);
          return new Rules(
              rules(s, Owner.team(teamId)),
              rules(s, Owner.tier(tier.name())),
              next,
              next.map(n -> rules(s, Owner.tier(n.name()))).orElse(List.of()));
        });
  }

  /**
   * Sets a limit, in place of one of the same scope, model and quota.
   *
   * @throws ApiException 404 when there is no such tier, 400 for a malformed model
   */
  public void set(Owner owner, Rule rule) {
    Printable.check("model", rule.model(), Rule.LONGEST);
    var _ =
        database.write(
            s -> {
              check(s, owner);
              remove(s, owner, rule.scope(), rule.model(), rule.quota());
              s.update(
                  owner.sql(
                      "INSERT INTO tier_limit (tier, scope, model, quota, most)"
                          + " VALUES (?, ?, ?, ?, ?)",
                      "INSERT INTO team_limit (team_id, scope, model, quota, most)"
                          + " VALUES (?, ?, ?, ?, ?)"),
                  owner.id(),
                  rule.scope().id(),
                  rule.model(),
                  rule.quota().id(),
                  rule.most());
              return true;
            });
  }

  /** Removes a limit; false when there was none. */
  public boolean remove(Owner owner, Scope scope, String model, Quota quota) {
    return database.write(s -> remove(s, owner, scope, model, quota) > 0);
  }

  private static int remove(Session s, Owner owner, Scope scope, String model, Quota quota) {
    return s.update(
        owner.sql(
                "DELETE FROM tier_limit WHERE tier = ?", "DELETE FROM team_limit WHERE team_id = ?")
            + " AND scope = ? AND model = ? AND quota = ?",
        owner.id(),
        scope.id(),
        model,
        quota.id());
  }

  private static void check(Session s, Owner owner) {
    Tiers tiers = tiers(s);
    if (owner.tier() && tiers.find(owner.id()).isEmpty()) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "There is no tier \""
              + owner.id()
              + "\" (expected: one of "
              + tiers.all().stream().map(Tiers.Tier::name).toList()
              + ").");
    }
  }

  private static Tiers.Tier tier(Row row) throws SQLException {
    Optional<Long> spent = row.maybeWhole("spent_ticks");
    return new Tiers.Tier(
        row.text("name"),
        row.whole("grade"),
        spent.isPresent() ? OptionalLong.of(spent.get()) : OptionalLong.empty());
  }

  private static Rule rule(Row row) throws SQLException {
    return new Rule(
        Scope.of(row.text("scope")),
        row.text("model"),
        Quota.of(row.text("quota")),
        row.whole("most"));
  }
}
