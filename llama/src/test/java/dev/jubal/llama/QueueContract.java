package dev.jubal.llama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Engine} does with requests that wait, on one slot of the real library. */
@Timeout(300)
public abstract class QueueContract {
  private static final int SIZE = 4;

  private final List<String> order = new ArrayList<>();
  private Engine engine;
  private Recorder running;
  private Engine.Ticket ticket;

  /** Opens an engine of the kind under test. */
  protected abstract Engine open(EngineOptions options);

  @BeforeEach
  void fill() {
    EngineOptions all = Artefacts.options(1, 512);
    engine =
        open(
            new EngineOptions(
                all.library(), all.model(), 1, 512, 1, all.device(), SIZE, Duration.ofMinutes(5)));
    running = new Recorder();
    ticket = engine.submit(request("a", "flood", 480, false), running);
    running.awaitText();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static EngineRequest request(String team, String key, int tokens, boolean background) {
    return new EngineRequest(
            List.of(new Segment("Talk.", false)),
            Sampling.greedy(),
            1,
            new EngineRequest.Limits(tokens, List.of(), true),
            -1)
        .withShare(new Share(team, key, "", 1, background));
  }

  private Recorder waiting(String team, String key) {
    Recorder recorder = new Recorder();
    engine.submit(request(team, key, 2, false), recorder);
    return recorder;
  }

  @Test
  void whoWaitsIsToldItsPlace() {
    assertEquals(List.of(), running.positions());
    Recorder first = waiting("a", "flood");
    Recorder second = waiting("a", "flood");
    Recorder.until("places", () -> second.positions().equals(List.of(2)));
    Recorder.until("a place", () -> first.positions().equals(List.of(1)));
    Recorder other = waiting("b", "single");
    Recorder.until("a place", () -> other.positions().equals(List.of(1)));
    Recorder.until("a new place", () -> first.positions().equals(List.of(1, 2)));
    Recorder.until("a new place", () -> second.positions().equals(List.of(2, 3)));
    ticket.cancel();
    for (Recorder recorder : List.of(first, second, other)) {
      recorder.answered();
    }
  }

  @Test
  void theKeyThatHadLessIsNext() throws InterruptedException {
    List<Recorder> flood = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      flood.add(named("flood " + i, "a", "flood"));
    }
    Recorder single = named("single", "a", "single");
    Recorder.until("places", () -> !single.positions().isEmpty());
    ticket.cancel();
    single.answered();
    flood.forEach(Recorder::answered);
    synchronized (order) {
      assertEquals(List.of("single", "flood 0", "flood 1", "flood 2"), order);
    }
  }

  private Recorder named(String name, String team, String key) {
    Recorder recorder = new Recorder();
    engine.submit(request(team, key, 30, false), recorder);
    Thread.ofVirtual()
        .start(
            () -> {
              recorder.awaitStarted();
              synchronized (order) {
                order.add(name);
              }
            });
    return recorder;
  }

  @Test
  void aFullQueueMakesRoomForWhoHasLess() {
    List<Recorder> flood = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      flood.add(waiting("a", "flood"));
    }
    Recorder refused = waiting("a", "flood");
    assertEquals(Kind.OVERLOADED, refused.failure().kind());
    Recorder single = waiting("a", "single");
    assertEquals(Kind.OVERLOADED, flood.get(SIZE - 1).failure().kind());
    assertFalse(single.isDone());
    ticket.cancel();
    single.answered();
    flood.subList(0, SIZE - 1).forEach(Recorder::answered);
  }

  @Test
  void whoLeavesWhileWaitingFreesItsPlaceAtOnce() {
    List<Engine.Ticket> tickets = new ArrayList<>();
    List<Recorder> left = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      Recorder recorder = new Recorder();
      left.add(recorder);
      tickets.add(engine.submit(request("a", "flood", 2, false), recorder));
    }
    tickets.forEach(Engine.Ticket::cancel);
    for (Recorder recorder : left) {
      assertEquals(0, recorder.answered().counts().completion());
    }
    assertFalse(running.isDone());
    assertEquals(0, engine.stats().queued());
    Recorder next = waiting("a", "flood");
    Recorder.until("a place", () -> next.positions().equals(List.of(1)));
    ticket.cancel();
    next.answered();
    assertEquals(FinishReason.CANCELLED, running.answered().reason(0));
  }

  @Test
  void backgroundWaitsForTheOthers() {
    Recorder background = new Recorder();
    engine.submit(request("b", "batch", 2, true), background);
    Recorder.until("a place", () -> background.positions().equals(List.of(1)));
    Recorder interactive = waiting("a", "flood");
    Recorder.until("a place", () -> interactive.positions().equals(List.of(1)));
    ticket.cancel();
    interactive.answered();
    background.answered();
    assertTrue(background.positions().contains(1));
  }
}
