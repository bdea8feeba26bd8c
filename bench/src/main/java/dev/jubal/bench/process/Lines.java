package dev.jubal.bench.process;

import dev.jubal.platform.artifact.Progress;
import java.io.PrintStream;

/** The progress of a download as lines: what begins, and what the user's own client says. */
public final class Lines implements Progress {
  private final PrintStream out;

  public Lines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(String what, long totalBytes) {
    note(what);
  }

  @Override
  public void at(long bytes) {
    // the client draws its own progress
  }

  @Override
  public void end() {
    // the next line tells
  }

  @Override
  public void note(String line) {
    out.println("  " + line);
  }
}
