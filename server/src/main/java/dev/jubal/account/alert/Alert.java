package dev.jubal.account.alert;

import dev.jubal.account.webhook.Event;
import java.time.Instant;

/**
 * What is told when a threshold was crossed. Also its stored form.
 *
 * @param kind of the rule
 * @param what crossed it, such as budget_monthly of the team
 * @param value as it was then, with its unit
 * @param threshold with its unit
 * @param detail figures behind the value; empty when there are none
 * @param since when it was seen to be crossed
 * @param todo what to do
 */
public record Alert(
    String id,
    String teamId,
    String teamName,
    String ruleId,
    String kind,
    String what,
    String value,
    String threshold,
    String detail,
    Instant since,
    String todo,
    boolean test) {

  /** One line, without what a client wrote. */
  String subject() {
    if (test) {
      return "[Jubal] Test: team " + teamName + ": rule about " + kind;
    }
    return "[Jubal] team "
        + teamName
        + ": "
        + kind
        + " at "
        + value
        + " (threshold "
        + threshold
        + ")";
  }

  /** All of it for a person. */
  String text() {
    String figures = detail.isEmpty() ? "" : " (" + detail + ")";
    return """
    %sTeam:      %s (%s)
    What:      %s
    Value:     %s%s
    Threshold: %s
    Since:     %s
    To do:     %s

    Rule %s, alert %s. It is not told again before it was over.
    """
        .formatted(
            test ? "This is a test: nothing was crossed.\n\n" : "",
            teamName,
            teamId,
            what,
            value,
            figures,
            threshold,
            since,
            todo,
            ruleId,
            id);
  }

  /** What the body of a webhook says. */
  private record Data(
      String id,
      Team team,
      String rule,
      String kind,
      String what,
      String value,
      String threshold,
      String detail,
      String since,
      String todo,
      String text) {}

  private record Team(String id, String name) {}

  /** All of it for a program. */
  byte[] json() {
    return Event.json(
        messageId(),
        test ? "alert.test" : "alert.fired",
        since,
        new Data(
            id,
            new Team(teamId, teamName),
            ruleId,
            kind,
            what,
            value,
            threshold,
            detail,
            since.toString(),
            todo,
            text()));
  }

  /** What receivers tell repetitions by. */
  String messageId() {
    return "alert_" + id;
  }
}
