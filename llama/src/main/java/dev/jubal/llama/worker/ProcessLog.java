package dev.jubal.llama.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes what a worker prints on to the log, and remembers its last lines. Thread-safe. */
final class ProcessLog {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLog.class);
  private static final String EXPECTED = "WARNING: Using incubator modules";
  private static final int KEPT = 20;
  private static final int LONGEST = 400;

  private final ArrayDeque<String> tail = new ArrayDeque<>();
  private final String prefix;
  private final Thread thread;

  ProcessLog(Process process, String model) {
    this.prefix = "[" + model + " " + process.pid() + "] ";
    BufferedReader output = process.inputReader();
    this.thread =
        Thread.ofPlatform().daemon().name("worker-log-" + process.pid()).start(() -> pump(output));
  }

  /** The last lines, oldest first, once the process has ended and all was read. */
  List<String> tail() throws InterruptedException {
    thread.join(200);
    synchronized (tail) {
      return List.copyOf(tail);
    }
  }

  private void pump(BufferedReader output) {
    try (output) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (!line.isBlank() && !line.startsWith(EXPECTED)) {
          keep(line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...");
        }
      }
    } catch (IOException e) {
      LOG.debug("{}output ended: {}", prefix, e.toString());
    }
  }

  private void keep(String line) {
    LOG.info("{}{}", prefix, line);
    synchronized (tail) {
      if (tail.size() == KEPT) {
        tail.removeFirst();
      }
      tail.addLast(line);
    }
  }
}
