package dev.jubal.account.price;

import dev.jubal.account.Principal;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.ledger.Price;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prices of the catalogue and of the rows, by what the team's plan makes of them. No query on the
 * request path. Thread-safe.
 */
public final class PriceTable implements Tariff {
  private static final Logger log = LoggerFactory.getLogger(PriceTable.class);
  private static final long WHOLE = 1_000_000;
  private static final String TIMES = ", times ";
  private static final String OF = "/1000000 by the team's plan";

  private final Database database;
  private final PriceConfig config;
  private final Shares shares;
  private final Runnable unknown;
  private final List<Price> tools;
  private volatile Rows rows = new Rows(-1, Map.of());

  private record Rows(long version, Map<String, List<Price>> prices) {}

  /** The name under which rows have the prices of tools. */
  public static final String TOOLS = "tools";

  /** What share of the list price a caller pays. */
  @FunctionalInterface
  public interface Shares {
    /** In millionths. */
    long of(Principal who, Instant at);
  }

  /**
   * Reads the rows.
   *
   * @param tools the catalogue's prices of tools; may be empty
   * @param unknown is told of each request whose price nobody knows
   */
  public PriceTable(
      Database database, PriceConfig config, Shares shares, List<Price> tools, Runnable unknown) {
    this.database = database;
    this.config = config;
    this.shares = shares;
    this.unknown = unknown;
    this.tools = List.copyOf(tools);
    read();
  }

  /** Sees what changed in the rows; a failure leaves all as it was. */
  public void refresh() {
    try {
      if (database.read(BudgetStore::version) != rows.version()) {
        read();
      }
    } catch (DatabaseException e) {
      log.warn("prices cannot be read; those known before hold: {}", e.getMessage());
    }
  }

  private void read() {
    rows = database.read(s -> new Rows(BudgetStore.version(s), PriceStore.all(s)));
  }

  @Override
  public Price price(Principal who, String model, List<Price> published, Instant at) {
    List<Price> set = rows.prices().getOrDefault(model, List.of());
    Price list = Tariff.newest(merged(published, set), at);
    if (!list.known()) {
      unknown.run();
      if (config.unknown() == PriceConfig.Unknown.REFUSE) {
        throw ApiException.of(
            ErrorCode.PERMISSION_DENIED,
            "model",
            "model: nobody published what \""
                + model
                + "\" costs (expected: a price, set on the server with: jubal price set "
                + model
                + ").");
      }
    }
    // the share stays with one that costs nothing too, as its price may be corrected
    return scaled(list, shares.of(who, at));
  }

  @Override
  public Price withTools(Price price, Principal who, Instant at) {
    List<Price> all = merged(tools, rows.prices().getOrDefault(TOOLS, List.of()));
    return all.isEmpty()
        ? price
        : price.with(scaled(Tariff.newest(all, at), shares.of(who, at)).extras().units());
  }

  /** Oldest first; of one moment the row comes after the catalogue's, and so wins. */
  static List<Price> merged(List<Price> published, List<Price> set) {
    if (set.isEmpty()) {
      return published;
    }
    List<Price> all = new ArrayList<>(published);
    all.addAll(set);
    all.sort(Comparator.comparing(Price::from));
    return all;
  }

  /** A share of a price, each rate rounded up to a tick. */
  static Price scaled(Price list, long millionths) {
    if (millionths == WHOLE) {
      return list;
    }
    return list.share(millionths, list.source() + TIMES + millionths + OF);
  }

  /** A price, in the share that another one was given by a plan, and for its service. */
  static Price shared(Price list, Price given) {
    String source = given.source();
    int at = source.lastIndexOf(TIMES);
    Price share =
        at >= 0 && source.endsWith(OF)
            ? scaled(
                list,
                Long.parseLong(source, at + TIMES.length(), source.length() - OF.length(), 10))
            : list;
    return share.as(given.service());
  }
}
