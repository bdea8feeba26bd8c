package dev.jubal.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Admittance;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.testing.Counter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers within what is reserved: extended, cut, given back. */
class AllowanceTest {
  private static final Price PRICE =
      new Price(Instant.EPOCH, new Price.Rate(2, 1, 10), 0, Price.Rate.FREE, "test");

  private final List<GenerationEvent> events = new ArrayList<>();
  private final Cancellation cancel = new Cancellation();

  private static Demand demand(String id, long prompt, long output) {
    return new Demand(
        id,
        new Principal("k", "name", "xai-...abcd", "u", "t", List.of()),
        Optional.empty(),
        "chat",
        "m",
        PRICE,
        new Demand.Tokens(prompt, output),
        true,
        Instant.EPOCH);
  }

  private AllowanceSink sink(Reservation reservation, int choices) {
    return sink(reservation, choices, Integer.MAX_VALUE);
  }

  private AllowanceSink sink(Reservation reservation, int choices, long each) {
    return new AllowanceSink(
        reservation, new AllowanceSink.Room(choices, each), Usage.NONE, events::add, cancel);
  }

  private static GenerationEvent.TextDelta text(int choice) {
    return new GenerationEvent.TextDelta(choice, "a", 1, List.of());
  }

  @Test
  void moreIsTakenBeforeTheReservedIsUsedUp() {
    Counter counter = new Counter(10_000);
    Reservation held = new Admittance(List.of(counter)).reserve(demand("r", 100, 1024));
    AllowanceSink sink = sink(held, 1);
    sink.accept(new GenerationEvent.Started(100, 0));
    for (int i = 0; i < 3000; i++) {
      sink.accept(text(0));
      assertTrue(counter.taken() >= 100 + i + 1 + 64, "token " + i + " was not covered before");
    }
    sink.accept(new GenerationEvent.ChoiceFinished(0, FinishReason.STOP, Optional.empty()));
    assertTrue(held.bound().isEmpty());
    held.settle(Usage.of(100, 0, 3000), 0);
    assertEquals(3100, counter.taken());
  }

  @Test
  void nothingIsTakenAheadOfTheEndOfAnAnswer() {
    for (int each : new int[] {1, 30, 64, 65, 1024, 1025, 2000}) {
      Counter counter = new Counter(10_000);
      long first = AllowanceSink.first(2, each);
      Reservation held = new Admittance(List.of(counter)).reserve(demand("r", 100, first));
      AllowanceSink sink = sink(held, 2, each);
      sink.accept(new GenerationEvent.Started(100, 0));
      for (int i = 0; i < 2 * each; i++) {
        assertTrue(counter.taken() <= 100 + 2 * each, each + " were asked for: " + counter.taken());
        sink.accept(text(i % 2));
      }
      assertEquals(100 + 2 * each, counter.taken());
      sink.accept(text(0)); // of a backend that does not keep to it: paid for all the same
      assertTrue(counter.taken() > 100 + 2 * each);
    }
  }

  @Test
  void anAnswerEndsByLengthAtTheLastTokenThatIsPaidFor() {
    Counter counter = new Counter(1200);
    Reservation held = new Admittance(List.of(counter)).reserve(demand("r", 100, 1024));
    AllowanceSink sink = sink(held, 2);
    sink.accept(new GenerationEvent.Started(100, 0));
    sink.accept(new GenerationEvent.ChoiceFinished(1, FinishReason.STOP, Optional.empty()));
    for (int i = 0; i < 1100; i++) {
      sink.accept(text(0));
    }
    sink.accept(new GenerationEvent.Finished(Usage.of(100, 0, 1100), 0));
    assertEquals(1024, events.stream().filter(GenerationEvent.TextDelta.class::isInstance).count());
    assertEquals(
        new GenerationEvent.ChoiceFinished(0, FinishReason.LENGTH, Optional.empty()),
        events.get(events.size() - 2));
    assertEquals(new GenerationEvent.Finished(Usage.of(100, 0, 1024), 0), events.getLast());
    assertTrue(sink.run().cancelled(), "the backend works for nobody");
    assertTrue(!cancel.cancelled(), "the request goes well");
    assertEquals("tokens:test", held.bound().orElseThrow().label());
  }

  @Test
  void anAnswerThatEndsByItselfWasNotCut() {
    Counter counter = new Counter(1100);
    Reservation held = new Admittance(List.of(counter)).reserve(demand("r", 10, 1024));
    AllowanceSink sink = sink(held, 1);
    sink.accept(new GenerationEvent.Started(10, 0));
    for (int i = 0; i < 1000; i++) {
      sink.accept(text(0));
    }
    sink.accept(new GenerationEvent.ChoiceFinished(0, FinishReason.STOP, Optional.empty()));
    assertFalse(held.extend(new Demand.Tokens(0, 1)), "more was refused");
    assertTrue(held.bound().isEmpty());
  }

  @Test
  void aRequestOverTheLimitHoldsNothing() {
    Counter first = new Counter(10_000);
    Counter second = new Counter(1000);
    Admittance admittance = new Admittance(List.of(first, second));
    ApiException e =
        assertThrows(ApiException.class, () -> admittance.reserve(demand("r", 100, 1024)));
    assertEquals(
        "tokens of test: 0 of 1000 tokens are taken, and the request asks for 1124; as much is"
            + " free in 20 s.",
        e.text());
    assertEquals(0, first.taken());
    assertTrue(admittance.held("r").isEmpty());
  }

  @Test
  void workThatGoesOnHasWhatItHeld() {
    Counter counter = new Counter(1124);
    Admittance admittance = new Admittance(List.of(counter));
    Reservation held = admittance.reserve(demand("r", 100, 1024));
    assertEquals(held, admittance.again(demand("r", 100, 1024)));
    held.settle(Usage.of(100, 0, 4), 0);
    held.settle(Usage.of(100, 0, 4), 0); // once is all
    assertEquals(104, counter.taken());
    assertTrue(admittance.held("r").isEmpty());
    admittance.again(demand("s", 100, 1024)).release(); // of another process: nothing refuses it
    assertEquals(104, counter.taken());
  }

  @Test
  void noAnswerGoesBeyondWhatIsHeld() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int choices = 1 + random.nextInt(4);
      Counter counter = new Counter(random.nextInt(6000) + 1024L * choices);
      Reservation held = new Admittance(List.of(counter)).reserve(demand("r", 0, 1024L * choices));
      events.clear();
      AllowanceSink sink = sink(held, choices);
      long delivered = 0;
      while (!sink.run().cancelled() && delivered < 9000) {
        int tokens = 1 + random.nextInt(3);
        int before = events.size();
        sink.accept(
            random.nextInt(3) == 0
                ? new GenerationEvent.ReasoningDelta(random.nextInt(choices), "t", tokens)
                : new GenerationEvent.TextDelta(random.nextInt(choices), "t", tokens, List.of()));
        if (!sink.run().cancelled()) {
          assertEquals(before + 1, events.size(), "seed " + seed);
          delivered += tokens;
        }
        assertTrue(delivered <= held.granted().output(), "seed " + seed);
        assertTrue(counter.taken() <= 6000 + 1024L * choices, "seed " + seed);
      }
    }
  }
}
