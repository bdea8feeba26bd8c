package dev.jubal.llama.scheduler;

import static dev.jubal.llama.Requests.endless;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Recorder;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tokens guessed from what stood before. */
final class ForesightTest {
  private static final List<Segment> LIST =
      List.of(new Segment("red, green, blue, white, black, ".repeat(5) + "red, green,", false));

  @Test
  void guessesWhatFollowedTheLastTime() {
    Foresight foresight = new Foresight();
    int[] tokens = {1, 2, 3, 4, 5, 6, 9, 1, 2, 3, 7, 8, 1, 2, 3, 0, 0};
    foresight.look(tokens, 15);
    assertEquals(5, foresight.guessed());
    assertEquals(7, foresight.guess(0));
    assertEquals(8, foresight.guess(1));
    foresight.look(tokens, 6);
    assertEquals(0, foresight.guessed());
    foresight.look(tokens, 2);
    assertEquals(0, foresight.guessed());
  }

  @Test
  void computesAheadOnlyWhereItPays() {
    Foresight foresight = new Foresight();
    int[] tokens = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3};
    foresight.look(tokens, 12);
    assertEquals(0, foresight.worth(0.45));
    for (int i = 0; i < 20; i++) {
      assertTrue(foresight.came(0, 4));
    }
    assertTrue(foresight.worth(0.45) >= 2, "worth: " + foresight.worth(0.45));
    assertEquals(0, foresight.worth(1));
    for (int i = 0; i < 10; i++) {
      foresight.came(0, 5);
    }
    assertEquals(0, foresight.worth(0.45));
  }

  @Test
  void learnsWhatATokenCosts() {
    Pace pace = new Pace();
    for (int i = 0; i < 50; i++) {
      pace.step(1 + i % 4, 6_000_000 + 2_000_000L * (i % 4));
      pace.step(512, 900_000_000);
    }
    assertEquals(1 / 3.0, pace.price(), 0.01);
  }

  /** An answer is the same alone, with guesses, and among others, without them. */
  @Test
  void theTextIsThatOfStepByStep() {
    try (Engine engine = SlotEngine.open(Artefacts.options(4, 512))) {
      for (Sampling sampling :
          List.of(Sampling.greedy(), new Sampling(0.4f, 0.9f, 0, 0, 0, 0, Map.of(), 5))) {
        EngineRequest request = list(96, sampling);
        run(engine, list(1, sampling));
        long before = engine.stats().decodeSteps();
        String alone = run(engine, request).text();
        long steps = engine.stats().decodeSteps() - before;
        assertTrue(steps < 90, steps + " steps for 96 tokens: " + alone);
        Recorder other = new Recorder();
        Engine.Ticket ticket = engine.submit(endless("Talk about the sea.", 400), other);
        other.awaitText();
        String busy = run(engine, request).text();
        ticket.cancel();
        other.answered();
        assertEquals(alone, busy, sampling.toString());
      }
    }
  }

  private static EngineRequest list(int tokens, Sampling sampling) {
    EngineRequest.Limits limits = new EngineRequest.Limits(tokens, List.of(), true);
    return new EngineRequest(LIST, sampling, 1, limits, -1);
  }

  private static Recorder run(Engine engine, EngineRequest request) {
    Recorder recorder = new Recorder();
    engine.submit(request, recorder);
    return recorder.answered();
  }
}
