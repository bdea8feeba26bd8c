package dev.jubal.bench.ledger;

import dev.jubal.account.management.ManagementStore;
import dev.jubal.bench.load.Samples;
import dev.jubal.bench.load.Spread;
import dev.jubal.bench.report.Report;
import dev.jubal.bench.server.ManagedServer;
import dev.jubal.bench.server.ManagedServer.Took;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The billing API of a server on a full ledger, over HTTP. */
final class Asking {
  private static final double WANTED_MILLIS = 50;

  private final Report report;
  private final Population population;
  private final ManagedServer server;
  private final Random random = new Random(3);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final int times;
  private final String site;

  private Asking(
      Report report, String site, Population population, ManagedServer server, boolean quick) {
    this.report = report;
    this.site = site;
    this.population = population;
    this.server = server;
    this.times = quick ? 60 : 300;
  }

  static void run(Site site, Report report, boolean quick) throws IOException {
    Population population;
    String key;
    try (Database database = site.open()) {
      population = Population.in(database, 1);
      InstantSource clock = InstantSource.system();
      key =
          new ManagementStore(database, clock)
              .create(
                  "bench " + clock.millis(),
                  Optional.empty(),
                  List.of("billing:read"),
                  Optional.empty())
              .secret()
              .reveal();
    }
    try (ManagedServer server = ManagedServer.start(site.folder(), site.options(), key)) {
      Asking asking = new Asking(report, site.name(), population, server, quick);
      asking.usage();
      asking.exports();
    }
  }

  private void usage() throws IOException {
    Samples samples = new Samples();
    for (int i = -times / 2; i < times; i++) {
      int days = List.of(1, 7, 30, 90).get(random.nextInt(4));
      String unit = days <= 7 ? "TIME_UNIT_HOUR" : "TIME_UNIT_DAY";
      String body =
          Json.string(
              Map.of(
                  "analyticsRequest",
                  Map.of(
                      "timeRange",
                      Map.of(
                          "startTime",
                          now.minus(Duration.ofDays(days)).toString(),
                          "endTime",
                          now.toString()),
                      "timeUnit",
                      unit,
                      "groupBy",
                      List.of(random.nextBoolean() ? "description" : "api_key_id"))));
      Took took = server.post(path("usage"), body);
      if (i >= 0) {
        samples.add(took.whole());
      }
    }
    Spread spread = samples.spread();
    report.lower(site + ".http.usage.p50", spread.p50() / 1000, "ms");
    report.below(site + ".http.usage.p99", spread.p99() / 1000, "ms", WANTED_MILLIS);
  }

  private String path(String what) {
    return "/v1/billing/teams/" + population.team(random) + "/" + what;
  }

  private void exports() throws IOException {
    Samples first = new Samples();
    Samples whole = new Samples();
    long most = 0;
    for (int i = -2; i < times / 10; i++) {
      Took took =
          server.get(
              path("usage/export")
                  + "?unit=hour&format=csv&from="
                  + now.minus(Duration.ofDays(Filling.DAYS))
                  + "&to="
                  + now);
      most = Math.max(most, took.bytes());
      if (i >= 0) {
        first.add(took.first());
        whole.add(took.whole());
      }
    }
    report.below(site + ".http.export.first.p99", first.spread().p99() / 1000, "ms", WANTED_MILLIS);
    report.lower(site + ".http.export.whole.p99", whole.spread().p99() / 1000, "ms");
    report.fact(site + ".http.export.largest", most / 1e6, "MB");
  }
}
