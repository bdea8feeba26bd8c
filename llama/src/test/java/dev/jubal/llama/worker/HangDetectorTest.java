package dev.jubal.llama.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HangDetectorTest {
  private static final long SECOND = 1_000_000_000L;

  private final HangDetector detector = new HangDetector(Duration.ofSeconds(20), 0);
  private long now;
  private long cpu;

  @Test
  void anIdleWorkerMayBeSilentForEver() {
    assertEquals(Optional.empty(), after(1000, false, false, false, 0));
    assertEquals(Optional.empty(), after(15, true, true, false, 0)); // its time starts with work
  }

  @Test
  void silenceIsAHangOnceSomethingIsAsked() {
    assertEquals(Optional.of("gave no sign of life for 21.0 s"), after(21, true, false, false, 1));
  }

  @Test
  void aHeartbeatWithoutStepsIsAHangWhenARequestWaits() {
    assertEquals(Optional.of("made no progress for 21.0 s"), after(21, true, true, true, 0));
  }

  @Test
  void aListenerThatDoesNotReadIsNoHang() {
    assertEquals(Optional.empty(), after(300, true, false, true, 0));
  }

  @Test
  void aLongStepThatComputesHasTenTimesTheTime() {
    assertEquals(Optional.empty(), after(199, true, true, true, 2));
    assertEquals(Optional.of("made no progress for 201.0 s"), after(2, true, true, true, 2));
  }

  @Test
  void everyStepStartsTheTimeAnew() {
    assertEquals(Optional.empty(), after(19, true, true, true, 0));
    detector.steps(5, now);
    assertEquals(Optional.empty(), after(20, true, true, true, 0));
    assertEquals(Optional.of("made no progress for 21.0 s"), after(1, true, true, true, 0));
  }

  @Test
  void aServerThatStoodStillItselfBlamesNobody() {
    assertEquals(Optional.empty(), after(5, true, true, true, 0));
    now += 600 * SECOND; // suspended
    assertEquals(Optional.empty(), detector.check(now, true, true, () -> cpu));
    assertEquals(Optional.empty(), after(20, true, true, true, 0));
  }

  /** Checks once a second, with or without a heartbeat, on {@code cores} busy cores. */
  private Optional<String> after(
      int seconds, boolean asked, boolean waiting, boolean beating, int cores) {
    Optional<String> hang = Optional.empty();
    for (int i = 0; i < seconds && hang.isEmpty(); i++) {
      now += SECOND;
      cpu += cores * SECOND;
      if (beating) {
        detector.heard(now);
      }
      hang = detector.check(now, asked, waiting, () -> cpu);
    }
    return hang;
  }
}
