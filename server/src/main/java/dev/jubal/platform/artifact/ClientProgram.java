package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A package client of the user, run as the user set it up: own index, mirror, proxy, credentials.
 *
 * @param needs what to name when it is missing, with the line that installs it
 */
record ClientProgram(List<String> command, String needs) {
  private static final int LAST_LINES = 12;

  static ClientProgram npm() {
    return new ClientProgram(
        List.of("npm"), "Node with npm, for example: sudo apt-get install -y nodejs npm");
  }

  static ClientProgram pip() {
    return new ClientProgram(
        List.of("python3", "-m", "pip"),
        "Python 3 with pip, for example: sudo apt-get install -y python3 python3-pip");
  }

  /**
   * Runs it in {@code folder} and passes on, line by line, what it says.
   *
   * @throws ArtifactException {@link Kind#CLIENT} if it is missing or fails, with its last lines
   */
  void run(String what, Path folder, List<String> arguments, Progress progress) {
    List<String> line = new ArrayList<>(command);
    line.addAll(arguments);
    progress.note("fetching " + what + " with " + String.join(" ", command));
    Process process = start(what, folder, line);
    try {
      process.getOutputStream().close();
      Deque<String> last = listen(process, progress);
      int status = process.waitFor();
      if (status != 0) {
        throw failed(what, status, last);
      }
    } catch (IOException e) {
      throw new ArtifactException(
          Kind.CLIENT, what + ": " + command.getFirst() + ": " + Staging.reason(e) + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ArtifactException(Kind.CLIENT, what + ": interrupted.", e);
    } finally {
      process.destroy();
    }
  }

  private Process start(String what, Path folder, List<String> line) {
    try {
      return new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new ArtifactException(
          Kind.CLIENT,
          what + " needs " + command.getFirst() + ", which is missing (expected: " + needs + ").",
          e);
    }
  }

  private static Deque<String> listen(Process process, Progress progress) throws IOException {
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String said = reader.readLine(); said != null; said = reader.readLine()) {
        if (said.isBlank()) {
          continue;
        }
        progress.note(said);
        last.add(said);
        if (last.size() > LAST_LINES) {
          last.removeFirst();
        }
      }
    }
    return last;
  }

  private ArtifactException failed(String what, int status, Deque<String> last) {
    String said = String.join("\n", last);
    Kind kind = isFull(said) ? Kind.DISK : Kind.CLIENT;
    return new ArtifactException(
        kind,
        what
            + ": "
            + String.join(" ", command)
            + " ended with status "
            + status
            + " (expected: 0). Nothing was installed. It said:\n"
            + said);
  }

  private static boolean isFull(String said) {
    return said.contains("ENOSPC") || said.contains("No space left");
  }
}
