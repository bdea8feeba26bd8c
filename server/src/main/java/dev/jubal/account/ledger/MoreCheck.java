package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Session;
import java.util.List;

/** What {@link LedgerCheck} cannot ask of columns alone; such rows are few. */
final class MoreCheck {
  /** Rows whose price and usage are said by their columns; a condition on both tables. */
  static final String PLAIN = "(a.price_more IS NULL AND s.used_more IS NULL)";

  private static final int PAGE = 1000;

  private MoreCheck() {}

  /** Rows that are not plain, and whose cost is another than price times usage. */
  static long wrong(Session s) {
    long wrong = 0;
    String after = "";
    while (true) {
      List<LedgerRow> page =
          s.list(
              LedgerReader.ROWS
                  + " WHERE s.request_id IS NOT NULL AND a.request_id > ? AND NOT "
                  + PLAIN
                  + " ORDER BY a.request_id LIMIT ?",
              LedgerReader::row,
              after,
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

  /** Requests that were settled though nobody knew their price, as a finding without a fault. */
  static LedgerCheck.Finding unknown(Session s) {
    long rows =
        s.first(
                "SELECT COUNT(*) AS n FROM ledger_admission a JOIN ledger_settlement s"
                    + " ON s.request_id = a.request_id"
                    + " WHERE a.price_source = ? AND s.total_tokens > 0",
                row -> row.whole("n"),
                Price.UNKNOWN)
            .orElse(0L);
    return new LedgerCheck.Finding("settled at a price nobody knows", rows, 0);
  }
}
