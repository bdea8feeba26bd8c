package dev.jubal.account.alert;

import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The rows of rules, and of what was told. Thread-safe, and safe beside other processes. */
public final class AlertStore {
  private static final Logger log = LoggerFactory.getLogger(AlertStore.class);
  private static final int MOST_RULES = 100;
  private static final int MOST_EVENTS = 100;
  private static final String RULES = "SELECT * FROM alert_rule WHERE team_id = ?";

  private final Database database;
  private final Vault vault;
  private final InstantSource now;

  public AlertStore(Database database, Vault vault, InstantSource now) {
    this.database = database;
    this.vault = vault;
    this.now = now;
  }

  /** Rules of a team, oldest first. */
  public List<AlertRule> list(String teamId) {
    return database.read(s -> s.list(RULES + " ORDER BY created_us, id", this::rule, teamId));
  }

  /** All rules that can be opened, those of a team together. */
  List<AlertRule> all() {
    return database
        .read(
            s ->
                s.list(
                    "SELECT * FROM alert_rule ORDER BY team_id, created_us, id", this::maybeRule))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** One that was sealed by another master key must not keep the others from being looked at. */
  private Optional<AlertRule> maybeRule(Row row) throws SQLException {
    try {
      return Optional.of(rule(row));
    } catch (Vault.Sealed e) {
      log.error("the alert rule {} cannot be opened: {}", row.text("id"), e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * A rule of a team.
   *
   * @throws ApiException 404
   */
  public AlertRule get(String teamId, String id) {
    return database.read(s -> find(s, teamId, id));
  }

  private AlertRule find(Session s, String teamId, String id) {
    return s.first(RULES + " AND id = ?", this::rule, teamId, id)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND,
                    "There is no alert rule \""
                        + id
                        + "\" of this team (expected: an id of its list)."));
  }

  /**
   * Makes a rule.
   *
   * @throws ApiException 409 when the team has as many as it may have
   */
  public AlertRule create(String teamId, AlertRule.Terms terms, AlertRule.Destinations to) {
    AlertRule rule = new AlertRule(UUID.randomUUID().toString(), teamId, terms, to, now.instant());
    byte[] sealed = sealed(rule);
    return database.write(
        s -> {
          long there =
              s.first(
                      "SELECT COUNT(*) AS n FROM alert_rule WHERE team_id = ?",
                      row -> row.whole("n"),
                      teamId)
                  .orElse(0L);
          if (there >= MOST_RULES) {
            throw new ApiException(
                ErrorCode.CONFLICT,
                "The team has "
                    + there
                    + " alert rules (expected: fewer than "
                    + MOST_RULES
                    + ").");
          }
          s.update(
              "INSERT INTO alert_rule (id, team_id, kind, thresholds, window_minutes,"
                  + " min_requests, model, destinations, created_us)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
              rule.id(),
              teamId,
              terms.kind().text(),
              thresholds(terms),
              terms.windowMinutes(),
              terms.minRequests(),
              terms.model(),
              sealed,
              rule.created());
          return rule;
        });
  }

  /**
   * Changes all of a rule but its kind and team. What is crossed stays so.
   *
   * @throws ApiException 404
   */
  public AlertRule set(AlertRule next) {
    byte[] sealed = sealed(next);
    AlertRule.Terms terms = next.terms();
    return database.write(
        s -> {
          var _ = find(s, next.teamId(), next.id());
          s.update(
              "UPDATE alert_rule SET thresholds = ?, window_minutes = ?, min_requests = ?,"
                  + " model = ?, destinations = ? WHERE id = ?",
              thresholds(terms),
              terms.windowMinutes(),
              terms.minRequests(),
              terms.model(),
              sealed,
              next.id());
          return next;
        });
  }

  /**
   * Removes a rule; what was told of it stays.
   *
   * @throws ApiException 404
   */
  public void remove(String teamId, String id) {
    var _ =
        database.write(
            s -> {
              var _ = find(s, teamId, id);
              s.update("DELETE FROM alert_state WHERE rule_id = ?", id);
              return s.update("DELETE FROM alert_rule WHERE id = ?", id);
            });
  }

  /**
   * A threshold that is crossed now, or of a budget was in its window.
   *
   * @param item what of the rule
   * @param level the threshold
   */
  public record Crossed(String ruleId, String item, String level, Instant since) {}

  /** What is crossed of a team's rules. */
  public List<Crossed> crossed(String teamId) {
    return database.read(
        s ->
            s.list(
                "SELECT c.* FROM alert_state c JOIN alert_rule r ON r.id = c.rule_id"
                    + " WHERE r.team_id = ? ORDER BY c.since_us, c.item, c.level",
                row ->
                    new Crossed(
                        row.text("rule_id"),
                        row.text("item"),
                        row.text("level"),
                        row.instant("since_us")),
                teamId));
  }

  /**
   * What was told, and how far it came.
   *
   * @param deliveries one for each address
   */
  public record Told(Alert alert, Instant at, List<Delivery> deliveries) {}

  /**
   * Somebody who is told.
   *
   * @param medium webhook or email
   * @param outcome empty as long as it is tried
   * @param detail what the last try came to
   */
  public record Delivery(String medium, int attempts, Optional<String> outcome, String detail) {}

  /** The last alerts of a team, newest first. */
  public List<Told> told(String teamId) {
    return database.read(
        s -> {
          List<Told> last =
              s.list(
                  "SELECT * FROM alert_event WHERE team_id = ? ORDER BY created_us DESC, id LIMIT "
                      + MOST_EVENTS,
                  row -> new Told(alert(row.text("told")), row.instant("created_us"), List.of()),
                  teamId);
          if (last.isEmpty()) {
            return last;
          }
          Map<String, List<Delivery>> by = deliveries(s, teamId, last.getLast().at());
          return last.stream()
              .map(t -> new Told(t.alert(), t.at(), by.getOrDefault(t.alert().id(), List.of())))
              .toList();
        });
  }

  private record Sent(String alertId, Delivery delivery) {}

  /** By the id of the alert; of all since the oldest one, as others may have come since. */
  private static Map<String, List<Delivery>> deliveries(Session s, String teamId, Instant oldest) {
    return s
        .list(
            "SELECT d.* FROM alert_delivery d JOIN alert_event e ON e.id = d.alert_id"
                + " WHERE e.team_id = ? AND e.created_us >= ? ORDER BY d.medium, d.id",
            row ->
                new Sent(
                    row.text("alert_id"),
                    new Delivery(
                        row.text("medium"),
                        (int) row.whole("attempts"),
                        row.maybeText("outcome"),
                        row.text("detail"))),
            teamId,
            oldest)
        .stream()
        .collect(
            Collectors.groupingBy(
                Sent::alertId, Collectors.mapping(Sent::delivery, Collectors.toList())));
  }

  static Alert alert(String json) {
    return Json.mapper().readValue(json, Alert.class);
  }

  private static String thresholds(AlertRule.Terms terms) {
    return terms.thresholds().stream().map(AlertRule::number).collect(Collectors.joining(","));
  }

  private byte[] sealed(AlertRule rule) {
    return vault.seal(rule.teamId(), context(rule.id()), Json.bytes(rule.to()));
  }

  private static String context(String ruleId) {
    return "alert/rule/" + ruleId;
  }

  private AlertRule rule(Row row) throws SQLException {
    String id = row.text("id");
    String team = row.text("team_id");
    AlertRule.Terms terms =
        new AlertRule.Terms(
            AlertRule.Kind.of(row.text("kind")),
            Arrays.stream(row.text("thresholds").split(",", -1)).map(Double::valueOf).toList(),
            (int) row.whole("window_minutes"),
            row.whole("min_requests"),
            row.text("model"));
    JsonNode to = Json.tree(vault.open(team, context(id), row.bytes("destinations")));
    List<String> emails = new ArrayList<>();
    to.path("emails").forEach(e -> emails.add(e.stringValue()));
    Optional<String> url = Optional.of(to.path("url").asString("")).filter(u -> !u.isEmpty());
    return new AlertRule(
        id, team, terms, new AlertRule.Destinations(url, emails), row.instant("created_us"));
  }
}
