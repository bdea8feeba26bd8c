package dev.jubal.account.budget;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

/**
 * The process that is killed: spends from budgets without end, some of it in work that goes on, and
 * says a line for each request. Arguments: folder, round, seed.
 */
final class BudgetChild {
  private static final int THREADS = 24;

  private final Shop shop;
  private final String round;

  private BudgetChild(Shop shop, String round) {
    this.shop = shop;
    this.round = round;
  }

  public static void main(String[] args) throws InterruptedException {
    Shop shop = new Shop(Path.of(args[0]), InstantSource.system());
    BudgetChild child = new BudgetChild(shop, args[1]);
    long seed = Long.parseLong(args[2]);
    Thread[] threads = new Thread[THREADS];
    for (int t = 0; t < THREADS; t++) {
      Random random = new Random(seed + t);
      int name = t;
      threads[t] = Thread.ofVirtual().start(() -> child.spend(name, random));
    }
    child.goOn(new Random(seed - 1));
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Ends what an earlier process began. */
  private void goOn(Random random) {
    for (LedgerRow row : new LedgerReader(shop.database).goingOn(Optional.empty())) {
      if (row.requestId().startsWith(round + "-")) {
        continue;
      }
      Principal who = shop.key(row.owner().keyId());
      Reservation held =
          shop.admittance.again(
              shop.demand(row.requestId(), who, Optional.empty(), 0, row.reserved().ticks() / 10));
      shop.settle(
          new Shop.Running(row.admission(who), held),
          Usage.of(0, 0, random.nextLong(held.granted().output() + 1)));
      shop.ended(row.requestId());
    }
  }

  private void spend(int thread, Random random) {
    for (int i = 0; ; i++) {
      String id = round + "-" + thread + "-" + i;
      try {
        one(id, shop.key("key" + random.nextInt(3)), random);
      } catch (ApiException e) {
        if (e.code() != ErrorCode.INSUFFICIENT_QUOTA) {
          throw e;
        }
      }
      System.out.println(id);
    }
  }

  private void one(String id, Principal who, Random random) {
    Shop.Running running =
        shop.admit(
            shop.demand(
                id, who, Optional.empty(), random.nextInt(50), 10L * (1 + random.nextInt(9))));
    boolean goesOn = random.nextInt(20) == 0;
    if (goesOn) {
      shop.goesOn(id, who.keyId());
    }
    boolean more = true;
    for (int i = random.nextInt(4); i > 0 && more; i--) {
      more = running.reservation().extend(new Demand.Tokens(0, 10));
    }
    if (!goesOn || random.nextBoolean()) {
      Demand.Tokens may = running.reservation().granted();
      shop.settle(
          running,
          Usage.of(random.nextLong(may.prompt() + 1), 0, random.nextLong(may.output() + 1)));
      if (goesOn) {
        shop.ended(id);
      }
    }
  }
}
