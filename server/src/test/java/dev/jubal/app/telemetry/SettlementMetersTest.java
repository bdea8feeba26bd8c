package dev.jubal.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.metrics.MetricsConfig;
import dev.jubal.platform.metrics.ServerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is counted of settled requests, and that labels stay few. */
final class SettlementMetersTest {
  private static final int TEAMS = 10_000;

  private static Admission admission(String team, String model) {
    return new Admission(
        "r",
        Optional.empty(),
        new Principal("key", "name", "xai-...", "user", team, List.of()),
        "chat",
        model,
        model,
        "llama/x",
        new Price(Instant.EPOCH, new Price.Rate(1, 1, 1), 0, Price.Rate.FREE, "test"),
        false,
        Instant.EPOCH,
        new Admission.Reserved(Optional.of("ann"), 0, 0));
  }

  private static Settlement settlement(int status, Optional<String> limit) {
    return new Settlement(
        new Usage(10, 4, 2, 5, 3),
        7,
        0,
        true,
        Duration.ofMillis(30),
        Optional.of(Duration.ofMillis(10)),
        Optional.of(Duration.ofMillis(20)),
        status,
        status == 200 ? Optional.empty() : Optional.of("x"),
        limit);
  }

  private static Set<String> values(String scrape, String label) {
    Set<String> found = new TreeSet<>();
    Pattern.compile("[{,]" + label + "=\"([^\"]*)\"")
        .matcher(scrape)
        .results()
        .forEach(m -> found.add(m.group(1)));
    return found;
  }

  private static double sum(String scrape, String start) {
    return Pattern.compile("(?m)^" + Pattern.quote(start) + ".* ([0-9.E]+)$")
        .matcher(scrape)
        .results()
        .map((MatchResult m) -> m.group(1))
        .mapToDouble(Double::parseDouble)
        .sum();
  }

  @Test
  void tenThousandTeamsAreAHundredSeriesAndOneMoreAndNothingIsLost() {
    try (ServerMetrics metrics = new ServerMetrics()) {
      SettlementMeters meters = new SettlementMeters(metrics);
      for (int i = 0; i < TEAMS; i++) {
        meters.settled(
            admission("team-" + i, "model-" + i % 500), settlement(200, Optional.empty()));
      }
      String all = metrics.scrape();
      Set<String> teams = values(all, "team");
      assertEquals(101, teams.size());
      assertTrue(teams.contains("other"));
      Set<String> models = values(all, "model");
      assertEquals(101, models.size());
      assertTrue(models.contains("other"));
      assertEquals(10.0 * TEAMS, sum(all, "jubal_team_tokens_total{kind=\"prompt\""));
      assertEquals(10.0 * TEAMS, sum(all, "jubal_tokens_total{endpoint=\"chat\",kind=\"prompt\""));
      assertEquals(7.0 * TEAMS, sum(all, "jubal_team_cost_ticks_total"));
      assertEquals(TEAMS, sum(all, "jubal_team_settled_total"));
      // 100 pairs keep both names, 100 models are seen with other teams, and other with other
      assertTrue(all.lines().count() < 8000, all.lines().count() + " lines");
    }
  }

  @Test
  void noneKeepsItsNameWhereTheBoundIsNothing() {
    try (ServerMetrics metrics = new ServerMetrics(new MetricsConfig(Optional.empty(), 0, 1))) {
      SettlementMeters meters = new SettlementMeters(metrics);
      meters.settled(admission("a", "m"), settlement(200, Optional.empty()));
      meters.settled(admission("b", "n"), settlement(200, Optional.empty()));
      assertEquals(Set.of("other"), values(metrics.scrape(), "team"));
      assertEquals(Set.of("m", "other"), values(metrics.scrape(), "model"));
    }
  }

  @Test
  void theEndOfARequestIsOneOfFiveWordsAndEndUsersAreNoLabels() {
    try (ServerMetrics metrics = new ServerMetrics()) {
      SettlementMeters meters = new SettlementMeters(metrics);
      for (int status : new int[] {200, 400, 429, 499, 500, 503}) {
        meters.settled(admission("t", "m"), settlement(status, Optional.empty()));
      }
      meters.settled(admission("t", "m"), settlement(200, Optional.of("tpm:team t")));
      String all = metrics.scrape();
      assertEquals(
          Set.of("ok", "client_error", "client_left", "server_error", "limited"),
          values(all, "outcome"));
      assertTrue(all.contains("jubal_prompts_total{cache=\"hit\",model=\"m\"} 7"), all);
      assertTrue(all.contains("kind=\"image\""), all);
      assertTrue(
          all.contains("jubal_team_first_token_seconds_count{model=\"m\",team=\"t\"} 7"), all);
      assertTrue(!all.contains("ann"), all);
    }
  }
}
