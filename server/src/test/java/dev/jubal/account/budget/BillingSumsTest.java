package dev.jubal.account.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.billing.Billing;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.ledger.UsageReader;
import dev.jubal.account.ledger.UsageReader.By;
import dev.jubal.account.ledger.UsageReader.Unit;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Usage by hour, day and month, and the bills made of it. */
@ParameterizedClass
@EnumSource(Stores.class)
class BillingSumsTest {
  private static final Instant START = Instant.parse("2026-11-30T22:30:00Z");

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(START);

  private void spend(Shop shop, String id, String key, long prompt) {
    shop.settle(
        shop.admit(shop.demand(id, shop.key(key), Optional.empty(), prompt, 0)),
        Usage.of(prompt, 0, 0));
  }

  private static UsageReader.Question ask(Shop shop, Unit unit, By... by) {
    return new UsageReader.Question(
        shop.team, START, START.plus(Duration.ofDays(2)), unit, List.of(by));
  }

  @Test
  void sumsAreByHourDayAndWhatIsToldApart() {
    try (Shop shop = new Shop(on, folder, clock)) {
      spend(shop, "r1", "k1", 100);
      spend(shop, "r2", "k2", 10);
      clock.move(Duration.ofHours(1));
      spend(shop, "r3", "k1", 5);
      clock.move(Duration.ofHours(1)); // the next day, and month
      spend(shop, "r4", "k1", 1);
      UsageReader usage = new UsageReader(shop.database);
      List<UsageReader.Line> hours = usage.lines(ask(shop, Unit.HOUR));
      assertEquals(
          List.of(220L, 10L, 2L), hours.stream().map(UsageReader.Line::costTicks).toList());
      assertEquals(Instant.parse("2026-11-30T22:00:00Z"), hours.getFirst().start());
      assertEquals(
          List.of(230L, 2L),
          usage.lines(ask(shop, Unit.DAY)).stream().map(UsageReader.Line::costTicks).toList());
      List<UsageReader.Line> keys = usage.lines(ask(shop, Unit.NONE, By.KEY, By.MODEL));
      assertEquals(List.of("k1", "m"), keys.getFirst().group());
      assertEquals(3, keys.getFirst().requests());
      assertEquals(106, keys.getFirst().usage().prompt());
      Billing billing = new Billing(shop.database, clock);
      assertEquals(YearMonth.of(2026, 12), billing.month());
      assertEquals(2, billing.invoice(shop.team, billing.month()).ticks());
      List<Billing.Invoice> over = billing.invoices(shop.team, Optional.empty());
      assertEquals(1, over.size());
      assertEquals(230, over.getFirst().owed());
      assertEquals(List.of(), billing.invoices(shop.team, Optional.of(YearMonth.of(2026, 12))));
      assertEquals(232, billing.spent(shop.team));
    }
  }

  @Test
  void onlyWhatIsAskedForCounts() {
    try (Shop shop = new Shop(on, folder, clock)) {
      spend(shop, "r1", "k1", 100);
      spend(shop, "r2", "k2", 10);
      spend(shop, "r3", "k3", 1);
      assertEquals(220, cost(shop, Map.of(By.KEY, Set.of("k1", "k2"))));
      assertEquals(20, cost(shop, Map.of(By.KEY, Set.of("k2"), By.MODEL, Set.of("m"))));
      assertEquals(0, cost(shop, Map.of(By.KEY, Set.of("k2"), By.MODEL, Set.of("other"))));
    }
  }

  private static long cost(Shop shop, Map<By, Set<String>> only) {
    UsageReader.Question all = ask(shop, Unit.HOUR);
    return new UsageReader(shop.database)
            .lines(
                new UsageReader.Question(
                    all.teamId(), all.from(), all.to(), all.unit(), all.by(), only))
            .stream()
            .mapToLong(UsageReader.Line::costTicks)
            .sum();
  }

  private static List<Long> owed(Billing billing, Shop shop) {
    return billing.invoices(shop.team, Optional.empty()).stream()
        .map(Billing.Invoice::owed)
        .toList();
  }

