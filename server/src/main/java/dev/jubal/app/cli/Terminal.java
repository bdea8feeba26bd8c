package dev.jubal.app.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where commands write.
 *
 * @param out a command's result, nothing else
 * @param err everything a person reads besides
 * @param interactive whether a person watches {@code err}, so that a line may be drawn over
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive) {

  /** The streams of this process. */
  public static Terminal ofProcess() {
    // The JVM cannot tell of standard error alone; the launcher asks the shell.
    boolean interactive =
        Boolean.getBoolean("jubal.interactive") && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        interactive);
  }

  void note(String line) {
    err.println(line);
  }
}
