package dev.jubal.app.telemetry;

import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.metrics.ServerMetrics;

/**
 * Counts what is settled: by endpoint and catalogue name with distributions of times, and by team
 * and catalogue name without, since a distribution is ten series. Thread-safe.
 */
public final class SettlementMeters {
  private static final int CLIENT_LEFT = 499;

  private final ServerMetrics metrics;

  public SettlementMeters(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  /** A request is settled. */
  public void settled(Admission admission, Settlement settlement) {
    String endpoint = admission.endpoint();
    String model = admission.modelResolved();
    String team = admission.principal().teamId();
    tokens(settlement.usage(), "jubal.tokens", "Tokens settled.", "endpoint", endpoint, model);
    tokens(settlement.usage(), "jubal.team.tokens", "Tokens settled.", "team", team, model);
    cost("jubal.cost.ticks", settlement, "endpoint", endpoint, "model", model);
    cost("jubal.team.cost.ticks", settlement, "team", team, "model", model);
    outcome("jubal.settled", settlement, "endpoint", endpoint, model);
    outcome("jubal.team.settled", settlement, "team", team, model);
    prompts(settlement.usage(), model);
    times(settlement, "endpoint", endpoint, "model", model);
    teamTimes(settlement, "team", team, "model", model);
  }

  private void tokens(
      Usage usage, String name, String help, String key, String value, String model) {
    tokens(name, help, "prompt", usage.prompt(), key, value, model);
    tokens(name, help, "cached", usage.cached(), key, value, model);
    tokens(name, help, "image", usage.image(), key, value, model);
    tokens(name, help, "completion", usage.completion(), key, value, model);
    tokens(name, help, "reasoning", usage.reasoning(), key, value, model);
  }

  private void tokens(String name, String help, String kind, long count, String... labels) {
    if (count > 0) {
      metrics.add(name, help, count, labels[0], labels[1], "model", labels[2], "kind", kind);
    }
  }

  private void cost(String name, Settlement settlement, String... labels) {
    metrics.add(name, "Cost in ticks of 1e-10 USD.", settlement.costTicks(), labels);
  }

  private void outcome(String name, Settlement settlement, String key, String value, String model) {
    metrics.add(
        name,
        "Requests settled, by how they ended.",
        1,
        key,
        value,
        "model",
        model,
        "outcome",
        outcome(settlement));
  }

  /** How it ended, in one of five words. */
  static String outcome(Settlement settlement) {
    int status = settlement.status();
    if (status == CLIENT_LEFT) {
      return "client_left";
    }
    if (status >= 500) {
      return "server_error";
    }
    if (status >= 400) {
      return "client_error";
    }
    return settlement.limitedBy().isPresent() ? "limited" : "ok";
  }

  private void prompts(Usage usage, String model) {
    if (usage.prompt() > 0) {
      metrics.add(
          "jubal.prompts",
          "Prompts read, by whether a cache held some of them.",
          1,
          "model",
          model,
          "cache",
          usage.cached() > 0 ? "hit" : "miss");
    }
  }

  private void times(Settlement settlement, String... labels) {
    metrics.time("jubal.latency", "From admission to settlement.", settlement.latency(), labels);
    settlement
        .firstToken()
        .ifPresent(
            t ->
                metrics.time("jubal.first.token", "From admission to the first token.", t, labels));
    settlement
        .lastToken()
        .ifPresent(
            t -> metrics.time("jubal.last.token", "From admission to the last token.", t, labels));
  }

  private void teamTimes(Settlement settlement, String... labels) {
    settlement
        .firstToken()
        .ifPresent(
            t ->
                metrics.sum(
                    "jubal.team.first.token", "From admission to the first token.", t, labels));
    settlement
        .lastToken()
        .ifPresent(
            t ->
                metrics.sum(
                    "jubal.team.last.token", "From admission to the last token.", t, labels));
  }
}
