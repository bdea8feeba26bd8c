package dev.jubal.account.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The window against a list of all that was counted. */
class SlidingWindowTest {
  private record Counted(long at, long amount) {}

  private static long between(List<Counted> all, long after, long until) {
    return all.stream().filter(c -> c.at > after && c.at <= until).mapToLong(Counted::amount).sum();
  }

  @Test
  void itShowsAllThatIsInAnyWindowAndNothingOlderThanOneSlotMore() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    SlidingWindow window = new SlidingWindow(1000, 10);
    List<Counted> all = new ArrayList<>();
    long now = random.nextInt(2) == 0 ? -5_000 : 7;
    for (int i = 0; i < 5000; i++) {
      now += random.nextInt(20) == 0 ? random.nextInt(3000) : random.nextInt(60);
      long sum = window.sum(now);
      assertTrue(sum >= between(all, now - 1000, now), "seed " + seed + ", step " + i);
      assertTrue(sum <= between(all, now - 1100, now), "seed " + seed + ", step " + i);
      long amount = random.nextInt(5);
      var _ = window.add(now, amount);
      all.add(new Counted(now, amount));
    }
  }

  @Test
  void itKnowsWhenThereIsRoom() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      SlidingWindow window = new SlidingWindow(1000, 10);
      long now = random.nextInt(1000);
      for (int i = 0; i < 30; i++) {
        now += random.nextInt(80);
        var _ = window.add(now, random.nextInt(5));
      }
      long most = random.nextInt(60);
      long wait = window.untilAtMost(now, most);
      if (wait == 0) {
        assertTrue(window.sum(now) <= most, "seed " + seed);
      } else {
        assertTrue(window.sum(now + wait - 1) > most, "seed " + seed);
        assertTrue(window.sum(now + wait) <= most, "seed " + seed);
      }
    }
  }

  @Test
  void whatIsGivenBackIsNotCountedAnyMore() {
    SlidingWindow window = new SlidingWindow(1000, 10);
    long slot = window.add(50, 7);
    var _ = window.add(150, 2);
    window.giveBack(160, slot, 7);
    assertEquals(2, window.sum(160));
    window.giveBack(5000, slot, 7); // it has left by itself
    assertEquals(0, window.sum(5000));
  }

  @Test
  void aClockThatWasSetBackGivesNothingFree() {
    SlidingWindow window = new SlidingWindow(1000, 10);
    var _ = window.add(5000, 3);
    var _ = window.add(100, 4);
    assertEquals(7, window.sum(100));
    assertEquals(7, window.sum(5999));
    assertEquals(0, window.sum(6100));
  }
}
