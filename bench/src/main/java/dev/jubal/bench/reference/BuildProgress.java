package dev.jubal.bench.reference;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows how far a build is, from what make ({@code [ 12%]}) or ninja ({@code [3/210]}) print: one
 * line that is drawn over on a terminal, else a line for each tenth.
 */
final class BuildProgress implements Consumer<String> {
  private static final Pattern PERCENT = Pattern.compile("^\\[\\s*(\\d+)%]");
  private static final Pattern STEPS = Pattern.compile("^\\[(\\d+)/(\\d+)]");
  private static final int TENTH = 10;

  private final String what;
  private final PrintStream out;
  private final boolean terminal;
  private final long started = System.nanoTime();
  private int shown = -1;

  BuildProgress(String what, PrintStream out, boolean terminal) {
    this.what = what;
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void accept(String line) {
    int percent = percent(line);
    if (percent < 0 || percent <= shown) {
      return;
    }
    if (terminal) {
      out.print("\r" + what + ": " + percent + " %" + left(percent) + "        ");
      out.flush();
      shown = percent;
    } else if (percent / TENTH > shown / TENTH || shown < 0) {
      out.println("  " + what + ": " + percent + " %" + left(percent));
      shown = percent;
    }
  }

  /** Ends the line that was drawn over. */
  void end() {
    if (terminal && shown >= 0) {
      out.println();
    }
  }

  static int percent(String line) {
    Matcher percent = PERCENT.matcher(line);
    if (percent.find()) {
      return Integer.parseInt(percent.group(1));
    }
    Matcher steps = STEPS.matcher(line);
    if (steps.find()) {
      return (int)
          (100L * Integer.parseInt(steps.group(1)) / Math.max(1, Integer.parseInt(steps.group(2))));
    }
    return -1;
  }

  private String left(int percent) {
    Duration spent = Duration.ofNanos(System.nanoTime() - started);
    if (percent < 3 || spent.toSeconds() < 5) {
      return "";
    }
    long seconds = spent.toSeconds() * (100 - percent) / percent;
    return seconds >= 90
        ? ", about " + (seconds + 30) / 60 + " min left"
        : ", about " + seconds + " s left";
  }
}
