package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the ledger, from any process, without holding up its writer. Not for the request path: sums
 * look at each row of their range. Thread-safe.
 */
public final class LedgerReader {
  private static final String JOINED =
      " FROM ledger_admission a LEFT JOIN ledger_settlement s ON s.request_id = a.request_id";
  private static final String RANGE = " WHERE a.admitted_us >= ? AND a.admitted_us < ?";
  static final String ROWS =
      "SELECT a.*, s.prompt_tokens, s.cached_tokens, s.image_tokens, s.completion_tokens,"
          + " s.reasoning_tokens, s.cost_ticks, s.backend_cost_ticks, s.backend_local,"
          + " s.latency_us, s.first_token_us, s.status, s.error_type, s.recovered, s.settled_us,"
          + " s.limited_by, s.used_more, s.longest_prompt"
          + JOINED;
  private static final String SUMS =
      "SELECT COUNT(*) AS admitted, COUNT(s.request_id) AS settled,"
          + " COALESCE(SUM(CASE WHEN s.recovered THEN 1 ELSE 0 END), 0) AS recovered,"
          + " COALESCE(SUM(s.prompt_tokens), 0) AS prompt_tokens,"
          + " COALESCE(SUM(s.cached_tokens), 0) AS cached_tokens,"
          + " COALESCE(SUM(s.image_tokens), 0) AS image_tokens,"
          + " COALESCE(SUM(s.completion_tokens), 0) AS completion_tokens,"
          + " COALESCE(SUM(s.reasoning_tokens), 0) AS reasoning_tokens,"
          + " COALESCE(SUM(s.cost_ticks), 0) AS cost_ticks,"
          + " COALESCE(SUM(s.backend_cost_ticks), 0) AS backend_cost_ticks"
          + JOINED
          + RANGE;

  private final Database database;

  public LedgerReader(Database database) {
    this.database = database;
  }

  /** The request of an id. */
  public Optional<LedgerRow> find(String requestId) {
    return database.read(
        s -> s.first(ROWS + " WHERE a.request_id = ?", LedgerReader::row, requestId));
  }

  /**
   * Requests by the time of their admission, oldest first.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public List<LedgerRow> between(Instant from, Instant to, int limit) {
    return database.read(
        s ->
            s.list(
                ROWS + RANGE + " ORDER BY a.admitted_us, a.request_id LIMIT ?",
                LedgerReader::row,
                from,
                to,
                limit));
  }

  /**
   * When the first request was admitted at or after a moment.
   *
   * @param to exclusive
   */
  public Optional<Instant> next(Instant from, Instant to) {
    return database.read(
        s ->
            s.first(
                "SELECT admitted_us FROM ledger_admission a"
                    + RANGE
                    + " ORDER BY admitted_us LIMIT 1",
                row -> row.instant("admitted_us"),
                from,
                to));
  }

  /**
   * Settled requests of a model by the time of their admission, after one of them.
   *
   * @param from the moment of that one, or where to begin
   * @param after its id, or nothing
   * @param to exclusive
   */
  public List<LedgerRow> settled(String model, Instant from, String after, Instant to, int limit) {
    return database.read(
        s ->
            s.list(
                ROWS
                    + " WHERE a.model_resolved = ? AND s.request_id IS NOT NULL"
                    + " AND a.admitted_us >= ? AND a.admitted_us < ?"
                    + " AND (a.admitted_us > ? OR a.request_id > ?)"
                    + " ORDER BY a.admitted_us, a.request_id LIMIT ?",
                LedgerReader::row,
                model,
                from,
                to,
                from,
                after,
                limit));
  }

  /**
   * Open requests whose work goes on after a restart, with all that was held for them in the end.
   *
   * @param node only those this node admitted; empty for all
   */
  public List<LedgerRow> goingOn(Optional<String> node) {
    String all = node.orElse("");
    return database.read(s -> goingOn(s, "(? = '' OR a.node_id = ?)", all, all));
  }

  /** The same that a node admitted or worked on last, in a transaction of the caller's. */
  public static List<LedgerRow> heldBy(Session s, String node) {
    return goingOn(s, "(a.node_id = ? OR w.node_id = ?)", node, node);
  }

  private static List<LedgerRow> goingOn(Session s, String whose, Object... arguments) {
    return s.list(
        ROWS
            + " JOIN work w ON w.id = a.request_id WHERE w.state = 'open'"
            + " AND s.request_id IS NULL AND "
            + whose
            + " ORDER BY a.admitted_us, a.request_id",
        row -> extended(s, row(row)),
        arguments);
  }

  /**
   * A request that is not settled yet.
   *
   * @param ticks held for it
   */
  public record Open(String teamId, Instant admitted, long ticks) {}

