package dev.jubal.account.price;

import dev.jubal.account.ledger.LedgerCorrections;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes the bill of a past period again by the prices that stand now. No settled row changes:
 * what each lacks, or has too much, becomes a row of its own, and the sums follow. The share of the
 * list price that a row's plan gave it then is kept.
 */
public final class Repricing {
  private static final int PAGE = 1000;

  private final Database database;
  private final InstantSource now;

  public Repricing(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /**
   * What is asked.
   *
   * @param from of the admission, inclusive
   * @param to exclusive
   * @param published the catalogue's prices of the model
   * @param tools its prices of tools
   * @param dry whether nothing is written
   */
  public record Order(
      String model,
      Instant from,
      Instant to,
      List<Price> published,
      List<Price> tools,
      String reason,
      boolean dry) {}

  /** The prices that stand now. */
  private record Known(List<Price> model, List<Price> tools) {
    /** What a row costs by them: what is not known must not become 0. */
    Price of(LedgerRow row, Usage used) {
      Price list = Tariff.newest(model, row.admitted());
      if (!tools.isEmpty() && list.unpriced(used)) {
        list = list.with(Tariff.newest(tools, row.admitted()).extras().units());
      }
      Price price = PriceTable.shared(list, row.price());
      boolean served = price.service() == row.price().service();
      if (list.known() && served && !list.unpriced(used)) {
        return price;
      }
      throw new ApiException(
          ErrorCode.CONFLICT,
          "Nothing is changed from request "
              + row.requestId()
              + " on: the price of "
              + row.modelResolved()
              + " since "
              + list.from()
              + (list.known() ? " names none for " : " is not known")
              + (list.known() ? served ? used.units().keySet() : "priority" : "")
              + " (expected: one set with jubal price set).");
    }
  }

  /**
   * What came of it.
   *
   * @param rows settled requests of the model in the period
   * @param changed those whose cost is another by the prices of now
   * @param before what they all cost so far, corrections included, ticks
   * @param after what they cost from now on
   */
  public record Outcome(long rows, long changed, long before, long after) {}

  /** Does it; a second time it finds nothing to change. */
  public Outcome run(Order order) {
    Map<String, List<Price>> rows = new PriceStore(database, now).all();
    Known prices =
        new Known(
            PriceTable.merged(order.published(), rows.getOrDefault(order.model(), List.of())),
            PriceTable.merged(order.tools(), rows.getOrDefault(PriceTable.TOOLS, List.of())));
    LedgerReader reader = new LedgerReader(database);
    Outcome sum = new Outcome(0, 0, 0, 0);
    // day by day: of a name that is seldom asked for one statement would look through years
    Optional<Instant> day = reader.next(order.from(), order.to());
    while (day.isPresent()) {
      Instant end = day.get().plus(Duration.ofDays(1));
      Instant to = end.isBefore(order.to()) ? end : order.to();
      Instant from = day.get();
      String after = "";
      List<LedgerRow> page = reader.settled(order.model(), from, after, to, PAGE);
      while (!page.isEmpty()) {
        sum = plus(sum, corrected(page, prices, order));
        from = page.getLast().admitted();
        after = page.getLast().requestId();
        page = reader.settled(order.model(), from, after, to, PAGE);
      }
      day = reader.next(to, order.to());
    }
    return sum;
  }

  private Outcome corrected(List<LedgerRow> page, Known prices, Order order) {
    return order.dry()
        ? database.read(s -> page(s, page, prices, order))
        : database.write(s -> page(s, page, prices, order));
  }

  /** In one transaction with what was corrected before, so that two at once correct it once. */
  private Outcome page(Session s, List<LedgerRow> page, Known prices, Order order) {
    List<String> ids = page.stream().map(LedgerRow::requestId).toList();
    Map<String, Long> before = LedgerCorrections.sums(s, ids);
    List<LedgerCorrections.Correction> wanted = new ArrayList<>();
    long costBefore = 0;
    long costAfter = 0;
    for (LedgerRow row : page) {
      var settlement = row.settled().orElseThrow().settlement();
      long old = settlement.costTicks() + before.getOrDefault(row.requestId(), 0L);
      long fresh = prices.of(row, settlement.usage()).cost(settlement.usage());
      costBefore += old;
      costAfter += fresh;
      if (fresh != old) {
        wanted.add(new LedgerCorrections.Correction(row, fresh - old, order.reason()));
      }
    }
    if (!order.dry()) {
      LedgerCorrections.write(s, wanted, now.instant());
    }
    return new Outcome(page.size(), wanted.size(), costBefore, costAfter);
  }

  private static Outcome plus(Outcome a, Outcome b) {
    return new Outcome(
        a.rows() + b.rows(),
        a.changed() + b.changed(),
        a.before() + b.before(),
        a.after() + b.after());
  }
}
