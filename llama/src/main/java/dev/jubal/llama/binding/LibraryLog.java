package dev.jubal.llama.binding;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What the library says. The last warnings and errors are kept, so that a failed load can tell its
 * reason; everything goes to the listener. Thread-safe: the library logs from its own threads too.
 */
final class LibraryLog {
  private static final int KEPT = 12;
  private static final int LEVEL_WARN = 3;
  private static final int LEVEL_ERROR = 4;
  private static final int LEVEL_CONTINUED = 5;

  private final Consumer<String> listener;
  private final ArrayDeque<String> kept = new ArrayDeque<>();
  private final StringBuilder line = new StringBuilder();
  private int level;

  LibraryLog(Consumer<String> listener) {
    this.listener = listener;
  }

  /** Called by the library (an upcall: whatever it throws would end the process). */
  void write(int level, MemorySegment text, MemorySegment ignored) {
    try {
      append(level, Library.text(text));
    } catch (RuntimeException e) {
      // A log line is not worth the process.
      return;
    }
  }

  private synchronized void append(int newLevel, String text) {
    if (newLevel != LEVEL_CONTINUED) {
      level = newLevel;
    }
    line.append(text);
    if (text.endsWith("\n")) {
      end(line.toString().strip());
      line.setLength(0);
    }
  }

  private void end(String said) {
    if (said.isEmpty()) {
      return;
    }
    if (level == LEVEL_WARN || level == LEVEL_ERROR) {
      kept.addLast(said);
      if (kept.size() > KEPT) {
        kept.removeFirst();
      }
    }
    listener.accept(said);
  }

  /** Forgets what was kept, before an act whose failure is to be explained. */
  synchronized void clear() {
    kept.clear();
  }

  /** Warnings and errors since {@link #clear}, or a dash. */
  synchronized String reason() {
    return kept.isEmpty() ? "the library gave no reason" : String.join("; ", kept);
  }
}
