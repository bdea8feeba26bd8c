package dev.jubal.account.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is asked for what was used. */
final class PriceTest {
  private static final List<Service> SERVICES = List.of(Service.values());
  private static final Price.Rate RATE = new Price.Rate(100, 10, 1000, 70, 30, 900);
  private static final Price.Rate LONG = new Price.Rate(200, 20, 2000, 140, 60, 1800);
  private static final Price PRICE =
      new Price(
          Instant.EPOCH,
          RATE,
          1_000,
          LONG,
          "test",
          new Extras(
              5,
              Map.of("tool:web_search", 50L, "media:image", 200L),
              OptionalLong.of(800),
              OptionalLong.of(1500)));

  private static Usage used(long prompt, long cached, long image, Map<String, Long> units) {
    return new Usage(prompt, cached, image, 3, 2, units);
  }

  @Test
  void eachCategoryHasItsRate() {
    // 100 read: 40 of a picture, 10 of sound, 50 of text of which 20 were cached
    Usage used =
        used(100, 20, 40, Map.of(Usage.AUDIO, 10L, "tool:web_search", 2L, "media:image", 1L));
    long expected = 30 * 100 + 20 * 10 + 40 * 70 + 10 * 30 + 3 * 1000 + 2 * 900 + 5 + 2 * 50 + 200;
    assertEquals(expected, PRICE.cost(used));
    assertFalse(PRICE.unpriced(used));
    assertEquals(0, PRICE.cost(Usage.NONE), "nothing was done");
  }

  @Test
  void aLongPromptCostsTheLongRatesAsAWhole() {
    assertEquals(999 * 100 + 5 + 4800, PRICE.cost(used(999, 0, 0, Map.of())));
    assertEquals(1000 * 200 + 5 + 9600, PRICE.cost(used(1000, 0, 0, Map.of())));
  }

  @Test
  void withoutRatesOfTheirOwnPicturesSoundAndThoughtCostWhatTextDoes() {
    Price plain = new Price(Instant.EPOCH, new Price.Rate(7, 3, 11), 0, Price.Rate.FREE, "test");
    Usage pictures = new Usage(100, 90, 40, 2, 1, Map.of(Usage.AUDIO, 30L));
    assertEquals(10 * 7 + 90 * 3 + 3 * 11, plain.cost(pictures), "as before there were such rates");
  }

  @Test
  void whatHasNoPriceIsSaidAndNotTakenForNothing() {
    Usage used = used(10, 0, 0, Map.of("tool:x_search", 1L));
    assertTrue(PRICE.unpriced(used));
    assertFalse(PRICE.with(Map.of("tool:x_search", 9L)).unpriced(used));
    assertEquals(
        PRICE.cost(used) + 9, PRICE.with(Map.of("tool:x_search", 9L)).cost(used), "of a tool");
    assertTrue(PRICE.ofTokens().unpriced(used(10, 0, 0, Map.of("tool:web_search", 1L))));
  }

  @Test
  void factorsHoldForTokensAlone() {
    Usage used = used(100, 20, 40, Map.of("tool:web_search", 2L));
    long tokens = PRICE.cost(used) - 5 - 100;
    Price batch = PRICE.as(Service.BATCH);
    assertEquals(Service.BATCH, batch.service());
    assertEquals(tokens * 8 / 10 + 105, batch.cost(used));
    Price priority = PRICE.as(Service.PRIORITY);
    assertEquals(Service.PRIORITY, priority.service());
    assertEquals(tokens * 15 / 10 + 105, priority.cost(used));
    assertEquals(PRICE.cost(used), PRICE.as(Service.DEFAULT).cost(used));
  }

  @Test
  void aPriorityWithoutAFactorIsNotGranted() {
    Price none = new Price(Instant.EPOCH, RATE, 0, Price.Rate.FREE, "test");
    assertEquals(Service.DEFAULT, none.as(Service.PRIORITY).service());
    assertEquals(none, none.as(Service.PRIORITY));
    assertEquals(Service.BATCH, none.as(Service.BATCH).service(), "and a batch costs all of it");
  }

  @Test
  void ratesAreRoundedUpToATick() {
    Price odd = new Price(Instant.EPOCH, new Price.Rate(3, 1, 7), 0, Price.Rate.FREE, "test");
    assertEquals(new Price.Rate(2, 1, 4), odd.share(500_000, "half").rate());
  }

  @Test
  void anAmountBeyondALongIsAnErrorAndNotAnotherAmount() {
    Price dear =
        new Price(
            Instant.EPOCH, new Price.Rate(Long.MAX_VALUE / 2, 0, 0), 0, Price.Rate.FREE, "test");
    assertThrows(ArithmeticException.class, () -> dear.cost(Usage.of(3, 0, 0)));
    assertThrows(ArithmeticException.class, () -> dear.most(3, 0));
  }

