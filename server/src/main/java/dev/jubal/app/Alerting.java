package dev.jubal.app;

import dev.jubal.account.alert.AlertDelivery;
import dev.jubal.account.alert.AlertSender;
import dev.jubal.account.alert.AlertStore;
import dev.jubal.account.alert.AlertWatch;
import dev.jubal.account.alert.RefusedBudgets;
import dev.jubal.account.alert.UsageMinutes;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.api.management.AlertFeature;
import dev.jubal.platform.jobs.Jobs;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alerts of a server: who counts, who looks, and who tells. */
final class Alerting implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Alerting.class);
  private static final int WORKERS = 4;
  private static final Duration TURN = Duration.ofSeconds(30);
  private static final Duration JUMP = Duration.ofSeconds(5);

  private final Config config;
  private final InstantSource now;
  private final UsageMinutes minutes;
  private final RefusedBudgets refused;
  private final AlertSender sender;
  private final AlertWatch watch;
  private final Jobs deliveries;
  private final AlertFeature feature;
  private Instant seen;

  Alerting(Config config, Storage storage, ServerMetrics metrics, InstantSource now) {
    this.config = config;
    this.now = now;
    this.seen = now.instant();
    this.minutes = new UsageMinutes(storage.database(), now);
    this.refused = new RefusedBudgets(now);
    this.sender =
        new AlertSender(config.alert(), config.net(), storage.database(), storage.vault(), now);
    AlertDelivery delivery =
        new AlertDelivery(storage.database(), storage.vault(), now, sender, metrics);
    AlertStore store = new AlertStore(storage.database(), storage.vault(), now);
    this.watch =
        new AlertWatch(
            new AlertWatch.Parts(
                storage.database(), now, store, minutes, refused, delivery, metrics),
            Limiting.book(config, storage));
    this.deliveries = delivery.queue(WORKERS);
    this.feature = new AlertFeature(store, sender, delivery, new TeamStore(storage.database()));
  }

  UsageMinutes minutes() {
    return minutes;
  }

  RefusedBudgets refused() {
    return refused;
  }

  /** The API of rules. */
  AlertFeature feature() {
    return feature;
  }

  /** Begins to tell, with what earlier processes left, and to look. */
  void start(Every every) {
    deliveries.start();
    if (!config.alert().every().isZero()) {
      every.run(config.alert().every(), "alerts", this::look);
    }
    every.run(TURN, "alert-turn", this::takeOver);
  }

  /** Runs something again and again. */
  @FunctionalInterface
  interface Every {
    void run(Duration pause, String name, Runnable work);
  }

  private void look() {
    watchClock();
    watch.look();
  }

  /** What waits by a clock that was set back would wait for longer than it should. */
  private synchronized void watchClock() {
    Instant at = now.instant();
    if (at.isBefore(seen.minus(JUMP))) {
      log.warn("the clock was set back; alerts that wait are tried now");
      trying(() -> deliveries.hurry(AlertDelivery.JOB, Duration.ZERO));
      deliveries.wake();
    }
    seen = at;
  }

  /** What nodes had begun to deliver that are gone. */
  private void takeOver() {
    trying(deliveries::free);
  }

  private static void trying(Runnable work) {
    try {
      work.run();
    } catch (DatabaseException e) {
      log.warn("the queue of alerts could not be looked through: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    deliveries.close();
    sender.close();
    trying(minutes::flush);
  }
}
