package dev.jubal.llama.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Recorder;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real engine dies in the middle of its work. */
@Timeout(300)
final class WorkerCrashTest {

  @ParameterizedTest
  @CsvSource({
    "KILL, 20, signal 9 (SIGKILL)",
    "SEGV, 20, SIGSEGV",
    "ABRT, 20, signal 6 (SIGABRT)",
    "STOP, 5, gave no sign of life"
  })
  void runningRequestsFailAndWaitingOnesAreAnswered(String signal, int watchdog, String reason)
      throws Exception {
    WorkerSettings settings = WorkerSettings.standard().withWatchdog(Duration.ofSeconds(watchdog));
    try (WorkerEngine engine = WorkerEngine.open(Artefacts.options(3, 512), settings)) {
      List<Recorder> running = IntStream.range(0, 3).mapToObj(i -> new Recorder()).toList();
      running.forEach(listener -> engine.submit(request("Talk for ever.", 480), listener));
      running.forEach(Recorder::awaitText);
      List<Recorder> waiting = IntStream.range(0, 5).mapToObj(i -> new Recorder()).toList();
      waiting.forEach(listener -> engine.submit(request("Hello", 4), listener));
      long pid = engine.workerPid();
      assertTrue(pid > 0, "no worker"); // kill 0 would mean the whole process group
      assertEquals(
          0, new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor());
      for (Recorder listener : running) {
        EngineFailure failure = listener.failure();
        assertEquals(Kind.CRASHED, failure.kind());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(reason), message);
      }
      for (Recorder listener : waiting) {
        assertEquals(4, listener.answered().counts().completion());
      }
      assertEquals(1, engine.stats().restarts());
      assertTrue(engine.stats().completionTokens() >= 20);
    }
  }

  private static EngineRequest request(String text, int maxTokens) {
    return new EngineRequest(
        List.of(new Segment(text, false)),
        Sampling.greedy(),
        1,
        new EngineRequest.Limits(maxTokens, List.of(), true),
        -1);
  }
}