  /** Open requests that were admitted before a moment, in a transaction of the caller's. */
  public static List<Open> open(Session s, Instant before) {
    return s.list(
        "SELECT a.team_id, a.admitted_us, a.reserved_ticks, (SELECT MAX(e.reserved_ticks)"
            + " FROM ledger_extension e WHERE e.request_id = a.request_id) AS extended_ticks"
            + " FROM ledger_admission a WHERE a.request_id IN (SELECT id FROM work"
            + " WHERE state = 'open' UNION SELECT request_id FROM ledger_admission"
            + " WHERE admitted_us < ? AND admitted_us >= COALESCE("
            + "(SELECT MIN(mark_us) FROM node WHERE NOT recovered),"
            + " (SELECT admitted_us FROM ledger_mark WHERE id = 1)))"
            + " AND a.admitted_us < ? AND NOT EXISTS (SELECT 1 FROM ledger_settlement s"
            + " WHERE s.request_id = a.request_id)",
        row ->
            new Open(
                row.text("team_id"),
                row.instant("admitted_us"),
                Math.max(row.whole("reserved_ticks"), row.whole("extended_ticks"))),
        before,
        before);
  }

  private static LedgerRow extended(Session s, LedgerRow row) {
    long most =
        s.first(
                "SELECT COALESCE(MAX(reserved_ticks), 0) AS ticks FROM ledger_extension"
                    + " WHERE request_id = ?",
                r -> r.whole("ticks"),
                row.requestId())
            .orElse(0L);
    return row.holding(Math.max(most, row.reserved().ticks()));
  }

  /** Totals over the requests admitted from {@code from} until before {@code to}. */
  public LedgerSums sums(Instant from, Instant to) {
    return database
        .read(s -> s.first(SUMS, LedgerReader::sums, from, to))
        .orElseThrow(() -> new IllegalStateException("a sum is one row"));
  }

  private static LedgerSums sums(Row row) throws SQLException {
    return new LedgerSums(
        row.whole("admitted"),
        row.whole("settled"),
        row.whole("recovered"),
        usage(row, 0),
        row.whole("cost_ticks"),
        row.whole("backend_cost_ticks"));
  }

  private static Usage usage(Row row, long longest) throws SQLException {
    return new Usage(
        row.whole("prompt_tokens"),
        row.whole("cached_tokens"),
        row.whole("image_tokens"),
        row.whole("completion_tokens"),
        row.whole("reasoning_tokens"),
        Map.of(),
        longest);
  }

  static LedgerRow row(Row row) throws SQLException {
    return new LedgerRow(
        row.text("request_id"),
        row.maybeText("client_request_id"),
        new LedgerRow.Owner(
            row.text("key_id"),
            row.text("user_id"),
            row.text("team_id"),
            row.maybeText("project_id")),
        row.text("endpoint"),
        row.text("model_asked"),
        row.text("model_resolved"),
        row.text("backend"),
        price(row, "price_"),
        row.flag("stream"),
        row.instant("admitted_us"),
        new Admission.Reserved(
            row.maybeText("end_user"), row.whole("reserved_tokens"), row.whole("reserved_ticks")),
        settled(row));
  }

  /** A price from its columns; those beside the rates begin so. */
  public static Price price(Row row, String prefix) throws SQLException {
    return PriceText.merged(
        new Price(
            row.instant(prefix + "from_us"),
            rate(row, "rate_"),
            row.whole("long_threshold"),
            rate(row, "long_rate_"),
            row.text(prefix + "source")),
        row.maybeText(prefix + "more"));
  }

  private static Price.Rate rate(Row row, String prefix) throws SQLException {
    return new Price.Rate(
        row.whole(prefix + "prompt"),
        row.whole(prefix + "cached"),
        row.whole(prefix + "completion"));
  }

  private static Optional<LedgerRow.Settled> settled(Row row) throws SQLException {
    Optional<Instant> at = row.maybeInstant("settled_us");
    if (at.isEmpty()) {
      return Optional.empty();
    }
    Usage columns = usage(row, row.maybeWhole("longest_prompt").orElse(0L));
    Settlement settlement =
        new Settlement(
            PriceText.merged(columns, row.maybeText("used_more")),
            row.whole("cost_ticks"),
            row.whole("backend_cost_ticks"),
            row.flag("backend_local"),
            duration(row.whole("latency_us")),
            row.maybeWhole("first_token_us").map(LedgerReader::duration),
            Optional.empty(),
            (int) row.whole("status"),
            row.maybeText("error_type"),
            row.maybeText("limited_by"));
    return Optional.of(new LedgerRow.Settled(settlement, row.flag("recovered"), at.get()));
  }

  private static Duration duration(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
