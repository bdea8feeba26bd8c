package dev.jubal.app.operate;

import dev.jubal.account.ledger.Usd;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.account.limits.Tiers;
import dev.jubal.platform.sql.Database;
import java.util.OptionalLong;

/** Tiers, and the limits of tiers and teams. */
final class LimitRows {
  private LimitRows() {}

  record TierRows(Database database) implements Rows {
    @Override
    public String make(Thing tier) {
      OptionalLong spent =
          tier.maybe("raised_at").isPresent()
              ? OptionalLong.of(Usd.ticks("raised_at", tier.get("raised_at")))
              : OptionalLong.empty();
      new LimitStore(database).put(new Tiers.Tier(tier.get("name"), tier.whole("grade"), spent));
      return tier.get("name");
    }

    @Override
    public void change(Thing old, Thing next) {
      make(next);
    }

    @Override
    public void remove(Thing tier) {
      new LimitStore(database).removeTier(tier.get("name"));
    }
  }

  record OfOwner(Database database) implements Rows {
    @Override
    public String make(Thing limit) {
      String most = limit.get("most");
      new LimitStore(database)
          .set(
              owner(limit),
              new Rule(
                  Scope.of(limit.get("scope")),
                  limit.get("model"),
                  Quota.of(limit.get("limit")),
                  most.equals(Form.NO_LIMIT) ? Rule.NONE : Long.parseLong(most)));
      return "";
    }

    private static LimitStore.Owner owner(Thing limit) {
      Thing of = limit.parent();
      return of.kind().equals(Kind.TIER)
          ? LimitStore.Owner.tier(of.get("name"))
          : LimitStore.Owner.team(of.id());
    }

    @Override
    public void change(Thing old, Thing next) {
      make(next);
    }

    @Override
    public void remove(Thing limit) {
      new LimitStore(database)
          .remove(
              owner(limit),
              Scope.of(limit.get("scope")),
              limit.get("model"),
              Quota.of(limit.get("limit")));
    }
  }
}
