package dev.jubal.account.price;

import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.PriceText;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.Printable;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Session;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of prices beside the catalogue's. Thread-safe, and safe beside other processes on the
 * same database.
 */
public final class PriceStore {
  /** Characters of a name. */
  public static final int MOST_MODEL = 256;

  /** Characters of a source. */
  public static final int MOST_SOURCE = 1000;

  private final Database database;
  private final InstantSource now;

  public PriceStore(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /** All of them by model, each oldest first. */
  public Map<String, List<Price>> all() {
    return database.read(PriceStore::all);
  }

  static Map<String, List<Price>> all(Session s) {
    Map<String, List<Price>> found = new TreeMap<>();
    s.list(
            "SELECT * FROM price ORDER BY model, from_us",
            row -> Map.entry(row.text("model"), LedgerReader.price(row, "")))
        .forEach(e -> found.computeIfAbsent(e.getKey(), m -> new ArrayList<>()).add(e.getValue()));
    return found;
  }

  /**
   * Sets what a name costs from a moment on, whether a price of that moment stood or not. What is
   * settled already keeps its cost: {@link Repricing} corrects it.
   *
   * @throws ApiException 400 for a malformed name or source
   */
  public void set(String model, Price p) {
    Printable.check("model", model, MOST_MODEL);
    Printable.check("source", p.source(), MOST_SOURCE);
    database.write(
        s -> {
          s.update("DELETE FROM price WHERE model = ? AND from_us = ?", model, p.from());
          s.update(
              "INSERT INTO price (model, from_us, rate_prompt, rate_cached, rate_completion,"
                  + " long_threshold, long_rate_prompt, long_rate_cached, long_rate_completion,"
                  + " source, created_us, more) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              model,
              p.from(),
              p.rate().prompt(),
              p.rate().cached(),
              p.rate().completion(),
              p.longThreshold(),
              p.longRate().prompt(),
              p.longRate().cached(),
              p.longRate().completion(),
              p.source(),
              now.instant(),
              PriceText.of(p));
          BudgetStore.changed(s);
          return true;
        });
  }

  /** Removes the price of a name and moment; returns whether there was one. */
  public boolean remove(String model, Instant from) {
    return database.write(
        s -> {
          int gone = s.update("DELETE FROM price WHERE model = ? AND from_us = ?", model, from);
          BudgetStore.changed(s);
          return gone > 0;
        });
  }
}
