package dev.jubal.inference.work;

import java.util.Locale;

/** What work is for. */
public enum WorkKind {
  /** Its answer is collected later, whole. */
  DEFERRED,
  /** A client follows it, and may come back to it; it ends a while after nobody did. */
  STREAM,
  /** It runs to its end whether followed or not. */
  BACKGROUND;

  /** The name in the table and in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static WorkKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** Whether it gives way to every request whose client waits. */
  boolean background() {
    return this != STREAM;
  }

  /** Whether its events can be followed, so that each is stored before it is shown. */
  boolean followed() {
    return this != DEFERRED;
  }
}
