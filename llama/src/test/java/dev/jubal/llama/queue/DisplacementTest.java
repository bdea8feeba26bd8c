package dev.jubal.llama.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DisplacementTest {
  private record Work(Share share, int size, int number) {}

  private final List<Work> crowd = new ArrayList<>();

  private void wait(String team, String key, String user, int weight, boolean background) {
    crowd.add(new Work(new Share(team, key, user, weight, background), 1, crowd.size()));
  }

  private int out() {
    return Displacement.choose(crowd, Work::share, Work::size).number();
  }

  @Test
  void aloneTheNewcomerIsRefused() {
    wait("a", "k", "u", 1, false);
    wait("a", "k", "u", 1, false);
    assertEquals(1, out());
  }

  @Test
  void theNewestOfTheLargestHolderMakesRoom() {
    wait("a", "k", "u", 1, false);
    wait("b", "k", "u", 1, false);
    wait("a", "k", "u", 1, false);
    wait("c", "k", "u", 1, false);
    assertEquals(2, out());
  }

  @Test
  void equalsDisplaceNobody() {
    wait("a", "k", "u", 1, false);
    wait("b", "k", "u", 1, false);
    assertEquals(1, out());
    wait("a", "k2", "u", 1, false);
    wait("b", "k", "u", 1, false);
    assertEquals(3, out());
  }

  @Test
  void withinATeamTheLargestKeyAndWithinAKeyTheLargestUserMakesRoom() {
    wait("a", "k1", "u", 1, false);
    wait("a", "k2", "u1", 1, false);
    wait("a", "k2", "u2", 1, false);
    wait("a", "k2", "u2", 1, false);
    wait("a", "k2", "u1", 1, false);
    wait("a", "k2", "u2", 1, false);
    wait("b", "k", "u", 1, false);
    wait("a", "k3", "u", 1, false);
    assertEquals(5, out());
  }

  @Test
  void aTeamOfMoreWeightMayHoldMore() {
    for (int i = 0; i < 3; i++) {
      wait("heavy", "k", "u", 4, false);
    }
    wait("light", "k", "u", 1, false);
    wait("light", "k", "u", 1, false);
    wait("new", "k", "u", 1, false);
    assertEquals(4, out());
  }

  @Test
  void backgroundMakesRoomFirst() {
    for (int i = 0; i < 5; i++) {
      wait("a", "k", "u", 1, false);
    }
    wait("b", "k", "u", 1, true);
    wait("a", "k", "u", 1, false);
    assertEquals(5, out());
  }

  @Test
  void whateverAFloodDoesAFewOthersFindRoom() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int bound = 40;
    for (int arrivals = 0; arrivals < 20_000; arrivals++) {
      boolean flood = random.nextInt(10) > 0;
      String key = flood ? "flood" : "key" + random.nextInt(20);
      long mine = crowd.stream().filter(w -> w.share().key().equals(key)).count();
      Work newcomer = new Work(new Share("t", key, "", 1, false), 1, arrivals);
      crowd.add(newcomer);
      if (crowd.size() > bound) {
        Work out = Displacement.choose(crowd, Work::share, Work::size);
        assertTrue(
            !out.equals(newcomer) || mine >= 1, "seed " + seed + ": " + key + " has " + mine);
        crowd.remove(out);
      }
      if (random.nextInt(3) == 0 && !crowd.isEmpty()) {
        crowd.remove(random.nextInt(crowd.size()));
      }
    }
  }
}