  @Test
  void aBillOfThePastStaysAsItWasWhateverPlanComesAfter() {
    try (Shop shop = new Shop(on, folder, clock)) {
      Billing billing = new Billing(shop.database, clock);
      shop.plans.set(shop.team, "enterprise");
      spend(shop, "r1", "k", 100);
      clock.move(Duration.ofHours(2));
      assertEquals(List.of(200L), owed(billing, shop));
      shop.plans.set(shop.team, "standard");
      assertEquals(List.of(200L), owed(billing, shop), "prepaid from December on");
      shop.credits.add(shop.team, Credits.Origin.PURCHASE, 1000, "");
      shop.guard.refresh();
      spend(shop, "r2", "k", 50);
      assertEquals(0, billing.invoice(shop.team, billing.month()).owed());
      clock.move(Duration.ofDays(31));
      shop.plans.set(shop.team, "self-hosted");
      shop.plans.set(shop.team, "enterprise"); // and again in the same moment
      shop.guard.refresh();
      spend(shop, "r3", "k", 10);
      assertEquals(List.of(200L, 0L), owed(billing, shop));
      assertEquals(20, billing.invoice(shop.team, billing.month()).owed());
      clock.move(Duration.ofDays(31));
      Plan enterprise = billing.plan(shop.team);
      shop.plans.put(
          new Plan(enterprise.name(), true, 0, 1000, enterprise.steps(), enterprise.about()));
      assertEquals(List.of(200L, 0L, 20L), owed(billing, shop), "the plan itself changed");
    }
  }

  @Test
  void whatAPlanGivesForAMonthPaysItsBill() {
    try (Shop shop = new Shop(on, folder, clock)) {
      Billing billing = new Billing(shop.database, clock);
      shop.plans.put(new Plan("gift", false, 150, 1000, List.of(), ""));
      shop.plans.set(shop.team, "gift");
      spend(shop, "r1", "k", 100);
      assertEquals(50, billing.invoice(shop.team, billing.month()).owed());
      assertEquals(-50, billing.left(shop.team));
      clock.move(Duration.ofHours(2));
      shop.guard.refresh();
      assertEquals(List.of(50L), owed(billing, shop));
      spend(shop, "r2", "k", 10);
      assertEquals(0, billing.invoice(shop.team, billing.month()).owed());
      assertEquals(
          billing.left(shop.team),
          billing.changes(shop.team).stream().mapToLong(Credits.Change::ticks).sum());
      assertEquals(
          List.of(-200L, -20L),
          billing.changes(shop.team).stream()
              .filter(c -> c.origin() == Credits.Origin.SPEND)
              .map(Credits.Change::ticks)
              .toList());
    }
  }

  @Test
  void ofMonthsThatAreNotOverThereIsNoBill() {
    try (Shop shop = new Shop(on, folder, clock)) {
      Billing billing = new Billing(shop.database, clock);
      spend(shop, "r1", "k", 100);
      assertEquals(List.of(), billing.invoices(shop.team, Optional.of(YearMonth.of(2099, 1))));
      clock.move(Duration.ofDays(-40)); // set back before the first sum
      assertEquals(List.of(), billing.invoices(shop.team, Optional.empty()));
    }
  }

  @Test
  void inPartsThereAreTheSameLines() {
    try (Shop shop = new Shop(on, folder, clock)) {
      for (int i = 0; i < 12; i++) {
        spend(shop, "r" + i, "k" + i % 2, 10 + i);
        clock.move(Duration.ofHours(7L * (i % 4)));
      }
      clock.move(Duration.ofDays(40));
      spend(shop, "late", "k1", 1);
      for (Unit unit : Unit.values()) {
        UsageReader.Question all =
            new UsageReader.Question(
                shop.team, Instant.EPOCH, clock.instant().plusSeconds(1), unit, List.of(By.KEY));
        UsageReader usage = new UsageReader(shop.database);
        List<UsageReader.Line> found = new java.util.ArrayList<>();
        List<Integer> parts = new java.util.ArrayList<>();
        usage.each(
            all,
            part -> {
              parts.add(part.size());
              found.addAll(part);
            });
        assertEquals(usage.lines(all), found, unit.name());
        boolean parted = unit == Unit.HOUR || unit == Unit.DAY;
        assertEquals(parted, parts.size() > 1, unit + " " + parts);
      }
    }
  }
}
