package dev.jubal.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Many callers at once. */
public final class Crowd {
  private Crowd() {}

  /** Each takes one step, with its number from 0 on; fails as the first that failed. */
  public static void of(int callers, IntConsumer step)
      throws ExecutionException, InterruptedException {
    List<Future<?>> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        int n = i;
        all.add(threads.submit(() -> step.accept(n)));
      }
    }
    for (Future<?> one : all) {
      one.get();
    }
  }
}
