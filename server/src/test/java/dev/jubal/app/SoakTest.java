package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.JubalServer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A server that has answered thousands is no larger than one that has answered hundreds. */
final class SoakTest {
  private static final int ROUND = 3_000;
  private static final long MOST_GROWTH = 24L << 20;

  private static void round(JubalServer server, int from) throws Exception {
    List<Future<Integer>> all = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (int i = from; i < from + ROUND; i++) {
        String body =
            "{\"model\":\"grok-4\",\"max_tokens\":5,\"stream\":"
                + (i % 2 == 0)
                + ",\"user\":\"end user "
                + i
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
        all.add(
            threads.submit(() -> server.http().post("/v1/chat/completions", body).statusCode()));
      }
    }
    for (Future<Integer> one : all) {
      assertEquals(200, one.get());
    }
  }

  private static long live() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  @Test
  void nothingIsKeptOfRequestsThatAreOver() throws Exception {
    try (JubalServer server =
        JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}")) {
      round(server, 0);
      long before = live();
      for (int i = 1; i <= 3; i++) {
        round(server, i * ROUND);
      }
      long after = live();
      System.out.println("SoakTest: " + (before >> 10) + " KiB, then " + (after >> 10) + " KiB");
      assertTrue(after - before < MOST_GROWTH, before + " bytes, then " + after);
    }
  }
}
