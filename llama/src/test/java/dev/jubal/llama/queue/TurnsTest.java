package dev.jubal.llama.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TurnsTest {
  private final Turns<Work> turns = new Turns<>(Work::share, 16);

  private record Work(Share share, String name) {}

  private static Share share(String team, String key, String user) {
    return new Share(team, key, user, 1, false);
  }

  private void add(Share share, String... names) {
    for (String name : names) {
      turns.add(new Work(share, name));
    }
  }

  private String take() {
    Work work = turns.take(w -> true, w -> 1);
    return work == null ? "-" : work.name();
  }

  private String takeAll() {
    StringBuilder all = new StringBuilder();
    for (String name = take(); !name.equals("-"); name = take()) {
      all.append(all.isEmpty() ? "" : " ").append(name);
    }
    return all.toString();
  }

  @Test
  void oneUserIsServedInTheOrderOfArrival() {
    add(share("t", "k", "u"), "1", "2", "3", "4");
    assertEquals("1 2 3 4", takeAll());
  }

  @Test
  void teamsGoInTurnHoweverMuchOneHasWaiting() {
    add(share("a", "k", "u"), "a1", "a2", "a3", "a4");
    add(share("b", "k", "u"), "b1", "b2");
    assertEquals("a1 b1 a2 b2 a3 a4", takeAll());
  }

  @Test
  void aTeamGainsNothingByManyKeysAndAKeyNothingByManyUsers() {
    add(share("a", "k1", ""), "a1");
    add(share("a", "k2", ""), "a2");
    add(share("a", "k3", ""), "a3");
    add(share("b", "k", "u1"), "b1");
    add(share("b", "k", "u2"), "b2");
    add(share("b", "k2", "u1"), "c1", "c2", "c3");
    assertEquals("a1 b1 a2 c1 a3 b2 c2 c3", takeAll());
  }

  @Test
  void whoComesWhileAnotherKeepsTheQueueFullIsNext() {
    Share flood = share("a", "k", "");
    for (int i = 0; i < 64; i++) {
      turns.add(new Work(flood, "a"));
    }
    for (int slot = 0; slot < 4; slot++) {
      assertEquals("a", take());
    }
    for (int round = 0; round < 50; round++) {
      add(share("b", "k", ""), "b");
      assertEquals("b", take());
      turns.release(share("b", "k", ""), 0);
      assertEquals("a", take());
      turns.release(flood, 0);
      turns.add(new Work(flood, "a"));
    }
  }

  @Test
  void whatIsNotReadyIsPassedOver() {
    add(share("a", "k", "u"), "a1", "a2");
    add(share("b", "k", "u"), "b1");
    assertEquals("b1", nameOf(turns.take(w -> w.name().equals("b1"), w -> 1)));
    assertNull(turns.take(w -> false, w -> 1));
    assertEquals("a1 a2", takeAll());
  }

  @Test
  void removedWorkGetsNoTurn() {
    Work gone = new Work(share("a", "k", "u"), "gone");
    add(share("a", "k", "u"), "1");
    turns.add(gone);
    add(share("a", "k", "u"), "2");
    assertTrue(turns.remove(gone));
    assertFalse(turns.remove(gone));
    assertEquals("1 2", takeAll());
  }

  @Test
  void choicesOfARunningRequestAndWaitingOnesGoInTurn() {
    Share share = share("a", "k", "u");
    add(share, "1", "2", "3");
    for (int i = 0; i < 3; i++) {
      turns.addBegun(new Work(share, "n"));
    }
    assertEquals("1 n 2 n 3 n", takeAll());
  }

  @Test
  void backgroundGivesWayButNeverStandsStill() {
    Share patient = new Share("b", "k", "u", 1, true);
    for (int i = 0; i < 40; i++) {
      add(share("a", "k", "u"), "i");
    }
    add(patient, "b", "b", "b", "b");
    List<String> order = List.of(takeAll().split(" "));
    List<Integer> at =
        IntStream.range(0, order.size()).filter(i -> order.get(i).equals("b")).boxed().toList();
    assertEquals(List.of(15, 31, 42, 43), at);
  }

  @Test
  void backgroundMayHaveALargerPart() {
    Turns<Work> half = new Turns<>(Work::share, 2);
    for (int i = 0; i < 4; i++) {
      half.add(new Work(share("a", "k", "u"), "i"));
      half.add(new Work(new Share("b", "k", "u", 1, true), "b"));
    }
    List<String> order = new ArrayList<>();
    for (Work w = half.take(x -> true, x -> 1); w != null; w = half.take(x -> true, x -> 1)) {
      order.add(w.name());
    }
    assertEquals("i b i b i b i b", String.join(" ", order));
  }

  @Test
  void aCopyLeavesNoTrace() {
    add(share("a", "k", "u"), "a1", "a2");
    add(share("b", "k", "u"), "b1", "b2");
    take();
    Turns<Work> copy = turns.copy();
    List<String> ahead = new ArrayList<>();
    for (Work w = copy.take(x -> true, x -> 1); w != null; w = copy.take(x -> true, x -> 1)) {
      ahead.add(w.name());
    }
    assertEquals(String.join(" ", ahead), takeAll());
  }

  @Test
  void costsThatTurnOutHigherAreMadeUpFor() {
    Share long1 = share("a", "k", "u");
    add(long1, "a1", "a2", "a3");
    add(share("b", "k", "u"), "b1", "b2", "b3", "b4", "b5");
    assertEquals("a1", take());
    turns.charge(long1, 3); // its first answer took four times the expected time
    assertEquals("b1 b2 b3 b4 a2 b5 a3", takeAll());
  }

  @Test
  void manyNamesLeaveLittleBehind() {
    add(share("a", "k", "holds a slot all the time"), "x");
    assertEquals("x", take());
    for (int i = 0; i < 20_000; i++) {
      Share once = share("a", "k", "user " + i);
      add(once, "y");
      assertEquals("y", take());
      turns.release(once, 0);
      assertTrue(turns.branches() <= Branch.MOST + 2, "branches: " + turns.branches());
    }
  }

  /** Slots that serve a random crowd: what each team gets over a busy time is by its weight. */
  @Test
  void weightsAreRespectedAndNobodyStarves() {
    long seed = System.nanoTime();
    for (int round = 0; round < 30; round++) {
      Random random = new Random(seed + round);
      int slots = 1 + random.nextInt(8);
      List<Share> teams = new ArrayList<>();
      for (int i = 0; i < 2 + random.nextInt(4); i++) {
        teams.add(new Share("team" + i, "k", "", 1 + random.nextInt(5), false));
      }
      Busy busy = new Busy(teams, slots, random);
      busy.run(6000);
      double weights = teams.stream().mapToInt(Share::weight).sum();
      // A team cannot use more slots at once than there are, nor does it ever need fewer than one.
      for (Share team : teams) {
        double got = busy.used.getOrDefault(team.team(), 0.0) / busy.total();
        double due = team.weight() / weights;
        String text = "seed %d: %s got %.3f of %.3f".formatted(seed + round, team, got, due);
        assertEquals(due, got, 0.05 + 0.1 * due, text);
      }
      assertTrue(busy.longestGap() <= 60 * weights, "seed " + (seed + round));
    }
  }

  /** All teams always have something waiting; costs are drawn, and known only at the end. */
  private static final class Busy {
    private final Map<String, Double> used = new HashMap<>();
    private final Map<String, Integer> lastTurn = new HashMap<>();
    private final List<Share> teams;
    private final int slots;
    private final Random random;
    private int gap;

    Busy(List<Share> teams, int slots, Random random) {
      this.teams = teams;
      this.slots = slots;
      this.random = random;
    }

    void run(int turnCount) {
      Turns<Work> busy = new Turns<>(Work::share, 16);
      teams.forEach(t -> IntStream.range(0, 5).forEach(i -> busy.add(new Work(t, "w"))));
      ArrayDeque<Share> running = new ArrayDeque<>();
      for (int turn = 0; turn < turnCount; turn++) {
        if (running.size() == slots) {
          Share ended = running.removeFirst();
          double cost = random.nextDouble() * 2; // on average as expected
          used.merge(ended.team(), cost, Double::sum);
          busy.release(ended, cost - 1);
        }
        Work next = busy.take(w -> true, w -> 1);
        assertTrue(next != null, "work waits and a slot is free");
        busy.add(new Work(next.share(), "w"));
        running.addLast(next.share());
        Integer before = lastTurn.put(next.share().team(), turn);
        gap = Math.max(gap, before == null ? 0 : turn - before);
      }
    }

    double total() {
      return used.values().stream().collect(Collectors.summingDouble(Double::doubleValue));
    }

    int longestGap() {
      return gap;
    }
  }

  private static String nameOf(@Nullable Work work) {
    return work == null ? "-" : work.name();
  }
}
