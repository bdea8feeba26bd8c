package dev.jubal.bench.ledger;

import java.util.Locale;

/** How far something is: drawn over on a terminal, else a line for each tenth. */
final class Bar {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 200_000_000;

  private final String what;
  private final long total;
  private final boolean interactive = Boolean.getBoolean("jubal.interactive");
  private final long start = System.nanoTime();
  private long drawn;
  private long tenth;

  Bar(String what, long total) {
    this.what = what;
    this.total = total;
  }

  void at(long done) {
    long now = System.nanoTime();
    if (interactive && (now - drawn > REDRAW_NANOS || done == total)) {
      drawn = now;
      int full = (int) (WIDTH * done / total);
      System.err.print(
          "\r  "
              + what
              + " ["
              + "#".repeat(full)
              + ".".repeat(WIDTH - full)
              + "] "
              + text(done, now)
              + (done == total ? "\n" : ""));
    } else if (!interactive && (10 * done / total > tenth || done == total)) {
      tenth = 10 * done / total;
      System.err.println("  " + what + " " + text(done, now));
    }
  }

  private String text(long done, long now) {
    double seconds = Math.max(1e-3, (now - start) / 1e9);
    return String.format(
        Locale.ROOT,
        "%3d %%  %,d of %,d  %,.0f/s  %,.0f s",
        100 * done / total,
        done,
        total,
        done / seconds,
        seconds);
  }
}
