package dev.jubal.llama.scheduler;

import static dev.jubal.llama.Requests.endless;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The threads a step computes with are there before it. Without a pool of its own the library makes
 * new ones at each step, which on busy cores costs five sixths of the speed.
 */
@EnabledOnOs(OS.LINUX)
final class ThreadsTest {
  private static final Path TASKS = Path.of("/proc/self/task");

  /** Native threads have the name of the thread that made them. */
  @Test
  void stepsMakeNoThreads() throws IOException {
    try (SlotEngine engine = SlotEngine.open(Artefacts.options(1, 256, 2))) {
      Recorder answer = new Recorder();
      engine.submit(endless("Talk.", 24), answer);
      answer.awaitText();
      Set<String> seen = new TreeSet<>();
      while (!answer.isDone()) {
        seen.addAll(namedAsTheLoop());
        LockSupport.parkNanos(500_000);
      }
      assertEquals(24, answer.answered().counts().completion());
      assertTrue(!seen.isEmpty(), "the loop's own thread was not seen");
      assertEquals(1, seen.size(), "threads of the loop: " + seen);
    }
  }

  private static Set<String> namedAsTheLoop() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> tasks = Files.list(TASKS)) {
      for (Path task : tasks.toList()) {
        try {
          if (Files.readString(task.resolve("comm")).startsWith("jubal-decode")) {
            found.add(String.valueOf(task.getFileName()));
          }
        } catch (NoSuchFileException ended) {
          found.remove(String.valueOf(task.getFileName()));
        }
      }
    }
    return found;
  }
}