  @Test
  void unitsAreNamedAndNeverNegative() {
    for (String bad : new String[] {"web_search", "tool:", "tool:Web", "audio:x", "media:a b"}) {
      assertFalse(Usage.isUnit(bad), bad);
      assertThrows(IllegalArgumentException.class, () -> used(10, 0, 0, Map.of(bad, 1L)), bad);
    }
    assertThrows(IllegalArgumentException.class, () -> used(10, 0, 0, Map.of("tool:a", -1L)));
    assertThrows(
        IllegalArgumentException.class, () -> used(10, 0, 6, Map.of(Usage.AUDIO, 5L)), "too many");
  }

  @Test
  void costsAreExactNoDearerThanWasHeldAndComeBackFromTheLedger() {
    long seed = System.nanoTime();
    System.out.println("PriceTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      Price price = price(random).as(SERVICES.get(random.nextInt(3)));
      Usage used = usage(random);
      BigInteger exact = exact(price, used);
      assertEquals(exact, BigInteger.valueOf(price.cost(used)), () -> price + " " + used);
      Usage tokens = used.with(audio(used));
      long held = price.most(used.prompt(), used.completion() + used.reasoning());
      assertTrue(held >= price.cost(tokens), () -> held + " were held: " + price + " " + tokens);
      Price columns =
          new Price(
              price.from(),
              plain(price.rate()),
              price.longThreshold(),
              plain(price.longRate()),
              price.source());
      assertEquals(price, PriceText.merged(columns, PriceText.of(price)));
      assertEquals(used, PriceText.merged(used.with(Map.of()), PriceText.of(used)));
    }
  }

  private static Map<String, Long> audio(Usage used) {
    return used.audio() == 0 ? Map.of() : Map.of(Usage.AUDIO, used.audio());
  }

  private static Price.Rate plain(Price.Rate rate) {
    return new Price.Rate(rate.prompt(), rate.cached(), rate.completion());
  }

  private static Price price(Random random) {
    Map<String, Long> units = new TreeMap<>();
    for (String name : new String[] {"tool:a", "tool:b", "media:c"}) {
      if (random.nextBoolean()) {
        units.put(name, random.nextLong(1_000_000_000));
      }
    }
    Extras extras =
        new Extras(
            random.nextBoolean() ? 0 : random.nextLong(1_000_000),
            units,
            random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(1000)),
            random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(3000)));
    return new Price(
        Instant.EPOCH,
        rate(random),
        random.nextBoolean() ? 0 : random.nextInt(3000),
        rate(random),
        "test",
        extras);
  }

  private static Price.Rate rate(Random random) {
    Price.Rate plain =
        new Price.Rate(random.nextInt(100_000), random.nextInt(100_000), random.nextInt(100_000));
    return random.nextBoolean()
        ? plain
        : new Price.Rate(
            plain.prompt(),
            plain.cached(),
            plain.completion(),
            random.nextInt(100_000),
            random.nextInt(100_000),
            random.nextInt(100_000));
  }

  private static Usage usage(Random random) {
    int prompt = random.nextInt(3000);
    int image = random.nextInt(prompt + 1);
    int audio = random.nextInt(prompt - image + 1);
    Map<String, Long> units = new TreeMap<>();
    if (audio > 0) {
      units.put(Usage.AUDIO, (long) audio);
    }
    if (random.nextInt(3) == 0) {
      units.put("tool:a", 1L + random.nextInt(9));
    }
    return new Usage(
        prompt,
        random.nextInt(prompt + 1),
        image,
        random.nextInt(2000),
        random.nextInt(2000),
        units);
  }

  /** The same in another way: token by token, in the order in which caches hold them. */
  private static BigInteger exact(Price p, Usage u) {
    if (u.total() == 0 && u.units().isEmpty()) {
      return BigInteger.ZERO;
    }
    Price.Rate r =
        p.longThreshold() > 0 && u.prompt() >= p.longThreshold() ? p.longRate() : p.rate();
    BigInteger sum = BigInteger.valueOf(p.extras().request());
    long text = u.prompt() - u.image() - u.audio();
    for (long i = 0; i < u.prompt(); i++) {
      long own = i < text ? r.prompt() : i < text + u.image() ? r.image() : r.audio();
      sum = sum.add(BigInteger.valueOf(i < u.cached() ? r.cached() : own));
    }
    sum = sum.add(BigInteger.valueOf(u.completion()).multiply(BigInteger.valueOf(r.completion())));
    sum = sum.add(BigInteger.valueOf(u.reasoning()).multiply(BigInteger.valueOf(r.reasoning())));
    for (Map.Entry<String, Long> e : u.units().entrySet()) {
      long each = p.extras().units().getOrDefault(e.getKey(), 0L);
      sum = sum.add(BigInteger.valueOf(e.getValue()).multiply(BigInteger.valueOf(each)));
    }
    return sum;
  }
}
