package dev.jubal.account.ledger;

import dev.jubal.platform.nodes.Nodes;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Closes what nobody will settle any more: the open requests of an earlier process of this node, at
 * its start under the folder's lock; those of nodes that are long silent; and those whose own row
 * was lost by an outage. Not those whose work goes on: they stand in the table {@code work} as
 * open, and the attempt that ends settles them.
 *
 * <p>Nothing is known of such a request but its admission: the row gets no tokens, no cost, status
 * 500, error type {@code recovered}, and the mark that says so.
 */
final class Recovery {
  static final String ERROR_TYPE = "recovered";

  private static final String SETTLE =
      "INSERT INTO ledger_settlement (request_id, prompt_tokens, cached_tokens, image_tokens,"
          + " completion_tokens, reasoning_tokens, total_tokens, cost_ticks, backend_cost_ticks,"
          + " backend_local, latency_us, first_token_us, status, error_type, recovered, settled_us)"
          + " SELECT a.request_id, 0, 0, 0, 0, 0, 0, 0, 0, ?, 0, NULL, 500, ?, ?, ?"
          + " FROM ledger_admission a";
  private static final String OPEN =
      " AND NOT EXISTS"
          + " (SELECT 1 FROM ledger_settlement s WHERE s.request_id = a.request_id)"
          + " AND NOT EXISTS (SELECT 1 FROM work w WHERE w.id = a.request_id AND w.state = 'open')";
  private static final String OF_NODES = " JOIN node n ON n.id = a.node_id";
  private static final String OWN =
      OF_NODES + " WHERE n.id = ? AND a.admitted_us >= n.mark_us" + OPEN;
  private static final String OF_FILE =
      " WHERE a.admitted_us >= (SELECT admitted_us FROM ledger_mark WHERE id = 1)" + OPEN;

  private static final int PAGE = 500;

  private Recovery() {}

  /**
   * What the start found.
   *
   * @param recovered how many rows it closed
   * @param mark no open admission of this node is older, microseconds since 1970
   */
  record Outcome(int recovered, long mark) {}

  /** At the start of a node, which joins by it. A file has but one, whatever its rows say. */
  static Outcome run(Database database, Nodes nodes, Instant now) {
    return database.write(s -> nodes.shared() ? ofNode(s, nodes, now) : ofFile(s, now));
  }

  private static Outcome ofFile(Session s, Instant now) {
    int recovered = close(s, false, now, OF_FILE);
    long mark = newest(s);
    s.update("UPDATE ledger_mark SET admitted_us = ? WHERE id = 1", mark);
    return new Outcome(recovered, mark);
  }

  private static Outcome ofNode(Session s, Nodes nodes, Instant now) {
    long mark = newest(s);
    nodes.join(s, mark);
    int recovered = close(s, true, now, OWN, nodes.own());
    s.update("UPDATE node SET mark_us = ? WHERE id = ?", mark, nodes.own());
    return new Outcome(recovered, mark);
  }

  /** Closes what nodes left that are long silent, once for each; returns how many rows. */
  static int ofGone(Database database, Nodes nodes, Instant now) {
    return database.write(
        s -> {
          long limit = nodes.limit(s);
          List<String> gone =
              s.list(
                  "SELECT id FROM node WHERE NOT recovered AND heartbeat_us < ? AND id <> ?"
                      + " ORDER BY id FOR UPDATE",
                  row -> row.text("id"),
                  limit,
                  nodes.own());
          int recovered = 0;
          for (String id : gone) {
            // first: a commit of that node is either seen below, or sees this and is refused
            s.update("UPDATE node SET recovered = ? WHERE id = ?", true, id);
            recovered += close(s, true, now, OWN, id);
          }
          return recovered;
        });
  }

  /** Closes those of these that were admitted and not settled; returns how many rows. */
  static int of(Session s, boolean server, List<String> ids, Instant now) {
    int recovered = 0;
    for (int from = 0; from < ids.size(); from += PAGE) {
      List<String> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
      String marks = "?, ".repeat(page.size() - 1) + "?";
      String which = " WHERE a.request_id IN (" + marks + ")" + OPEN;
      recovered += close(s, server, now, which, page.toArray());
    }
    return recovered;
  }

  /**
   * Closes the admissions of a condition, and counts them in the sums before.
   *
   * @param server whether others write meanwhile
   */
  private static int close(
      Session s, boolean server, Instant now, String which, Object... arguments) {
    for (String sum : Rollups.closing(which, server)) {
      s.update(sum, arguments);
    }
    List<Object> all = new ArrayList<>(List.of(false, ERROR_TYPE, true, now));
    all.addAll(List.of(arguments));
    return s.update(SETTLE + which, all.toArray());
  }

  private static long newest(Session s) {
    return s.first(
            "SELECT COALESCE(MAX(admitted_us), 0) AS newest FROM ledger_admission",
            row -> row.whole("newest"))
        .orElseThrow();
  }
}
