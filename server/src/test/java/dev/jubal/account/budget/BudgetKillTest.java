package dev.jubal.account.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that spends: what is settled and held is never more than a budget. */
class BudgetKillTest {
  private static final int KILLS = 8;
  private static final long TEAM = 600_000;
  private static final long KEY = 250_000;

  @TempDir Path folder;

  @Test
  void noKillSpendsMoreThanABudget() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("BudgetKillTest seed " + seed);
    Random random = new Random(seed);
    try (Shop shop = new Shop(folder, InstantSource.system())) {
      shop.budget(Budget.Scope.TEAM, shop.team, Window.TOTAL, true, TEAM);
      shop.budget(Budget.Scope.KEY, Budget.EACH, Window.TOTAL, true, KEY);
    }
    long goneOn = 0;
    for (int round = 1; round <= KILLS; round++) {
      killed(round, random);
      goneOn += checked("seed " + seed + ", round " + round);
    }
    System.out.println("BudgetKillTest: work that went on over a kill: " + goneOn);
    assertTrue(goneOn > 0, "seed " + seed + ": no kill left work open");
  }

  private void killed(int round, Random random) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BudgetChild.class.getName(),
                folder.toString(),
                Integer.toString(round),
                Long.toString(random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = child.inputReader()) {
      int until = 1 + random.nextInt(600);
      for (int i = 0; i < until; i++) {
        assertNotNull(out.readLine(), "the child ended by itself in round " + round);
      }
      child.toHandle().destroyForcibly();
      String rest = out.readLine();
      while (rest != null) {
        rest = out.readLine();
      }
    }
    assertEquals(128 + 9, child.waitFor());
  }

  /** Says how much work goes on. */
  private long checked(String where) {
    try (Shop shop = new Shop(folder, InstantSource.system())) {
      assertEquals(0, shop.wrong(), where);
      long open = 0;
      long count = 0;
      for (LedgerRow row : new LedgerReader(shop.database).goingOn(Optional.empty())) {
        open += row.reserved().ticks();
        count++;
      }
      long settled = shop.settledByRows("a.team_id = ?", shop.team);
      assertTrue(settled + open <= TEAM, where + ": " + settled + " + " + open);
      for (int key = 0; key < 3; key++) {
        String id = "key" + key;
        for (Budgets.Use u :
            shop.guard.uses(shop.demand("probe", shop.key(id), Optional.empty(), 0, 0))) {
          assertTrue(u.settled() + u.reserved() <= u.budget().ticks(), () -> where + ": " + u);
          if (u.budget().scope() == Budget.Scope.TEAM) {
            assertEquals(settled, u.settled(), where);
            assertEquals(open, u.reserved(), where);
          } else {
            assertEquals(shop.settledByRows("a.key_id = ?", id), u.settled(), where);
          }
        }
      }
      return count;
    }
  }
}
