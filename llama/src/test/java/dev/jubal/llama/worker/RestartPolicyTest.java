package dev.jubal.llama.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RestartPolicyTest {
  private static final long SECOND = 1_000_000_000L;

  private final RestartPolicy policy = new RestartPolicy(WorkerSettings.standard());

  @Test
  void theFirstCrashIsAnsweredAtOnceTheNextEverMoreSlowly() {
    assertEquals(wait(0), policy.crashed(SECOND));
    assertEquals(wait(200), policy.crashed(2 * SECOND));
    assertEquals(wait(400), policy.crashed(3 * SECOND));
    assertEquals(wait(800), policy.crashed(4 * SECOND));
    assertEquals(wait(1600), policy.crashed(5 * SECOND));
    assertEquals(Optional.empty(), policy.crashed(6 * SECOND));
  }

  @Test
  void crashesAreForgottenAfterTheWindow() {
    for (int i = 0; i < 100; i++) {
      assertEquals(wait(0), policy.crashed(i * 121L * SECOND));
    }
  }

  @Test
  void afterTheCoolDownOneMoreCrashIsAnswered() {
    for (int i = 0; i < 6; i++) {
      policy.crashed(i);
    }
    policy.cooled();
    assertEquals(wait(1600), policy.crashed(7));
    assertEquals(Optional.empty(), policy.crashed(8));
  }

  private static Optional<Duration> wait(int millis) {
    return Optional.of(Duration.ofMillis(millis));
  }
}
