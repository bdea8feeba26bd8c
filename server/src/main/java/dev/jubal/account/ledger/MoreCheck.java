package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Session;
import java.util.List;

/** What {@link LedgerCheck} cannot ask of columns alone; such rows are few. */
final class MoreCheck {
  /** Rows whose price and usage are said by their columns; a condition on both tables. */
  static final String PLAIN = "(a.price_more IS NULL AND s.used_more IS NULL)";

  private static final int PAGE = 1000;

  private MoreCheck() {}

  /**
   * Rows that are not plain, and whose cost is another than price times usage.
   *
   * @param from the id before the first of them
   * @param last the id of the last
   */
  static long wrong(Session s, String from, String last) {
    long wrong = 0;
    String after = from;
    while (true) {
      List<LedgerRow> page =
          s.list(
              LedgerReader.ROWS
                  + " WHERE s.request_id > ? AND s.request_id <= ?"
                  + " AND a.request_id > ? AND a.request_id <= ? AND NOT "
                  + PLAIN
                  + " ORDER BY a.request_id LIMIT ?",
              LedgerReader::row,
              after,
              last,
              after,
              last,
              PAGE);
      if (page.isEmpty()) {
        return wrong;
      }
      for (LedgerRow row : page) {
        Settlement settled = row.settled().orElseThrow().settlement();
        wrong += row.price().cost(settled.usage()) == settled.costTicks() ? 0 : 1;
      }
      after = page.getLast().requestId();
    }
  }
}
