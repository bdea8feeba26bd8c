package dev.jubal.account.alert;

import dev.jubal.account.keys.Team;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Writes what crossed, once. Thread-safe, and safe beside other nodes. */
final class AlertBook {
  /** Windows end long before that, whatever the clock does. */
  private static final Duration STATES = Duration.ofDays(60);

  private static final Duration EVENTS = Duration.ofDays(90);

  private final Database database;
  private final AlertDelivery delivery;

  AlertBook(Database database, AlertDelivery delivery) {
    this.database = database;
    this.delivery = delivery;
  }

  /**
   * Writes that thresholds are crossed, and who is told of the farthest of them.
   *
   * @return false when another one wrote it before, or the rule is gone
   */
  boolean crossed(Team team, Observation o, List<Double> fresh, double farthest, Instant at) {
    AlertRule rule = o.rule();
    Alert alert =
        new Alert(
            UUID.randomUUID().toString(),
            team.id(),
            team.name(),
            rule.id(),
            rule.terms().kind().text(),
            o.facts().what(),
            o.facts().value(),
            AlertRule.number(farthest) + " " + rule.terms().kind().unit(),
            o.facts().detail(),
            at,
            o.facts().todo(),
            false);
    List<AlertDelivery.Send> sends = delivery.sends(team.id(), rule.to());
    return database.write(
        s -> {
          if (s.first("SELECT id FROM alert_rule WHERE id = ?", r -> r.text("id"), rule.id())
              .isEmpty()) {
            return false;
          }
          boolean first = false;
          for (double level : fresh) {
            boolean written = mark(s, o, AlertRule.number(level), at);
            first |= written && level == farthest;
          }
          if (first) {
            delivery.enqueue(s, alert, sends);
          }
          return first;
        });
  }

  private static boolean mark(Session s, Observation o, String level, Instant at) {
    return s.update(
            "INSERT INTO alert_state (rule_id, item, level, since_us, until_us)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            o.rule().id(),
            o.item(),
            level,
            at,
            o.until())
        > 0;
  }

  /** Writes that a threshold is not crossed any more. */
  void over(String ruleId, String item, String level) {
    var _ =
        database.write(
            s ->
                s.update(
                    "DELETE FROM alert_state WHERE rule_id = ? AND item = ? AND level = ?",
                    ruleId,
                    item,
                    level));
  }

  /** Forgets windows and alerts of long ago. */
  void forget(Instant at) {
    var _ =
        database.write(
            s -> {
              s.update(
                  "DELETE FROM alert_state WHERE until_us IS NOT NULL AND until_us < ?",
                  at.minus(STATES));
              String old = "(SELECT id FROM alert_event WHERE created_us < ?)";
              s.update("DELETE FROM alert_delivery WHERE alert_id IN " + old, at.minus(EVENTS));
              return s.update("DELETE FROM alert_event WHERE created_us < ?", at.minus(EVENTS));
            });
  }
}
