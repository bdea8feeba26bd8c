package dev.jubal.app.cli;

import dev.jubal.platform.artifact.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows transfers: a bar that is drawn over on a terminal, else a line for each tenth. */
public final class ConsoleProgress implements Progress {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String ERASE = "\r\033[K";

  private final PrintWriter out;
  private final boolean interactive;
  private String what = "";
  private long total = -1;
  private long started;
  private long startBytes = -1;
  private long drawn;
  private long bytes;
  private int tenth;
  private boolean open;

  public ConsoleProgress(Terminal terminal) {
    this.out = terminal.err();
    this.interactive = terminal.interactive();
  }

  @Override
  public void begin(String name, long totalBytes) {
    if (!open || !name.equals(what)) {
      what = name;
      tenth = 0;
      bytes = 0;
    }
    total = totalBytes;
    open = true;
    startBytes = -1;
    started = System.nanoTime();
    drawn = 0;
  }

  @Override
  public void at(long done) {
    bytes = done;
    if (startBytes < 0) {
      startBytes = done;
    }
    if (interactive) {
      long now = System.nanoTime();
      if (now - drawn >= REDRAW_NANOS) {
        drawn = now;
        draw();
      }
    } else if (total > 0 && done * 10 / total > tenth) {
      tenth = (int) (done * 10 / total);
      out.println(what + ": " + tenth * 10 + " % of " + size(total));
    }
  }

  @Override
  public void end() {
    if (open && interactive) {
      draw();
      out.println();
    }
    open = false;
  }

  @Override
  public void note(String line) {
    if (open && interactive) {
      out.print(ERASE);
    }
    out.println(line);
  }

  private void draw() {
    StringBuilder line = new StringBuilder(ERASE);
    if (total > 0) {
      int full = (int) Math.min(WIDTH, bytes * WIDTH / total);
      line.append('[').append("#".repeat(full)).append("-".repeat(WIDTH - full)).append("] ");
    }
    line.append(size(bytes));
    if (total > 0) {
      line.append(" of ").append(size(total));
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    if (seconds > 0.5) {
      line.append("  ").append(size((long) ((bytes - startBytes) / seconds))).append("/s");
    }
    out.print(line.append("  ").append(what));
    out.flush();
  }

  /** Bytes as a person reads them, in powers of ten, as files are sold. */
  static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = -1;
    do {
      value /= 1000;
      unit++;
    } while (value >= 999.5 && unit < units.length - 1);
    return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
  }
}
