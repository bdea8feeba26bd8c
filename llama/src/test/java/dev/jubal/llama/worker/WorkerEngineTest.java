package dev.jubal.llama.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Recorder;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything around the engine, with real processes and an engine that needs no model. */
@Timeout(120)
final class WorkerEngineTest {
  private static final WorkerSettings SETTINGS =
      new WorkerSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          3,
          Duration.ofMinutes(1),
          Duration.ofSeconds(1),
          List.of());

  private final List<WorkerEngine> open = new ArrayList<>();

  @AfterEach
  void closeAll() {
    open.forEach(WorkerEngine::close);
  }

  @Test
  void tellsTheSameAsTheEngineInTheWorker() throws Exception {
    WorkerEngine engine = open("model", 2, SETTINGS);
    Recorder recorder = new Recorder();
    engine.submit(request("say", 40), recorder);
    assertEquals(String.join(" ", numbers(40)) + " ", recorder.answered().text());
    assertEquals(FinishReason.LENGTH, recorder.reason(0));
    assertEquals(40, recorder.answered().counts().completion());
    assertEquals("scripted", engine.info().description());
    assertArrayEquals(
        new int[] {'h', 'é', '!'},
        engine.tokenize(List.of(new Segment("hé", false), new Segment("!", true))));
    assertEquals(2, engine.pieces(new int[] {'h', 'é'}).get(1).length);
    assertEquals(40, engine.stats().completionTokens());
  }

  @Test
  void aSlowListenerHoldsUpNoOtherAndIsHeldUpItself() throws Exception {
    WorkerEngine engine = open("model", 2, SETTINGS);
    Semaphore permits = new Semaphore(2);
    Recorder slow = new Recorder(permits);
    engine.submit(request("say", 1000), slow);
    slow.awaitText();
    Recorder quick = new Recorder();
    engine.submit(request("say", 500), quick);
    assertEquals(500, quick.answered().counts().completion());
    assertEquals(2, slow.events());
    // The window and one more: what the slot may be ahead of its listener.
    assertTrue(engine.stats().completionTokens() - 500 <= RemoteRequest.WINDOW + 2);
    permits.release(1 << 20);
    assertEquals(1000, slow.answered().counts().completion());
  }

  @Test
  void cancelEndsARequestThatNobodyReads() throws Exception {
    WorkerEngine engine = open("model", 1, SETTINGS);
    Semaphore permits = new Semaphore(2);
    Recorder recorder = new Recorder(permits);
    var ticket = engine.submit(request("say", 1_000_000), recorder);
    recorder.awaitText();
    ticket.cancel();
    Recorder next = new Recorder();
    engine.submit(request("say", 3), next);
    assertEquals("0 1 2 ", next.answered().text());
    permits.release(1 << 20);
    assertEquals(FinishReason.CANCELLED, recorder.answered().reason(0));
  }

  @Test
  void aCrashFailsTheRunningAndMovesTheWaiting() throws Exception {
    WorkerEngine engine = open("model", 2, SETTINGS);
    List<Recorder> running = List.of(new Recorder(), new Recorder());
    running.forEach(recorder -> engine.submit(request("slow", 1_000_000), recorder));
    for (Recorder recorder : running) {
      recorder.awaitText();
    }
    List<Recorder> waiting = recorders(6);
    waiting.forEach(recorder -> engine.submit(request("say", 5), recorder));
    engine.tokenize(List.of(new Segment("x", false))); // all of them have arrived by now
    long killed = System.nanoTime();
    signal("KILL", engine.workerPid());
    for (Recorder recorder : running) {
      EngineFailure failure = recorder.failure();
      assertEquals(Kind.CRASHED, failure.kind());
      assertSays("signal 9 (SIGKILL)", failure);
      assertTrue(System.nanoTime() - killed < TimeUnit.MILLISECONDS.toNanos(500));
    }
    for (Recorder recorder : waiting) {
      assertEquals("0 1 2 3 4 ", recorder.answered().text());
    }
    assertEquals(1, engine.stats().restarts());
  }

  @Test
  void aWorkerThatStandsStillIsReplaced() throws Exception {
    WorkerEngine engine = open("model", 1, SETTINGS.withWatchdog(Duration.ofMillis(400)));
    Recorder running = new Recorder();
    engine.submit(request("slow", 1_000_000), running);
    running.awaitText();
    Recorder waiting = new Recorder();
    engine.submit(request("say", 2), waiting);
    signal("STOP", engine.workerPid());
    assertSays("gave no sign of life", running.failure());
    assertEquals("0 1 ", waiting.answered().text());
  }

  @Test
  void aDecodeLoopThatHangsIsSeenBehindItsHeartbeat() throws Exception {
    WorkerEngine engine = open("model", 1, SETTINGS.withWatchdog(Duration.ofMillis(400)));
    Recorder hanging = new Recorder();
    engine.submit(request("hang", 2), hanging);
    EngineFailure failure = hanging.failure();
    assertEquals(Kind.CRASHED, failure.kind());
    assertSays("made no progress", failure);
  }

  @Test
  void aListenerThatReadsNothingIsNoHang() throws Exception {
    WorkerEngine engine = open("model", 1, SETTINGS.withWatchdog(Duration.ofMillis(200)));
    Semaphore permits = new Semaphore(2);
    Recorder slow = new Recorder(permits);
    engine.submit(request("say", 100), slow);
    slow.awaitText();
    long pid = engine.workerPid();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    while (System.nanoTime() < end) {
      engine.stats();
      assertEquals(pid, engine.workerPid());
    }
    permits.release(1 << 20);
    assertEquals(100, slow.answered().counts().completion());
  }

  @Test
  void repeatedCrashesEndInARefusalUntilTheCoolDown() throws Exception {
    WorkerEngine engine = open("model", 1, SETTINGS);
    Recorder first = new Recorder();
    engine.submit(request("crash", 1), first); // crashes before it has started: moves once
    assertEquals(Kind.CRASHED, first.failure().kind());
    Recorder second = new Recorder();
    engine.submit(request("crash", 1), second);
    assertEquals(Kind.CRASHED, second.failure().kind());
    Recorder refused = new Recorder();
    engine.submit(request("say", 1), refused);
    assertSays("crashed 4 times within 60 s", refused.failure());
    assertSays("signal 11 (SIGSEGV)", refused.failure());
    Recorder.until(
        "a worker after the cool-down",
        () -> {
          Recorder later = new Recorder();
          engine.submit(request("say", 1), later);
          return later.await().text().equals("0 ");
        });
  }

  @Test
  void aModelThatCannotBeLoadedSaysWhy() {
    EngineFailure bad = loadFailure("bad.gguf", SETTINGS);
    assertEquals("bad.gguf: invalid magic", bad.getMessage());
    EngineFailure dying = loadFailure("dying.gguf", SETTINGS);
    assertSays("signal 6 (SIGABRT)", dying);
    assertSays("assertion failed: n > 0", dying);
    WorkerSettings impatient =
        new WorkerSettings(
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            3,
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            List.of());
    EngineFailure stuck = loadFailure("stuck.gguf", impatient);
    assertSays("not loaded within 1 s", stuck);
  }

  @Test
  void signalsToTheGroupDoNotEndTheWorkerButItsServersEndDoes() throws Exception {
    WorkerEngine engine = open("model", 1, SETTINGS);
    ProcessHandle worker = ProcessHandle.of(engine.workerPid()).orElseThrow();
    signal("TERM", worker.pid());
    signal("INT", worker.pid());
    Recorder recorder = new Recorder();
    engine.submit(request("say", 3), recorder);
    assertEquals("0 1 2 ", recorder.answered().text());
    engine.close();
    worker.onExit().get(10, TimeUnit.SECONDS);
    assertEquals(0, engine.stats().restarts());
  }

  @Test
  void theWorkerDiesWithAServerThatIsKilled() throws Exception {
    ProcessBuilder line =
        WorkerCommand.standard(ServerToKill.class, List.of()).process(Path.of("unused"));
    line.command().set(line.command().indexOf("-cp") + 1, System.getProperty("java.class.path"));
    Process server = line.start();
    long pid =
        Long.parseLong(
            server
                .inputReader()
                .lines()
                .filter(l -> l.startsWith("worker "))
                .findFirst()
                .orElseThrow()
                .substring(7));
    ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
    server.destroyForcibly();
    worker.onExit().get(10, TimeUnit.SECONDS);
    assertFalse(worker.isAlive());
  }

  @Test
  void closeEndsEverything() throws Exception {
    WorkerEngine engine = open("model", 1, SETTINGS);
    Recorder running = new Recorder();
    engine.submit(request("slow", 1_000_000), running);
    running.awaitText();
    Recorder waiting = new Recorder();
    engine.submit(request("say", 1), waiting);
    engine.close();
    assertEquals(Kind.CLOSED, running.failure().kind());
    assertEquals(Kind.CLOSED, waiting.failure().kind());
    Recorder late = new Recorder();
    engine.submit(request("say", 1), late);
    assertEquals(Kind.CLOSED, late.failure().kind());
    EngineFailure failure = assertThrows(EngineFailure.class, () -> engine.tokenize(List.of()));
    assertEquals(Kind.CLOSED, failure.kind());
  }

  @Test
  void aCrashKeepsTheOrderOfThoseWhoWait() throws Exception {
    WorkerEngine engine = open("model", 1, SETTINGS);
    Recorder running = new Recorder();
    engine.submit(request("slow", 1_000_000), running);
    running.awaitText();
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Recorder> waiting = recorders(6);
    List<Thread> watchers = new ArrayList<>();
    for (int i = 0; i < waiting.size(); i++) {
      int number = i;
      engine.submit(request("slow", 30), waiting.get(i));
      watchers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    waiting.get(number).awaitStarted();
                    order.add(number);
                  }));
    }
    engine.tokenize(List.of(new Segment("x", false))); // all of them have arrived by now
    signal("KILL", engine.workerPid());
    for (Recorder recorder : waiting) {
      recorder.answered();
    }
    for (Thread watcher : watchers) {
      watcher.join();
    }
    assertEquals(List.of(0, 1, 2, 3, 4, 5), order);
  }

  private static void assertSays(String part, EngineFailure failure) {
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(part), message);
  }

  private EngineFailure loadFailure(String model, WorkerSettings settings) {
    EngineFailure failure = assertThrows(EngineFailure.class, () -> open(model, 1, settings));
    assertEquals(Kind.LOAD_FAILED, failure.kind());
    return failure;
  }

  private WorkerEngine open(String model, int slots, WorkerSettings settings) {
    WorkerEngine engine = scripted(model, slots, settings);
    open.add(engine);
    return engine;
  }

  static WorkerEngine scripted(String model, int slots, WorkerSettings settings) {
    EngineOptions options =
        new EngineOptions(
            Path.of("lib"), Path.of(model), slots, 0, 0, "auto", 8, Duration.ofMinutes(1));
    WorkerCommand command = WorkerCommand.standard(ScriptedWorker.class, List.of());
    return WorkerEngine.open(options, settings, command);
  }

  static EngineRequest request(String prompt, int maxTokens) {
    return new EngineRequest(
        List.of(new Segment(prompt, false)),
        Sampling.greedy(),
        1,
        new EngineRequest.Limits(maxTokens, List.of(), false),
        -1);
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    assertNotEquals(0, pid);
    assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
  }

  private static List<Recorder> recorders(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Recorder()).toList();
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  /** A server to be killed: prints the pid of its worker, then stays. */
  static final class ServerToKill {
    private ServerToKill() {}

    public static void main(String[] args) {
      WorkerEngine engine = scripted("model", 1, SETTINGS);
      System.out.println("worker " + engine.workerPid());
      java.util.concurrent.locks.LockSupport.park();
    }
  }
}
