package dev.jubal.llama.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EngineHostTest {
  private static final long MIB = 1L << 20;

  @TempDir Path folder;
  private final AtomicLong available = new AtomicLong(1024 * MIB);
  private final AtomicInteger opened = new AtomicInteger();
  private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();

  @Test
  void manyWhoAskAtOnceWaitForOneLoad() throws Exception {
    EngineHost host = host(2);
    EngineOptions options = model("a");
    CyclicBarrier together = new CyclicBarrier(16);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Engine>> engines = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Callable<Engine> ask =
            () -> {
              together.await();
              try (Lease lease = host.use(options)) {
                return lease.engine();
              }
            };
        engines.add(threads.submit(ask));
      }
      for (Future<Engine> engine : engines) {
        assertSame(engines.getFirst().get(), engine.get());
      }
    }
    assertEquals(1, opened.get());
  }

  @Test
  void aSlowLoadHoldsUpNoOtherModel() throws Exception {
    CountDownLatch finish = new CountDownLatch(1);
    EngineHost host =
        new EngineHost(
            limits(2),
            options -> {
              if (options.model().endsWith("slow")) {
                awaitUninterruptibly(finish);
              }
              return open(options);
            },
            this::memory);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Lease> slow = threads.submit(() -> host.use(model("slow")));
      try (Lease quick = host.use(model("quick"))) {
        assertFalse(slow.isDone());
        assertEquals("quick", quick.engine().info().description());
      }
      finish.countDown();
      assertEquals("slow", slow.get().engine().info().description());
    }
  }

  @Test
  void theLeastRecentlyUsedIdleModelMakesPlace() throws Exception {
    EngineHost host = host(2);
    Engine a = useOnce(host, "a");
    Engine b = useOnce(host, "b");
    assertSame(a, useOnce(host, "a"));
    useOnce(host, "c");
    assertTrue(((FakeEngine) b).closed());
    assertFalse(((FakeEngine) a).closed());
    assertEquals(List.of("a", "c"), loaded(host));
  }

  @Test
  void aModelInUseIsNeverUnloaded() throws Exception {
    EngineHost host = host(1);
    Lease lease = host.use(model("a"));
    EngineFailure refused = assertThrows(EngineFailure.class, () -> host.use(model("b")));
    assertEquals(Kind.OVERLOADED, refused.kind());
    assertEquals("b has to wait: 1 models may be loaded and all are in use", refused.getMessage());
    assertFalse(host.unload(model("a")));
    lease.close();
    lease.close();
    useOnce(host, "b");
    assertTrue(((FakeEngine) lease.engine()).closed());
  }

  @Test
  void memoryThatIsTooSmallIsRefusedWithBothFiguresAndNothingUnloaded() throws Exception {
    EngineHost host = host(4);
    Engine small = useOnce(host, "small");
    available.set(200 * MIB);
    EngineFailure refused = assertThrows(EngineFailure.class, () -> host.use(model("large", 300)));
    assertEquals(Kind.LOAD_FAILED, refused.kind());
    String message = String.valueOf(refused.getMessage());
    assertTrue(
        message.matches(
            "large needs 4\\d\\d MiB \\(weights 301 MiB, cache 32 MiB, buffers \\d+ MiB\\) of"
                + " memory, \\d+ MiB are available"),
        message);
    assertFalse(((FakeEngine) small).closed());
    available.set(1024 * MIB);
    useOnce(host, model("large", 300)); // refused before it was tried, so not remembered
  }

  @Test
  void anIdleModelMakesRoomInMemory() throws Exception {
    EngineHost host = host(4);
    Engine first = useOnce(host, model("first", 400));
    Engine second = useOnce(host, model("second", 400));
    assertTrue(((FakeEngine) first).closed()); // together they exceed the machine's memory
    assertFalse(((FakeEngine) second).closed());
  }

  @Test
  void aFailedLoadIsRememberedShortlyAndTriedAgainLater() throws Exception {
    failures.put("a", new EngineFailure(Kind.LOAD_FAILED, "a: tensor missing"));
    EngineHost forgetful =
        new EngineHost(new HostLimits(1, 0, Duration.ZERO), this::open, this::memory);
    EngineHost host = host(1);
    for (EngineHost either : List.of(host, host, forgetful, forgetful)) {
      EngineFailure failure = assertThrows(EngineFailure.class, () -> either.use(model("a")));
      assertEquals("a: tensor missing", failure.getMessage());
    }
    assertEquals(3, opened.get()); // once by the first host, twice by the second
    failures.clear();
    useOnce(forgetful, "a");
    useOnce(host, "b"); // a failed model takes no place
  }

  @Test
  void aFailedLoadLeavesTheOthersAlone() throws Exception {
    failures.put("b", new IllegalStateException("on purpose"));
    EngineHost host = host(3);
    try (Lease a = host.use(model("a"))) {
      EngineFailure failure = assertThrows(EngineFailure.class, () -> host.use(model("b")));
      assertEquals(Kind.LOAD_FAILED, failure.kind());
      assertSame(a.engine(), useOnce(host, "a"));
      useOnce(host, "c");
      assertFalse(((FakeEngine) a.engine()).closed());
      assertEquals(List.of("a", "c"), loaded(host));
    }
  }

  @Test
  void unloadingThatTakesLongHoldsUpNoLoadedModel() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    EngineHost host =
        new EngineHost(
            limits(2),
            options ->
                new FakeEngine(String.valueOf(options.model().getFileName())) {
                  @Override
                  public void close() {
                    closing.countDown();
                    awaitUninterruptibly(closed);
                    super.close();
                  }
                },
            this::memory);
    useOnce(host, "a");
    Engine b = useOnce(host, "b");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Lease> third = threads.submit(() -> host.use(model("c")));
      closing.await();
      assertSame(b, useOnce(host, "b"));
      assertFalse(third.isDone());
      closed.countDown();
      assertEquals("c", third.get().engine().info().description());
    }
  }

  @Test
  void aBudgetCountsLikeTheMemoryOfASmallerMachine() throws Exception {
    EngineHost host =
        new EngineHost(limits(4), this::open, Memory.Gauge.within(500 * MIB, this::memory));
    Engine first = useOnce(host, model("first", 200));
    Engine second = useOnce(host, model("second", 200));
    assertTrue(((FakeEngine) first).closed());
    assertFalse(((FakeEngine) second).closed());
    EngineFailure refused = assertThrows(EngineFailure.class, () -> host.use(model("large", 600)));
    assertEquals(Kind.LOAD_FAILED, refused.kind());
  }

  @Test
  void aFileThatIsNoModelIsRefused() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "this is not a model");
    EngineFailure failure = assertThrows(EngineFailure.class, () -> host(1).use(options(text)));
    assertEquals(Kind.LOAD_FAILED, failure.kind());
    assertTrue(String.valueOf(failure.getMessage()).contains("GGUF"));
    EngineFailure missing =
        assertThrows(EngineFailure.class, () -> host(1).use(options(folder.resolve("none"))));
    assertTrue(String.valueOf(missing.getMessage()).contains("none"));
  }

  @Test
  void afterUnloadingAModelIsLoadedAfresh() throws Exception {
    EngineHost host = host(1);
    Engine before = useOnce(host, "a");
    assertTrue(host.unload(model("a")));
    assertFalse(host.unload(model("a")));
    assertNotSame(before, useOnce(host, "a"));
    host.close();
    EngineFailure failure = assertThrows(EngineFailure.class, () -> host.use(model("a")));
    assertEquals(Kind.CLOSED, failure.kind());
  }

  private Engine open(EngineOptions options) {
    opened.incrementAndGet();
    String name = String.valueOf(options.model().getFileName());
    RuntimeException failure = failures.get(name);
    if (failure != null) {
      throw failure;
    }
    return new FakeEngine(name);
  }

  private EngineHost host(int maxLoaded) {
    return new EngineHost(limits(maxLoaded), this::open, this::memory);
  }

  private static HostLimits limits(int maxLoaded) {
    return new HostLimits(maxLoaded, 0, Duration.ofMinutes(1));
  }

  private Memory memory() {
    return new Memory(1024 * MIB, available.get());
  }

  private static List<String> loaded(EngineHost host) {
    return host.loaded().stream().map(model -> model.info().description()).sorted().toList();
  }

  private Engine useOnce(EngineHost host, String name) throws IOException {
    return useOnce(host, model(name));
  }

  private static Engine useOnce(EngineHost host, EngineOptions options) {
    try (Lease lease = host.use(options)) {
      return lease.engine();
    }
  }

  private EngineOptions model(String name) throws IOException {
    return model(name, 1);
  }

  private EngineOptions model(String name, int mebibytes) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      new ModelFile()
          .text("general.architecture", "llama")
          .number("llama.context_length", 2048)
          .number("llama.block_count", 8)
          .number("llama.embedding_length", 512)
          .number("llama.attention.head_count", 8)
          .number("llama.attention.head_count_kv", 4)
          .number("llama.vocab_size", 2)
          .texts("tokenizer.ggml.tokens", "a", "b")
          .write(file, Math.toIntExact(mebibytes * MIB));
    }
    return options(file);
  }

  private EngineOptions options(Path file) {
    return new EngineOptions(folder, file, 2, 2048, 0, "auto", 8, Duration.ofMinutes(1));
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
