package dev.jubal.bench.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How fast this machine reads memory now: each thread sums a block far larger than its cache. */
public final class Bandwidth {
  private static final int BLOCK = 192 * 1024 * 1024;
  private static final int PASSES = 5;

  private Bandwidth() {}

  /** Bytes a second over all threads, the best of five passes. */
  public static double bytesPerSecond(int threads) throws InterruptedException {
    try (Arena arena = Arena.ofShared();
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<MemorySegment> blocks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        MemorySegment block = arena.allocate(BLOCK, 64);
        block.fill((byte) 1);
        blocks.add(block);
      }
      double best = 0;
      for (int pass = 0; pass < PASSES; pass++) {
        best = Math.max(best, pass(pool, blocks));
      }
      return best;
    }
  }

  private static double pass(ExecutorService pool, List<MemorySegment> blocks)
      throws InterruptedException {
    CyclicBarrier together = new CyclicBarrier(blocks.size());
    List<Future<Long>> times = new ArrayList<>();
    for (MemorySegment block : blocks) {
      times.add(
          pool.submit(
              () -> {
                together.await();
                long start = System.nanoTime();
                long sum = sum(block);
                long nanos = System.nanoTime() - start;
                if (sum == 0) {
                  throw new IllegalStateException("the block holds ones");
                }
                return nanos;
              }));
    }
    double total = 0;
    for (Future<Long> time : times) {
      try {
        total += BLOCK * 1e9 / time.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return total;
  }

  /** Eight sums, so that no addition waits for the one before. */
  private static long sum(MemorySegment block) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    long n = block.byteSize() / 8;
    for (long i = 0; i < n; i += 8) {
      a += at(block, i) + at(block, i + 1);
      b += at(block, i + 2) + at(block, i + 3);
      c += at(block, i + 4) + at(block, i + 5);
      d += at(block, i + 6) + at(block, i + 7);
    }
    return a + b + c + d;
  }

  private static long at(MemorySegment block, long index) {
    return block.getAtIndex(ValueLayout.JAVA_LONG, index);
  }
}
