package dev.jubal.inference.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TurnsTest {
  private static final Duration NOW = Duration.ZERO;

  @Test
  void aTeamHasHalfAndLeavesTheRestToOthers() throws Exception {
    Turns turns = new Turns(4);
    assertTrue(turns.begin("a", NOW));
    assertTrue(turns.begin("a", NOW));
    assertFalse(turns.begin("a", NOW));
    assertTrue(turns.begin("b", NOW));
    assertTrue(turns.begin("c", NOW));
    assertFalse(turns.begin("d", NOW), "all are taken");
    turns.end("a");
    assertTrue(turns.begin("d", NOW));
  }

  @Test
  void whereThereIsOneATeamMayHaveIt() throws Exception {
    Turns turns = new Turns(1);
    assertTrue(turns.begin("a", NOW));
    assertFalse(turns.begin("b", NOW));
    turns.end("a");
    assertTrue(turns.begin("b", NOW));
  }

  @Test
  void nothingIsKeptOfATeamThatIsDone() throws Exception {
    Turns turns = new Turns(2);
    assertTrue(turns.begin("a", NOW));
    assertFalse(turns.begin("a", NOW));
    assertEquals(1, turns.teams());
    turns.end("a");
    assertEquals(0, turns.teams());
  }

  @Test
  void whoWaitsGetsTheTurnOfWhoEnds() throws Exception {
    Turns turns = new Turns(1);
    assertTrue(turns.begin("a", NOW));
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (turns.begin("a", Duration.ofSeconds(20))) {
                      turns.end("a");
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    turns.end("a");
    waiting.join();
    assertEquals(0, turns.teams());
  }
}
