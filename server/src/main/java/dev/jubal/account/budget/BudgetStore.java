package dev.jubal.account.budget;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Printable;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The rows of budgets. Thread-safe, and safe beside other processes on the same database. */
public final class BudgetStore {
  /** Characters of a subject. */
  public static final int MOST_SUBJECT = 512;

  private final Database database;
  private final InstantSource now;

  public BudgetStore(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /** All of them, or those of a team, oldest first. */
  public List<Budget> list(Optional<String> teamId) {
    return database.read(
        s ->
            teamId
                .map(
                    team ->
                        s.list(
                            "SELECT * FROM budget WHERE team_id = ? ORDER BY created_us, id",
                            BudgetStore::budget,
                            team))
                .orElseGet(() -> all(s)));
  }

  static List<Budget> all(Session s) {
    return s.list("SELECT * FROM budget ORDER BY created_us, id", BudgetStore::budget);
  }

  /**
   * Sets the amount of a budget, whether there was one of that scope, window and hardness or not.
   *
   * @throws ApiException 400 when a value is not allowed
   */
  public Budget set(Wanted wanted) {
    wanted.check();
    return database.write(
        s -> {
          Optional<Budget> old = find(s, wanted);
          Budget next =
              new Budget(
                  old.map(Budget::id).orElseGet(() -> UUID.randomUUID().toString()),
                  wanted.teamId(),
                  wanted.scope(),
                  wanted.subject(),
                  wanted.window(),
                  wanted.hard(),
                  wanted.ticks(),
                  old.map(Budget::created).orElseGet(now::instant));
          write(s, old, next);
          changed(s);
          return next;
        });
  }

  private static void write(Session s, Optional<Budget> old, Budget next) {
    if (old.isPresent()) {
      s.update("UPDATE budget SET ticks = ? WHERE id = ?", next.ticks(), next.id());
      return;
    }
    s.update(
        "INSERT INTO budget (id, team_id, scope, subject, period, hard, ticks, created_us)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        next.id(),
        next.teamId(),
        next.scope().text(),
        next.subject(),
        next.window().text(),
        next.hard(),
        next.ticks(),
        next.created());
  }

  private static Optional<Budget> find(Session s, Wanted w) {
    return s.first(
        "SELECT * FROM budget WHERE team_id = ? AND scope = ? AND subject = ? AND period = ?"
            + " AND hard = ?",
        BudgetStore::budget,
        w.teamId(),
        w.scope().text(),
        w.subject(),
        w.window().text(),
        w.hard());
  }

  /** Removes a budget; returns whether there was one of that id. */
  public boolean remove(String id) {
    return database.write(
        s -> {
          int gone = s.update("DELETE FROM budget WHERE id = ?", id);
          changed(s);
          return gone > 0;
        });
  }

  /** Tells the servers on this database that budgets, credits, plans or prices are others now. */
  public static void changed(Session s) {
    s.update("UPDATE money_change SET version = version + 1 WHERE id = 1");
  }

  /** Grows with each change of them. */
  public static long version(Session s) {
    return s.first("SELECT version FROM money_change WHERE id = 1", row -> row.whole("version"))
        .orElse(0L);
  }

  /** A budget that is to be. */
  public record Wanted(
      String teamId, Budget.Scope scope, String subject, Window window, boolean hard, long ticks) {
    private void check() {
      Printable.check("subject", subject, MOST_SUBJECT);
      if (ticks < 0) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "amount",
            "amount: " + ticks + " ticks (expected: at least 0).");
      }
    }
  }

  private static Budget budget(Row row) throws SQLException {
    return new Budget(
        row.text("id"),
        row.text("team_id"),
        Budget.Scope.valueOf(row.text("scope").toUpperCase(Locale.ROOT)),
        row.text("subject"),
        Window.valueOf(row.text("period").toUpperCase(Locale.ROOT)),
        row.flag("hard"),
        row.whole("ticks"),
        row.instant("created_us"));
  }
}
