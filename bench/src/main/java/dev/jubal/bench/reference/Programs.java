package dev.jubal.bench.reference;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Runs programs to their end. */
final class Programs {
  private static final int LAST_LINES = 20;

  private Programs() {}

  /**
   * Runs a command line in a folder; {@code listener} gets each line it prints.
   *
   * @throws IOException with its last lines, if it ends with another status than 0
   */
  static void run(List<String> command, Path folder, Consumer<String> listener)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    Thread hook = new Thread(process::destroy, "end-" + process.pid());
    Runtime.getRuntime().addShutdownHook(hook);
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      process.getOutputStream().close();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        listener.accept(line);
        last.addLast(line);
        if (last.size() > LAST_LINES) {
          last.removeFirst();
        }
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(
            String.join(" ", command)
                + " ended with "
                + status
                + " (expected: 0). It said:\n"
                + String.join("\n", last));
      }
    } finally {
      process.destroy();
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
