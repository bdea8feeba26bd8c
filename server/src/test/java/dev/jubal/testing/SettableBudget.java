package dev.jubal.testing;

import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetConfig;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Budgets;
import dev.jubal.account.budget.Told;
import dev.jubal.account.budget.Window;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The guard of budgets over a database of its own, with one daily budget of a team or none. */
final class SettableBudget implements Guard {
  private final Budgets budgets;
  private final BudgetStore store;
  private final Database database;
  private final String team;

  SettableBudget(Database database, InstantSource now, String team) {
    this.database = database;
    this.team = team;
    this.store = new BudgetStore(database, now);
    this.budgets =
        new Budgets(
            new Budgets.Parts(
                database,
                BudgetConfig.STANDARD,
                now,
                (id, ticks) -> {},
                Told.NOBODY,
                Optional.empty()));
  }

  /** From now on the team may spend so much a day. */
  void set(OptionalLong ticks) {
    store.list(Optional.empty()).forEach(b -> store.remove(b.id()));
    if (ticks.isPresent()) {
      database.write(
          s ->
              s.update(
                  "INSERT INTO team (id, name, tier, policy, created_us)"
                      + " SELECT ?, ?, 'tier-0', '{}', ?"
                      + " WHERE NOT EXISTS (SELECT 1 FROM team WHERE id = ?)",
                  team,
                  team,
                  Instant.EPOCH,
                  team));
      store.set(
          new BudgetStore.Wanted(
              team, Budget.Scope.TEAM, team, Window.DAILY, true, ticks.getAsLong()));
    }
    budgets.refresh();
  }

  @Override
  public Hold take(Demand demand) {
    return budgets.take(demand);
  }

  @Override
  public Hold again(Demand demand) {
    return budgets.again(demand);
  }

  @Override
  public List<Bound> bounds(Demand demand) {
    return budgets.bounds(demand);
  }

  @Override
  public Optional<Left> left(Demand demand) {
    return budgets.left(demand);
  }
}
