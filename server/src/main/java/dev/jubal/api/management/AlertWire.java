package dev.jubal.api.management;

import dev.jubal.account.alert.AlertRule;
import dev.jubal.account.alert.AlertStore;
import dev.jubal.platform.json.CamelCase;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Times;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of alerts. */
final class AlertWire {
  private AlertWire() {}

  @CamelCase
  record NewRule(
      @Field(
              value = "What is watched.",
              required = true,
              oneOf = {
                "budget",
                "cost_per_request",
                "error_rate",
                "latency",
                "first_token",
                "token_forecast"
              })
          @Nullable String kind,
      @Field("In the unit of the kind; each is told of. Those of the kind by default.")
          @Nullable List<Double> thresholds,
      @Field(value = "How far back requests count, 1 to 1440.", min = 1, max = 1440)
          @Nullable Integer windowMinutes,
      @Field(value = "Fewer requests in the window say nothing; 20 by default.", min = 1)
          @Nullable Long minRequests,
      @Field("A name of the catalogue; * for all together, the default.") @Nullable String model,
      @Field("What is called, signed with the team's webhook secret. Not shown again.")
          @Nullable String url,
      @Field(value = "Who gets a mail.", max = 10) @Nullable List<String> emails) {}

  @CamelCase
  record RuleChange(
      @Field("Other thresholds.") @Nullable List<Double> thresholds,
      @Field(value = "Another window, in minutes.", min = 1, max = 1440)
          @Nullable Integer windowMinutes,
      @Field(value = "Another least number of requests.", min = 1) @Nullable Long minRequests,
      @Field("Another name.") @Nullable String model,
      @Field("Another address, whole; empty for none.") @Nullable String url,
      @Field(value = "All who get a mail.", max = 10) @Nullable List<String> emails) {}

  /** A rule. */
  @CamelCase
  record Rule(
      String alertId,
      String teamId,
      String kind,
      List<Double> thresholds,
      String unit,
      int windowMinutes,
      long minRequests,
      String model,
      @Nullable String url,
      List<String> emails,
      List<Crossed> crossed,
      String createTime) {
    static Rule of(AlertRule rule, List<AlertStore.Crossed> crossed) {
      return new Rule(
          rule.id(),
          rule.teamId(),
          rule.terms().kind().text(),
          rule.terms().thresholds(),
          rule.terms().kind().unit(),
          rule.terms().windowMinutes(),
          rule.terms().minRequests(),
          rule.terms().model(),
          rule.to().shownUrl().orElse(null),
          rule.to().emails(),
          crossed.stream()
              .filter(c -> c.ruleId().equals(rule.id()))
              .map(c -> new Crossed(c.item(), c.level(), Times.text(c.since())))
              .toList(),
          Times.text(rule.created()));
    }
  }

  @CamelCase
  record Crossed(String item, String threshold, String since) {}

  @CamelCase
  record Rules(List<Rule> alerts) {}

  /** An alert. */
  @CamelCase
  record Told(
      String eventId,
      String alertId,
      String kind,
      String what,
      String value,
      String threshold,
      String detail,
      String since,
      String todo,
      boolean test,
      List<Delivery> deliveries) {
    static Told of(AlertStore.Told told) {
      return new Told(
          told.alert().id(),
          told.alert().ruleId(),
          told.alert().kind(),
          told.alert().what(),
          told.alert().value(),
          told.alert().threshold(),
          told.alert().detail(),
          Times.text(told.alert().since()),
          told.alert().todo(),
          told.alert().test(),
          told.deliveries().stream().map(Delivery::of).toList());
    }
  }

  @CamelCase
  record Delivery(String medium, int attempts, @Nullable String outcome, String detail) {
    static Delivery of(AlertStore.Delivery d) {
      return new Delivery(d.medium(), d.attempts(), d.outcome().orElse(null), d.detail());
    }
  }

  @CamelCase
  record AllTold(List<Told> events) {}

  @CamelCase
  record Nothing() {}
}
