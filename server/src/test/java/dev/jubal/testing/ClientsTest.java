package dev.jubal.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A load whose clients cannot fail a test proves nothing. */
final class ClientsTest {
  private static void refused(Throwable cause, Clients clients) {
    AssertionError awaited =
        assertThrows(AssertionError.class, () -> clients.until("never", () -> false));
    AssertionError ended = assertThrows(AssertionError.class, clients::end);
    assertEquals(cause, awaited.getCause());
    assertEquals(cause, ended.getCause());
  }

  @Test
  void whatOneOfThemDidNotExpectFailsTheTestAndEndsTheOthers() {
    AssertionError wrong = new AssertionError("status 500");
    refused(
        wrong,
        Clients.start(
            3,
            n -> {
              if (n == 1) {
                throw wrong;
              }
              return true;
            }));
    IOException broken = new IOException("connection reset");
    refused(
        broken,
        Clients.start(
            1,
            _ -> {
              throw broken;
            }));
  }

  @Test
  void oneMayLeaveAndTheOthersGoOnUntilTheEnd() throws Exception {
    AtomicInteger left = new AtomicInteger();
    AtomicInteger stayed = new AtomicInteger();
    Clients clients =
        Clients.start(
            2,
            n -> {
              (n == 0 ? left : stayed).incrementAndGet();
              return n == 1;
            });
    clients.until("it goes on", () -> stayed.get() > 10);
    clients.end();
    assertEquals(1, left.get());
    int then = stayed.get();
    assertTrue(then > 10);
    assertEquals(then, stayed.get());
  }
}
